"""Lists come in pages of bounded size."""

from __future__ import annotations

from typing import Annotated

from ninja import Query, Schema

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most")]
Offset = Annotated[int, Query(ge=0, le=100_000, description="How many to skip")]


class Page(Schema):
    """`total` counts all there are, on whatever page."""

    total: int
