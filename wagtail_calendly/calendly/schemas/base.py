"""How all of Calendly's answers are read: leniently, with times in UTC and the moment they were said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

ACTIVE = "active"
CANCELED = "canceled"


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def _whole(value: Any) -> Any:
    return round(value) if isinstance(value, float) else value


def wire_time(moment: datetime) -> str:
    """A moment as Calendly writes it: `2020-01-02T03:04:05.678123Z`. Raises `ValueError` without a zone."""
    if moment.tzinfo is None:
        raise ValueError("Calendly needs times with a time zone.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Whole = Annotated[int, BeforeValidator(_whole)]
Private = Field(default="", repr=False)
PrivateList = Field(default=(), repr=False)


class Schema(BaseModel):
    """A part of a resource."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        # Built when first read with, for most processes of a site read only few of them.
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        # NUL is legal in JSON and refused by PostgreSQL.
        return {
            name: value.replace("\0", "") if isinstance(value, str) else value
            for name, value in data.items()
            if value is not None
        }


class Resource(Schema):
    """A resource, and when Calendly said so: the answer's `Date`, or the delivery's `created_at`."""

    uri: str
    observed_at: Moment = Field(default_factory=lambda: datetime.now(UTC))

    @model_validator(mode="before")
    @classmethod
    def _observed(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and info.context:
            return data | {"observed_at": info.context["observed_at"]}
        return data
