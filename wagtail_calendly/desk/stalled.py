"""What was given up after many tries, and having it tried again: webhook deliveries, and work at the vendors."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from wagtail_calendly.bookings.acts import again
from wagtail_calendly.bookings.models import Effect, WebhookDelivery, Work
from wagtail_calendly.desk.actions import ConfirmedView
from wagtail_calendly.desk.actions.forms import NoForm
from wagtail_calendly.desk.columns import MomentColumn
from wagtail_calendly.desk.discarding import DiscardDeliveryView, DiscardEffectView
from wagtail_calendly.desk.waiting import WaitingIndexView, WaitingViewSet


class StalledIndexView(WaitingIndexView):
    """Rows that were given up."""

    def again_url(self, row: Any) -> str:
        """Where it is tried again."""
        raise NotImplementedError

    def discard_url(self, row: Any) -> str:
        """Where it is discarded."""
        raise NotImplementedError

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.model.objects.filter(state=Work.State.DEAD)

    def get_list_more_buttons(self, instance: Any) -> list[Button]:
        if not self.may_manage:
            return []
        return [
            Button(gettext("Try again"), url=self.again_url(instance), icon_name="resubmit"),
            Button(gettext("Discard"), url=self.discard_url(instance), icon_name="bin"),
        ]


class DeliveriesIndexView(StalledIndexView):
    """Webhook deliveries. Their bodies are not shown."""

    model = WebhookDelivery
    page_title = _("Deliveries set aside")
    default_ordering = "-created_at"
    results_template_name = "wagtail_calendly/desk/stalled_results.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self.title_column("event", label=_("Event"), sort_key="event"),
            Column("sender", label=_("Sender"), accessor="get_sender_display"),
            Column("tries", label=_("Tries"), sort_key="tries"),
            Column("error", label=_("Last error")),
            MomentColumn("created_at", label=_("Received"), sort_key="created_at"),
        ]

    def again_url(self, row: WebhookDelivery) -> str:
        return reverse(f"{StalledViewSet.name}:{DeliveryAgainView.name}", args=[row.pk])

    def discard_url(self, row: WebhookDelivery) -> str:
        return reverse(f"{StalledViewSet.name}:{DiscardDeliveryView.name}", args=[row.pk])


class EffectsIndexView(StalledIndexView):
    """What should have happened at Calendly, at Stripe or by mail."""

    model = Effect
    page_title = _("Work given up")
    default_ordering = "-finished_at"
    results_template_name = "wagtail_calendly/desk/given_up_results.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self.title_column(
                "kind",
                label=_("Work"),
                accessor=lambda row: capfirst(row.get_kind_display()),
                sort_key="kind",
                get_url=lambda row: reverse("bookings:inspect", args=[row.booking_id]),
            ),
            Column("booking", label=_("Booking"), accessor="booking"),
            Column("tries", label=_("Tries"), sort_key="tries"),
            Column("error", label=_("Last error")),
            MomentColumn("finished_at", label=_("Given up"), sort_key="finished_at"),
        ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return again.given_up().select_related("booking__terms__session_type")

    def again_url(self, row: Effect) -> str:
        return reverse("bookings:try_again", args=[row.booking_id])

    def discard_url(self, row: Effect) -> str:
        return reverse(f"{GivenUpViewSet.name}:{DiscardEffectView.name}", args=[row.pk])


class DeliveryAgainView(ConfirmedView):
    """Work again on a delivery."""

    name = "try_again"
    label = _("Try again")
    icon = "resubmit"
    form_class = NoForm
    refusal = _("It is not set aside any more.")

    @cached_property
    def delivery(self) -> WebhookDelivery:
        found = WebhookDelivery.objects.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def is_open(self) -> bool:
        return self.delivery.state == Work.State.DEAD

    def sentences(self, said: dict[str, Any]) -> list[str]:
        words = {"event": self.delivery.event, "sender": self.delivery.get_sender_display()}
        return [
            gettext("“%(event)s” of %(sender)s is worked on again, as it was stored.") % words,
            gettext("What it tells and is known already changes nothing."),
        ]

    def act(self, said: dict[str, Any]) -> str:
        done = again.delivery(self.delivery, user=self.user)
        if done.state == Work.State.OPEN:
            return gettext("It was tried again and failed; it is tried further by itself.")
        return gettext("It is worked on.")

    def about(self) -> str:
        return gettext("Deliveries set aside")

    def back_url(self) -> str:
        return reverse(f"{StalledViewSet.name}:index")


class StalledViewSet(WaitingViewSet):
    """Deliveries set aside in the admin."""

    name = "stalled_deliveries"
    url_prefix = "calendly/deliveries"
    icon = "warning"
    menu_label = _("Deliveries set aside")
    index_view_class = DeliveriesIndexView
    actions = (DeliveryAgainView, DiscardDeliveryView)


class GivenUpViewSet(WaitingViewSet):
    """Work given up in the admin."""

    name = "given_up"
    url_prefix = "calendly/given-up"
    icon = "resubmit"
    menu_label = _("Work given up")
    index_view_class = EffectsIndexView
    actions = (DiscardEffectView,)
