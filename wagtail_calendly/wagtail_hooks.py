"""A table of contents of what the package adds to the Wagtail admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import ReferenceIndex
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from wagtail_calendly.bookings import log
from wagtail_calendly.desk import first_steps
from wagtail_calendly.desk.bookings import BookingViewSet
from wagtail_calendly.desk.bulk import BULK_ACTIONS
from wagtail_calendly.desk.calendar import CalendarViewSet
from wagtail_calendly.desk.connection import ConnectionViewSet
from wagtail_calendly.desk.home import add_upcoming
from wagtail_calendly.desk.mails import MailsViewSet
from wagtail_calendly.desk.personal_data import PersonalDataViewSet
from wagtail_calendly.desk.report import ReportViewSet, summary_item
from wagtail_calendly.desk.stalled import GivenUpViewSet, StalledViewSet
from wagtail_calendly.desk.unlinked import UnlinkedViewSet
from wagtail_calendly.snippets import log as offer_log
from wagtail_calendly.snippets.choosers import EventTypeChooserViewSet
from wagtail_calendly.snippets.event_type_bulk import CreateSessionTypes
from wagtail_calendly.snippets.policy_viewset import (
    CancellationPolicyViewSet,
    keep_what_is_used,
)
from wagtail_calendly.snippets.session_type_bulk import (
    PublishSessionTypes,
    UnpublishSessionTypes,
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
        CalendarViewSet,
        SessionTypeViewSet,
        CancellationPolicyViewSet,
        EventTypeViewSet,
        UnlinkedViewSet,
        GivenUpViewSet,
        StalledViewSet,
        MailsViewSet,
        PersonalDataViewSet,
    )


register_snippet(BookingsGroup)
# Settings are not indexed by themselves; this lists them where the privacy page is used.
ReferenceIndex.register_model(BookingSettings)
hooks.register("register_admin_viewset", EventTypeChooserViewSet)
hooks.register("before_delete_snippet", keep_what_was_booked)
hooks.register("before_delete_snippet", keep_what_is_used)
hooks.register("register_log_actions", log.register)
hooks.register("register_log_actions", offer_log.register)
hooks.register("construct_homepage_panels", add_upcoming)
hooks.register("register_admin_viewset", ConnectionViewSet)
hooks.register("construct_homepage_panels", first_steps.show)
for action in (*BULK_ACTIONS, CreateSessionTypes, PublishSessionTypes, UnpublishSessionTypes):
    hooks.register("register_bulk_action", action)
hooks.register("register_admin_viewset", ReportViewSet)
hooks.register("construct_homepage_summary_items", summary_item)
