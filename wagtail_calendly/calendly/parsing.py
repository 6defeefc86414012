"""From JSON to schemas; what does not fit becomes one error that tells where, never what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from wagtail_calendly.calendly.errors import CalendlyUnexpectedResponse

Model = TypeVar("Model", bound=BaseModel)


def parse_json(content: bytes | str) -> Any:
    """Decode strict JSON in UTF-8. Raises `CalendlyUnexpectedResponse`."""
    try:
        return from_json(content, allow_inf_nan=False)
    except ValueError:
        raise CalendlyUnexpectedResponse from None


def parse(model: type[Model], data: Any, *, observed_at: datetime | None = None) -> Model:
    """Read data as this schema, said at `observed_at`. Raises `CalendlyUnexpectedResponse`."""
    try:
        return model.model_validate(
            data, context={"observed_at": observed_at} if observed_at else None
        )
    except ValidationError as error:
        places = sorted({_place(item["loc"]) for item in error.errors(include_input=False)})
    raise CalendlyUnexpectedResponse(
        f"Calendly's {model.__name__} does not have the expected form ({', '.join(places[:5])}). "
        "Look for a newer version of this package."
    )


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "as a whole"
