"""Beside the form of a session type: what changed at Calendly, what to look at, where it is used, who comes next."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_calendly.bookings.models import Booking, Status
from wagtail_calendly.snippets import accent, drift, drift_words, offer, usage
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.pages import page_model
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.snippets.standing import VIEW_BOOKINGS

#: How many pages and bookings are named.
SHOWN = 5
#: Bookings in these are expected to take place.
COMING = (Status.CONFIRMED, Status.AWAITING_PAYMENT)


class OfferSidePanel(BaseSidePanel):
    """Its counter says how much changed at Calendly since an editor looked."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Toggle what is known of this session type")
        icon_name = "calendar-check"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"count": drift.of_session_type(self.panel.object).count()}

    name = "offer"
    title = gettext_lazy("Calendly, pages, bookings")
    template_name = "wagtail_calendly/admin/offer_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        user = self.request.user
        used = usage.of_session_types([self.object])[self.object.pk]
        named = pages_for(user, used.pages)
        return context | {
            "changes": changes_of(self.object),
            "changes_url": f"{reverse('wagtail_calendly_event_types:changes')}?session_type={self.object.pk}",
            "remarks": [*remarks(self.object), *of_its_sites(self.object)],
            "pages": named,
            "more_pages": len(used.pages) - len(named),
            "may_see_bookings": user.has_perm(VIEW_BOOKINGS),
            "bookings": next_bookings(self.object) if user.has_perm(VIEW_BOOKINGS) else [],
        }


def changes_of(session_type: SessionType) -> list[dict[str, Any]]:
    """What changed at Calendly, in words."""
    return [
        {
            "label": row.get_fact_display(),
            "was": drift_words.was(row),
            "is_now": drift_words.is_now(row),
        }
        for row in drift.of_session_type(session_type)
    ]


def remarks(session_type: SessionType) -> list[str]:
    """What keeps visitors from booking this version, then what would be better otherwise.

    That it is a draft is plain to see.
    """
    found = [item.message for item in offer.obstacles(session_type) if item.code != "draft"]
    return [str(text) for text in [*found, *offer.advice(session_type)]]


def of_its_sites(session_type: SessionType) -> list[str]:
    """What is remarked of the colour that it has from the booking settings, while it has none of its own.

    Only shown: it is said where it can be mended.
    """
    if session_type.accent_color:
        return []
    colors = BookingSettings.objects.values_list("accent_color", flat=True)
    found = {str(remark) for color in colors if (remark := accent.remark(color))}
    return sorted(found)


def pages_for(user: Any, pks: set[int]) -> list[Any]:
    """The first of these pages, of those that this user may edit."""
    editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    rows = page_model().objects.filter(pk__in=pks) & editable
    return list(rows.order_by("title")[:SHOWN])


def next_bookings(session_type: SessionType) -> QuerySet[Booking]:
    """Those that start next."""
    rows = Booking.objects.filter(
        terms__session_type=session_type, starts_at__gte=timezone.now(), status__in=COMING
    )
    return rows.order_by("starts_at").prefetch_related("appointments")[:SHOWN]
