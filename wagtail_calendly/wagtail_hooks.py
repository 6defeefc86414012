"""A table of contents of what the package adds to the Wagtail admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from wagtail_calendly.bookings import log
from wagtail_calendly.snippets.views import keep_what_was_booked
from wagtail_calendly.snippets.viewsets import EventTypeViewSet, SessionTypeViewSet


class BookingsGroup(SnippetViewSetGroup):
    menu_label = _("Bookings")
    menu_icon = "calendar-alt"
    menu_order = 250
    items = (SessionTypeViewSet, EventTypeViewSet)


register_snippet(BookingsGroup)
hooks.register("before_delete_snippet", keep_what_was_booked)
hooks.register("register_log_actions", log.register)
