"""Rows many times over, each table by one statement: what takes an hour by factories takes a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

#: Between a row and its copy, and the copy of that one; tables are smaller before.
STEP = 100_000
#: Besides what is unique: what must name the copy of another row.
NAMES = ("calendly_event_uri", "calendly_invitee_uri", "event_uri")


def multiply(models: Sequence[type[Model]], times: int) -> None:
    """So many rows for each one. Copies belong to the copies of what their originals belong to."""
    for model in models:
        columns = [one for one in model._meta.concrete_fields if not one.generated]
        names = ", ".join(f'"{one.column}"' for one in columns)
        values = ", ".join(_value(one, models) for one in columns)
        table = model._meta.db_table
        copying = f"""
            INSERT INTO {table} ({names}) SELECT {values} FROM {table} CROSS JOIN (
                WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers
                WHERE n < {times - 1}) SELECT n FROM numbers) AS copies
        """  # noqa: S608 - not a word of it comes from outside
        with connection.cursor() as cursor:
            cursor.execute(copying)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # elsewhere done in the background, once rows are committed


def _value(column: Field[Any, Any], models: Sequence[type[Model]]) -> str:
    named = f'"{column.column}"'
    if column.primary_key or column.related_model in models:
        return f"{named} + n * {STEP}"
    if column.unique or column.name in NAMES:
        room = (column.max_length or 255) - 8
        return f"SUBSTR({named}, 1, {room}) || '-' || n"
    return named
