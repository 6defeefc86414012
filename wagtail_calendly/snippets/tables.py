"""How event types and session types stand, in the words and columns of the admin's lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.forms import Media
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from wagtail_calendly.snippets import made_of, offer, price_words

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import EventType, SessionType

#: Pixels that names keep where many columns stand beside them.
TITLE_WIDTH = 200
#: And cells of several words, so that rows stay low; a small screen scrolls rather than narrow them.
WORDS: dict[str, Any] = {"width": 120, "classname": "wc-words"}
#: On a small screen, too: letters of a name stay together.
CLASSNAME = "listing wc-offers"
MEDIA = Media(css={"all": ["wagtail_calendly/css/desk.css"]})


def duration_of(event_type: EventType) -> str:
    """Such as "45 min", or "15, 30, 60 min" where visitors choose."""
    minutes = event_type.duration_options or [event_type.duration]
    return _("%(minutes)s min") % {"minutes": ", ".join(str(number) for number in minutes)}


def kind_of(event_type: EventType) -> str:
    """Who meets whom."""
    pooling = {
        "round_robin": _("Round robin"),
        "collective": _("Collective"),
        "multi_pool": _("Several teams"),
    }
    if event_type.is_group:
        return _("Group")
    return pooling.get(event_type.pooling_type) or _("One-on-one")


def state_of(event_type: EventType) -> str:
    """The first thing that an editor should know of it."""
    if event_type.missing_since:
        return _("Gone from Calendly")
    if event_type.booking_method == "poll":
        return _("Meeting poll")
    if not event_type.active:
        return _("Switched off")
    if event_type.is_paid:
        return _("Paid at Calendly")
    return _("Secret") if event_type.secret else _("Active")


def is_usable(event_type: EventType) -> bool:
    """Whether a session type can be made of it as it stands."""
    return event_type.active and not event_type.missing_since and not event_type.refusal


def price_of(session_type: SessionType) -> str:
    """Such as "60 €", "20 € now, the rest of 60 € later" or "Free"."""
    return price_words.in_words(session_type)


def booking_state_of(session_type: SessionType) -> str:
    """Whether visitors can book it, and the first thing to mend if not."""
    codes = [obstacle.code for obstacle in offer.obstacles(session_type)]
    if not codes:
        return _("Bookable")
    short = {
        "draft": _("Not published"),
        "event_type_unset": _("No event type"),
        "event_type_missing": _("Event type gone"),
        "event_type_inactive": _("Event type switched off"),
        "poll": _("Meeting poll"),
        "paid_at_calendly": _("Paid at Calendly"),
        "account": _("Account not connected"),
        "payment_provider": _("No payments yet"),
        "group_paid_after": _("Group, paid after"),
    }
    return short[codes[0]]


def facts_of(event_type: EventType) -> list[tuple[str, object]]:
    """All that Calendly says of it, as labels and values for people; what is empty is left out."""
    facts = [
        (_("Name"), event_type.name),
        (_("State"), state_of(event_type)),
        (_("Why it cannot be offered"), event_type.refusal),
        (_("Duration"), duration_of(event_type)),
        (_("Kind"), kind_of(event_type)),
        (_("Host"), event_type.host_name),
        (_("Scheduling page"), event_type.scheduling_url),
        (_("Description"), event_type.description),
        (_("Questions"), "; ".join(asked["name"] for asked in event_type.custom_questions)),
        (_("Language of its page"), event_type.locale),
        (_("Calendly account"), event_type.account),
        (_("Used by"), ", ".join(str(made) for made in made_of.event_type(event_type))),
        (_("Changed at Calendly"), event_type.remote_updated_at),
        (_("Gone from Calendly since"), event_type.missing_since),
    ]
    return [(label, value) for label, value in facts if value]


class UsedByColumn(Column):
    """The session types made of an event type, each linked to its form."""

    cell_template_name = "wagtail_calendly/admin/used_by_cell.html"


def event_type_columns() -> list[Column]:
    """What the list and the chooser of event types say beside the name."""
    return [
        Column(
            "duration", label=gettext_lazy("Duration"), accessor=duration_of, sort_key="duration"
        ),
        Column("host_name", label=gettext_lazy("Host"), sort_key="host_name"),
        Column("kind", label=gettext_lazy("Kind"), accessor=kind_of, sort_key="kind"),
        StatusTagColumn("state", label=gettext_lazy("State"), accessor=state_of, primary=is_usable),
    ]


def offer_columns() -> list[Column]:
    """What lists and the chooser of session types say of the offer."""
    return [
        Column(
            "price",
            label=gettext_lazy("Price"),
            accessor=price_of,
            sort_key="price",
            **WORDS,
        ),
        StatusTagColumn(
            "bookable",
            label=gettext_lazy("For visitors"),
            accessor=booking_state_of,
            primary=offer.is_bookable,
        ),
    ]


def calendly_payment_column() -> Column:
    """Whether Calendly itself takes payment; in words, because on is not the good one here."""
    return Column(
        "is_paid",
        label=gettext_lazy("Calendly's payment"),
        accessor=lambda event_type: _("On") if event_type.is_paid else _("Off"),
    )


def last_change_column() -> Column:
    """When it was last changed at Calendly."""
    return DateColumn(
        "remote_updated_at", label=gettext_lazy("Last change"), sort_key="remote_updated_at"
    )


def used_by_column(users: Callable[[Any], Iterable[SessionType]]) -> Column:
    """Reads the session types that the list brought along."""
    return UsedByColumn("used_by", label=gettext_lazy("Used by"), accessor=users)
