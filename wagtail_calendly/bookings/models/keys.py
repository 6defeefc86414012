"""Columns that the database derives for finding people: in small letters, indexed by how they begin."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, StrIndex, Substr


def name_from_word(number: int) -> Any:
    """The column that holds `name` from its first, second, third … word on; all of it where it has fewer."""
    rest: Combinable = F("name")
    for _ in range(1, number):
        rest = Substr(rest, StrIndex(rest, Value(" ")) + 1)
    return models.GeneratedField(
        expression=Lower(rest), output_field=models.CharField(max_length=255), db_persist=True
    )


def domain_of(column: str) -> Any:
    """The column that holds what follows the @ of a mail address."""
    domain = Substr(F(column), StrIndex(F(column), Value("@")) + 1)
    return models.GeneratedField(
        expression=Lower(domain), output_field=models.CharField(max_length=320), db_persist=True
    )


def begins(column: str) -> models.Index:
    """An index by which PostgreSQL finds what begins with something, whatever its collation; others do anyway."""
    return models.Index(
        fields=[column],
        opclasses=["varchar_pattern_ops"],
        name=f"wc_appointment_{column.removesuffix('_key')}",
    )
