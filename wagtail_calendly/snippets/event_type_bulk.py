"""Several event types at once: a draft of a session type made of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from wagtail_calendly.snippets import creating
from wagtail_calendly.snippets.models import EventType, SessionType

ADD = "wagtail_calendly.add_sessiontype"
SESSION_TYPES = "wagtailsnippets_wagtail_calendly_sessiontype"


class CreateSessionTypes(BulkAction):
    """Says first what it makes, and of which event types it can make nothing."""

    models = [EventType]
    display_name = _("Create session types")
    aria_label = _("Create session types of the selected event types")
    action_type = "create_session_types"
    template_name = "wagtail_calendly/admin/create_session_types.html"

    def check_perm(self, event_type: EventType) -> bool:
        return bool(self.request.user.has_perm(ADD))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        chosen = [item["item"] for item in context["items"]]
        context["refused"] = [(each, why) for each in chosen if (why := creating.why_not(each))]
        context["offered"] = [each for each in chosen if not creating.why_not(each)]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        chosen, _without_access = self.get_actionable_objects()
        made = creating.create_drafts(chosen, self.request.user)
        if not made:
            messages.warning(self.request, _("No session type was made."))
            return redirect(self.next_url)
        messages.success(self.request, said_of(made))
        if len(made) == 1:
            return redirect(f"{SESSION_TYPES}:edit", made[0].pk)
        return redirect(f"{SESSION_TYPES}:list")


def said_of(made: list[SessionType]) -> str:
    """What was done, and what is left to do."""
    return ngettext(
        "%(count)d session type was made as a draft. Read it over, then publish it.",
        "%(count)d session types were made as drafts. Read them over, then publish them.",
        len(made),
    ) % {"count": len(made)}


def address_of_form(event_type: EventType) -> str:
    """The form for a new session type, filled from this event type; nothing is stored before it is saved."""
    return reverse(f"{SESSION_TYPES}:add") + f"?event_type={event_type.pk}"
