"""What Calendly says of an event type, as columns of our mirror."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from wagtail_calendly.calendly import schemas
from wagtail_calendly.snippets import markup
from wagtail_calendly.snippets.event_types import EventType

#: How much text each column holds; None where there is no limit.
_LENGTHS = {
    field.name: getattr(field, "max_length", None) for field in EventType._meta.local_fields
}


def columns_of(said: schemas.EventType, alias: str) -> dict[str, Any]:
    """By name; hostile or oversized parts are tamed."""
    profile = said.profile
    columns = {
        "account": alias,
        "name": said.name,
        "slug": said.slug,
        "scheduling_url": said.scheduling_url if _is_web_address(said.scheduling_url) else "",
        "duration": max(said.duration, 0),
        "duration_options": list(said.duration_options),
        "kind": said.kind,
        "pooling_type": said.pooling_type,
        "type": said.type,
        "booking_method": said.booking_method,
        "color": said.color,
        "description_html": str(markup.clean(said.description_html)),
        "host_name": profile.name if profile else "",
        "host_uri": profile.owner if profile else "",
        "active": said.active,
        "secret": said.secret,
        "is_paid": said.is_paid,
        "admin_managed": said.admin_managed,
        "locations": _as_json(said.locations),
        "custom_questions": _as_json(said.custom_questions),
        "locale": said.locale,
        "position": max(said.position, 0),
        "remote_updated_at": said.updated_at,
        "missing_since": None,
    }
    return {name: _fitting(name, value) for name, value in columns.items()}


def _as_json(parts: Iterable[BaseModel]) -> list[dict[str, Any]]:
    return [part.model_dump(mode="json", exclude_defaults=True) for part in parts]


def _is_web_address(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _fitting(name: str, value: Any) -> Any:
    """Text no longer than its column: PostgreSQL refuses what is."""
    return value[: _LENGTHS[name]] if isinstance(value, str) else value
