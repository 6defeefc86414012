"""The connection to Calendly and Stripe in the settings menu: how it stands, read from rows, and what mends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from wagtail_calendly.bookings import diagnosis, health
from wagtail_calendly.bookings.diagnosis import Section, State
from wagtail_calendly.calendly import CalendlyError
from wagtail_calendly.desk import mending
from wagtail_calendly.desk.permissions import CONFIGURE, VIEW, booking_policy, may
from wagtail_calendly.exceptions import NotConfigured
from wagtail_calendly.payments import PaymentError

NAME = "calendly_connection"
#: Where the items are that a finding counts.
LISTS = {"inbox_failed": "stalled_deliveries:index", "outbox_failed": "given_up:index"}


@method_decorator(never_cache, name="dispatch")
class ConnectionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Everything that is known, the worst said first. Nobody is asked for it."""

    permission_policy = booking_policy
    permission_required = CONFIGURE
    page_title = _("Calendly and Stripe")
    header_icon = "site"
    template_name = "wagtail_calendly/desk/connection.html"
    index_url_name = f"{NAME}:index"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sections = diagnosis.report()
        may_list = may(self.request.user, VIEW)
        return super().get_context_data(
            **{"secret": "", **kwargs},
            sections=[self._shown(section) for section in sections],
            state=diagnosis.worst(section.state for section in sections),
            check_url=reverse(f"{NAME}:check"),
            lists={name: reverse(url) for name, url in LISTS.items() if may_list},
        )

    @staticmethod
    def _shown(section: Section) -> dict[str, Any]:
        findings = {finding.subject: finding for finding in section.findings}
        webhook = findings.get("subscription") or findings.get("endpoint")
        return {
            "section": section,
            "webhook_is_well": webhook is not None and webhook.state == State.OK,
            "is_payments": section.key == health.PAYMENTS,
            "may_act": webhook is not None,
        }


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class MendView(ConnectionView):
    """One thing that mends or tries it; answers with the page, whose words are new then."""

    http_method_names = ["post"]
    act: Callable[..., mending.Done] | None = None

    def post(self, request: HttpRequest, **given: str) -> HttpResponse:
        if self.act is None or given.get("alias") not in (None, *health.configured()):
            raise Http404
        try:
            done = self.act(user=request.user, **given)
        except (CalendlyError, PaymentError, NotConfigured) as error:
            messages.error(request, str(error))
            return redirect(self.index_url_name)
        tell = messages.success if done.is_well else messages.warning
        tell(request, done.words)
        if done.secret:
            # Here and now only: a redirect would have to keep it somewhere.
            return self.render_to_response(self.get_context_data(secret=done.secret))
        return redirect(self.index_url_name)


class ConnectionMenuItem(MenuItem):
    """For those who look after the connection."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, CONFIGURE)


class ConnectionViewSet(ViewSet):
    """The connection in the admin."""

    name = NAME
    url_prefix = "calendly/connection"
    icon = "site"
    menu_label = _("Calendly and Stripe")
    menu_item_class = ConnectionMenuItem
    add_to_settings_menu = True
    menu_order = 800

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.construct_view(ConnectionView), name="index"),
            path("check/", MendView.as_view(act=mending.check), name="check"),
            path("endpoint/", MendView.as_view(act=mending.endpoint), name="endpoint"),
            path(
                "<str:alias>/subscription/",
                MendView.as_view(act=mending.subscription),
                name="subscription",
            ),
            path("<str:alias>/sync/", MendView.as_view(act=mending.sync), name="sync"),
            path("<str:alias>/test/", MendView.as_view(act=mending.test), name="test"),
        ]
