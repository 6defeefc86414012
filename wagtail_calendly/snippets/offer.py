"""Whether a session type can be booked, and what stands in the way. Pure: asks rows that are loaded, and settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wagtail_calendly import conf
from wagtail_calendly.snippets import look, pricing

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from wagtail_calendly.snippets.models import SessionType


@dataclass(frozen=True)
class Obstacle:
    """One reason why visitors cannot book; `message` tells editors what it means and how to mend it."""

    code: str
    message: StrPromise | str


def _without_account(session_type: SessionType) -> bool:
    event_type = session_type.event_type
    return event_type is not None and not conf.load().account(event_type.account).is_configured


_OBSTACLES: tuple[tuple[str, Callable[[SessionType], object], StrPromise], ...] = (
    (
        "draft",
        lambda session_type: not session_type.live,
        _("It is a draft. Publish it to offer it."),
    ),
    (
        "event_type_unset",
        lambda session_type: session_type.event_type is None,
        _("It has no event type. Choose the Calendly event type that visitors book."),
    ),
    (
        "event_type_missing",
        lambda session_type: session_type.event_type and session_type.event_type.missing_since,
        _(
            "Its event type is gone from Calendly. Choose another one, "
            "or restore it at Calendly and sync."
        ),
    ),
    (
        "event_type_inactive",
        lambda session_type: session_type.event_type and not session_type.event_type.active,
        _("Its event type is switched off at Calendly. Switch it on there, then sync."),
    ),
    (
        "poll",
        lambda session_type: (
            session_type.event_type and session_type.event_type.booking_method == "poll"
        ),
        _("Its event type is a meeting poll, which cannot be booked from a page."),
    ),
    (
        "paid_at_calendly",
        lambda session_type: session_type.event_type and session_type.event_type.is_paid,
        _(
            "Calendly itself takes payment for its event type. "
            "Turn the payment off at Calendly, then sync."
        ),
    ),
    (
        "account",
        _without_account,
        _(
            "The Calendly account of its event type is not connected. "
            "Ask whoever runs this site to set its token."
        ),
    ),
    (
        "payment_provider",
        lambda session_type: session_type.is_priced and not conf.load().payments.is_ready,
        _(
            "It has a price, and this site cannot take payments yet. "
            "Ask whoever runs this site to set up payments."
        ),
    ),
    (
        "group_paid_after",
        pricing.is_group_paid_after,
        _(
            "Its event type is for groups, which can only be paid before choosing a time. "
            "Change when it is paid."
        ),
    ),
)


def obstacles(session_type: SessionType) -> list[Obstacle]:
    """What keeps visitors from booking this session, in the order in which to mend it."""
    return [
        Obstacle(code, message)
        for code, stands_in_the_way, message in _OBSTACLES
        if stands_in_the_way(session_type)
    ]


def is_bookable(session_type: SessionType) -> bool:
    """Whether visitors can book this session now."""
    return not any(
        stands_in_the_way(session_type) for _code, stands_in_the_way, _text in _OBSTACLES
    )


def title_for_editors(session_type: SessionType) -> str:
    """Its title, with the reasons where visitors are not offered it."""
    reasons = " ".join(str(obstacle.message) for obstacle in obstacles(session_type))
    if not reasons:
        return session_type.title
    text = _("%(session)s – visitors do not see it. %(reasons)s")
    return str(text % {"session": session_type.title, "reasons": reasons})


_ADVICE: tuple[tuple[Callable[[SessionType], object], StrPromise], ...] = (
    (
        lambda session_type: (
            session_type.event_type
            and session_type.event_type.secret
            and not session_type.is_priced
        ),
        _(
            "Its event type is secret at Calendly. A free session needs no secret: "
            "an open event type is also found on your Calendly page."
        ),
    ),
    (
        lambda session_type: (
            session_type.event_type
            and not session_type.event_type.secret
            and session_type.is_priced
        ),
        _(
            "Its event type is listed on your Calendly page, where it can be booked without paying. "
            "Make it secret at Calendly."
        ),
    ),
    (
        lambda session_type: session_type.is_priced and session_type.cancellation_policy_id is None,
        _(
            "It has a price and no cancellation policy: visitors read that they get nothing back when "
            "they cancel. Choose a policy if you mean otherwise."
        ),
    ),
    (
        lambda session_type: not session_type.summary and not session_type.description,
        _(
            "It has neither a summary nor a description: visitors read only its title. "
            "Say in a line what they get."
        ),
    ),
    (
        lambda session_type: look.is_pale(session_type.accent_color),
        _(
            "Its accent colour is so pale that buttons hardly stand out from a white page. "
            "Choose a darker one."
        ),
    ),
    (
        lambda session_type: look.is_dark(session_type.accent_color),
        _(
            "Its accent colour is so dark that buttons hardly stand out from a dark page. "
            "Choose a lighter one if your site has a dark mode."
        ),
    ),
)


def advice(session_type: SessionType) -> list[StrPromise | str]:
    """What would be better otherwise, though it can be booked as it is."""
    return [text for applies, text in _ADVICE if applies(session_type)]
