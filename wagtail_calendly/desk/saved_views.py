"""Ready-made views of the bookings list, as links: what owners look for every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_calendly.bookings.models import PaymentStatus, Status

#: What the list's address may carry that does not change what is shown.
ASIDE = ("p", "_w_filter_fragment")


@dataclass(frozen=True)
class SavedView:
    """A link above the list. `query` is what its address asks for."""

    label: str
    query: dict[str, str]

    @property
    def querystring(self) -> str:
        return f"?{urlencode(self.query)}" if self.query else ""

    def is_shown(self, asked: QueryDict) -> bool:
        """Whether an address asks for just this."""
        return self.query == {
            name: value for name, value in asked.items() if value and name not in ASIDE
        }


def saved_views(today: date) -> list[SavedView]:
    """Every view, as of this day of the reader's."""
    return [
        SavedView(_("All"), {}),
        SavedView(_("Needs attention"), {"attention": "needed"}),
        SavedView(_("Today"), _sessions(today, today)),
        SavedView(_("Next 7 days"), _sessions(today, today + timedelta(days=6))),
        SavedView(_("Awaiting payment"), {"status": Status.AWAITING_PAYMENT.value}),
        SavedView(_("Awaiting a time"), {"status": Status.AWAITING_SCHEDULE.value}),
        SavedView(_("Disputed"), {"payment_status": PaymentStatus.DISPUTED.value}),
    ]


def of_day(day: date) -> dict[str, str]:
    """What to ask the list for to see the sessions of one day."""
    return _sessions(day, day)


def _sessions(first: date, last: date) -> dict[str, str]:
    return {
        "starts_at_from": first.isoformat(),
        "starts_at_to": last.isoformat(),
        "ordering": "starts_at",
    }
