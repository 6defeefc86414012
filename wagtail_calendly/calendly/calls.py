"""What every group of endpoints builds on: get one, get pages, post, delete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from wagtail_calendly.calendly.connection import Answer, Call, Connection
from wagtail_calendly.calendly.errors import CalendlyNotFound, CalendlyUnexpectedResponse
from wagtail_calendly.calendly.parsing import parse
from wagtail_calendly.calendly.retries import Patience
from wagtail_calendly.calendly.schemas.base import Schema, wire_time

Model = TypeVar("Model", bound=BaseModel)
Query = Mapping[str, str | bool | datetime | None]

#: Calendly's largest page.
PAGE_SIZE = 100


class One(Schema):
    """The form of one resource."""

    resource: dict[str, Any]


class Pagination(Schema):
    """`next_page` is never followed: it would send the token to whatever host it names."""

    next_page: str | None = None
    next_page_token: str | None = None


class Many(Schema):
    """The form of several resources; `pagination` is there wherever the list can be longer."""

    collection: list[dict[str, Any]]
    pagination: Pagination | None = None


class Calls:
    """A client's connection, and how long its calls may take."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection = connection
        self._patience = patience

    def _send(self, call: Call) -> Answer:
        return self._connection.send(call, self._patience)

    def _one(self, model: type[Model], call: Call) -> Model:
        answer = self._send(call)
        resource = parse(One, answer.data).resource
        return parse(model, resource, observed_at=answer.observed_at)

    def _list(self, model: type[Model], call: Call) -> tuple[list[Model], Pagination | None]:
        answer = self._send(call)
        many = parse(Many, answer.data)
        items = [parse(model, item, observed_at=answer.observed_at) for item in many.collection]
        return items, many.pagination

    def _pages(
        self, model: type[Model], path: str, query: Query, *ids: str
    ) -> Iterator[list[Model]]:
        """Every page, by its token. Raises `CalendlyUnexpectedResponse` rather than end early or never."""
        words = as_words(query) | {"count": str(PAGE_SIZE)}
        seen = set()
        while True:
            items, pagination = self._list(model, Call("GET", path, ids, query=words))
            yield items
            if pagination is None:
                raise CalendlyUnexpectedResponse
            token = pagination.next_page_token
            if token is None and pagination.next_page is None:
                return
            if token is None or token in seen:
                raise CalendlyUnexpectedResponse
            seen.add(token)
            words["page_token"] = token

    def _delete(self, path: str, *ids: str) -> None:
        try:
            self._send(Call("DELETE", path, ids))
        except CalendlyNotFound:
            return  # gone, perhaps by an attempt whose answer was lost


def as_words(query: Query) -> dict[str, str]:
    """A query as Calendly writes it; what is None or empty is left out."""
    return {name: _word(value) for name, value in query.items() if value not in (None, "")}


def _word(value: str | bool | datetime | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return wire_time(value)
    return str(value)
