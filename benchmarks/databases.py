"""Databases beside each other on one PostgreSQL, so that few rows and many are measured in turns."""

from __future__ import annotations

from django.db import connection


def copy(template: str, name: str) -> None:
    """A database like that one, which is used from then on."""
    use(template)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    use(name)


def use(name: str) -> None:
    """Continue on that database, connected beforehand: connecting is not what is measured."""
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
