"""What the address of a session asks for, validated; a mangled address is never a dead end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

#: The longest campaign value that is carried on.
LONGEST = 255


def _number_or_nothing(value: object) -> object:
    return value or None


Positive = Annotated[int, Field(ge=1, le=2**32 - 1)]
PageId = Annotated[Positive | None, BeforeValidator(_number_or_nothing)]

Embed = Literal["inline", "popup"]
Consent = Literal["click", "visible"]


class Asked(BaseModel):
    """The query of a session's address, as the booking block writes it."""

    page: PageId = None
    embed: Embed = "inline"
    consent: Consent = "click"
    #: The end of the reference of a booking that is done, when the visitor wants another one.
    again: Annotated[str, Field(max_length=16, pattern=r"^[A-Za-z0-9_-]*$")] = ""


def read(query: Mapping[str, str]) -> Asked:
    """What the query asks for; what does not fit is left at its default."""
    given = {name: query[name] for name in Asked.model_fields if name in query}
    try:
        return Asked.model_validate(given)
    except ValidationError as error:
        bad = {item["loc"][0] for item in error.errors()}
        return Asked.model_validate({k: v for k, v in given.items() if k not in bad})


def tracking(query: Mapping[str, str], allowed: Iterable[str]) -> dict[str, str]:
    """The campaign values of the host page that may be carried on.

    `utm_content` is ours: it holds the reference, and no address can replace it. What looks like somebody's mail
    address is no campaign.
    """
    given = {name: query.get(name, "") for name in allowed if name != "utm_content"}
    return {
        name: value
        for name, value in given.items()
        if 0 < len(value) <= LONGEST and "@" not in value
    }
