"""The page that puts another event type in the place of one, and says first what that concerns."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import ModelForm, modelform_factory
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_calendly.snippets import made_of, replacing, usage
from wagtail_calendly.snippets.models import EventType, SessionType


class ReplaceView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Changes what visitors book at once, so it takes the permission to publish."""

    permission_policy = ModelPermissionPolicy(SessionType)
    permission_required: ClassVar = "publish"
    _show_breadcrumbs = True
    template_name = "wagtail_calendly/admin/replace.html"
    page_title = _("Choose another event type")
    header_icon = "calendar-alt"

    @cached_property
    def event_type(self) -> EventType:
        return get_object_or_404(EventType, pk=self.kwargs["pk"])

    @cached_property
    def session_types(self) -> list[SessionType]:
        return list(made_of.event_type(self.event_type))

    def get_form_class(self) -> type[ModelForm]:
        """Made when it is asked for: only then the chooser of event types is known to be the widget."""
        form: type[ModelForm] = modelform_factory(
            SessionType, form=WagtailAdminModelForm, fields=["event_type"]
        )
        return form

    def get_form(self, form_class: Any = None) -> ModelForm:
        form: ModelForm = super().get_form(form_class)
        form.fields["event_type"].required = True
        form.fields["event_type"].label = _("Event type to offer instead")
        return form

    def get_page_subtitle(self) -> str:
        return str(self.event_type)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        used = usage.of_session_types(self.session_types)
        concerned = [(each, len(used[each.pk].pages)) for each in self.session_types]
        return context | {"event_type": self.event_type, "concerned": concerned}

    def form_valid(self, form: ModelForm) -> HttpResponse:
        old, chosen = self.event_type, form.cleaned_data["event_type"]
        done = 0
        for session_type in self.session_types:
            if problem := replacing.problem(session_type, old, chosen, self.request.user):
                self._tell_left(session_type, problem)
            else:
                replacing.replace(session_type, old, chosen, self.request.user)
                done += 1
        if done:
            self._tell_done(done, chosen)
        return redirect("wagtailsnippets_wagtail_calendly_sessiontype:list")

    def _tell_left(self, session_type: SessionType, problem: str) -> None:
        text = gettext("“%(session)s” was left as it is. %(problem)s")
        messages.warning(self.request, text % {"session": session_type, "problem": problem})

    def _tell_done(self, count: int, chosen: EventType) -> None:
        text = ngettext(
            "%(count)d session type is now made of “%(event_type)s”.",
            "%(count)d session types are now made of “%(event_type)s”.",
            count,
        )
        messages.success(self.request, text % {"count": count, "event_type": chosen})
