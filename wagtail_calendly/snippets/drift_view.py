"""The page of what changed at Calendly: old beside new for each session type, accepted by who looked at it."""

from __future__ import annotations

from itertools import groupby
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_calendly.snippets import drift, drift_words, log, usage
from wagtail_calendly.snippets.models import Drift, SessionType

PER_PAGE = 20


class DriftView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """All of it, or by `?session_type=` that of one session type."""

    permission_policy = ModelPermissionPolicy(SessionType)
    any_permission_required: ClassVar = ["add", "change", "delete", "view"]
    _show_breadcrumbs = True
    template_name = "wagtail_calendly/admin/drift.html"
    page_title = _("Changes at Calendly")
    header_icon = "rotate"

    @cached_property
    def may_accept(self) -> bool:
        return bool(self.user_has_permission("change"))

    @cached_property
    def session_types(self) -> Any:
        wanted = drift.known().order_by().values("session_type")
        rows = SessionType.objects.filter(pk__in=wanted)
        named = self.request.GET.get("session_type", "")
        return rows.filter(pk=named) if named.isdecimal() else rows

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.session_types, PER_PAGE).get_page(self.request.GET.get("p"))
        shown = list(page.object_list)
        return super().get_context_data(**kwargs) | {
            "page_obj": page,
            "is_one": "session_type" in self.request.GET,
            "groups": _groups(shown),
            "may_accept": self.may_accept,
            "may_replace": self.user_has_permission("publish"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_accept:
            return permission_denied(request)
        keys = request.POST.getlist(_chosen(request))
        accepted = drift.accept(keys, self.session_types)
        for session_type in SessionType.objects.filter(pk__in=accepted):
            log.accepted(session_type, accepted[session_type.pk], request.user)
        _tell(request, len(keys), sum(map(len, accepted.values())))
        return redirect(request.get_full_path())


def _chosen(request: HttpRequest) -> str:
    """The ticked ones, or where that button was pressed all that were shown of one session type."""
    return f"shown-{request.POST['all_of']}" if "all_of" in request.POST else "accept"


def _tell(request: HttpRequest, asked: int, accepted: int) -> None:
    if not asked:
        messages.warning(request, _("Nothing was chosen, so nothing was accepted."))
    elif accepted < asked:
        messages.warning(
            request, _("Something changed again since this was shown. Look at what is left.")
        )
    else:
        said = ngettext("%(count)d change accepted.", "%(count)d changes accepted.", accepted)
        messages.success(request, said % {"count": accepted})


def _groups(session_types: list[SessionType]) -> list[dict[str, Any]]:
    """For each session type its changes in words, and where it is used if its event type is gone."""
    rows = drift.known().filter(session_type__in=session_types).order_by("session_type", "pk")
    by_session = {pk: list(found) for pk, found in groupby(rows, lambda row: row.session_type_id)}
    used = usage.of_session_types(session_types)
    return [
        {
            "session_type": each,
            "pages": len(used[each.pk].pages),
            "changes": [_in_words(row) for row in by_session.get(each.pk, [])],
        }
        for each in session_types
    ]


def _in_words(row: Drift) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.get_fact_display(),
        "was": drift_words.was(row),
        "is_now": drift_words.is_now(row),
        "since": row.since,
    }
