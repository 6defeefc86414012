"""A table of contents of what the package adds to the Wagtail admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import ReferenceIndex
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from wagtail_calendly.bookings import log
from wagtail_calendly.desk.bookings import BookingViewSet
from wagtail_calendly.desk.mails import MailsViewSet
from wagtail_calendly.desk.report import ReportViewSet, summary_item
from wagtail_calendly.desk.stalled import GivenUpViewSet, StalledViewSet
from wagtail_calendly.desk.unlinked import UnlinkedViewSet
from wagtail_calendly.snippets.choosers import EventTypeChooserViewSet
from wagtail_calendly.snippets.policy_viewset import (
    CancellationPolicyViewSet,
    keep_what_is_used,
)
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.snippets.views import keep_what_was_booked
from wagtail_calendly.snippets.viewsets import EventTypeViewSet, SessionTypeViewSet


class BookingsGroup(SnippetViewSetGroup):
    menu_label = _("Bookings")
    menu_icon = "calendar-alt"
    menu_order = 250
    items = (
        BookingViewSet,
        SessionTypeViewSet,
        CancellationPolicyViewSet,
        EventTypeViewSet,
        UnlinkedViewSet,
        GivenUpViewSet,
        StalledViewSet,
        MailsViewSet,
    )


register_snippet(BookingsGroup)
# Settings are not indexed by themselves; this lists them where the privacy page is used.
ReferenceIndex.register_model(BookingSettings)
hooks.register("register_admin_viewset", EventTypeChooserViewSet)
hooks.register("before_delete_snippet", keep_what_was_booked)
hooks.register("before_delete_snippet", keep_what_is_used)
hooks.register("register_log_actions", log.register)
hooks.register("register_admin_viewset", ReportViewSet)
hooks.register("construct_homepage_summary_items", summary_item)
