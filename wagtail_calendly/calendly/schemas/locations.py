"""Where a meeting takes place, as event types and scheduled events say it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from wagtail_calendly.calendly.schemas.base import Private, Schema


def _full_kind(kind: Any) -> Any:
    # The schema says zoom_conference, the samples and answers say zoom.
    return "zoom_conference" if kind == "zoom" else kind


class Location(Schema):
    """Where it takes place. Event types key it by `kind`, scheduled events by `type`; here it is `kind`.

    `join_url` is absent until the conference is set up (`status` initiated, processing, pushed, failed).
    """

    kind: Annotated[str, BeforeValidator(_full_kind)] = Field(
        default="", validation_alias=AliasChoices("kind", "type")
    )
    location: str = Private
    additional_info: str = Private
    phone_number: str = Private
    status: str = ""
    join_url: str = Private

    @model_validator(mode="before")
    @classmethod
    def _only_text(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if isinstance(value, str)}
