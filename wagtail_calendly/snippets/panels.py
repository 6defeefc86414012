"""The form of a session type, tab by tab; Wagtail's own rules hide what a choice makes needless.

Without JavaScript everything is in sight, and the form disregards what does not matter.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets.slug import SlugInput

from wagtail_calendly.payments import money
from wagtail_calendly.snippets import price_words
from wagtail_calendly.snippets.forms import SessionTypeForm
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import PaymentOrder


class AmountComparison(FieldComparison):
    """Two versions of an amount as people write it; another currency makes it another amount."""

    def __init__(self, field: Any, obj_a: SessionType, obj_b: SessionType) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = self._in_words(obj_a), self._in_words(obj_b)

    def _in_words(self, session_type: SessionType) -> str:
        minor = self.field.value_from_object(session_type)
        return price_words.amount(minor, session_type.currency) if minor else ""


class AmountPanel(FieldPanel):
    def get_comparison_class(self) -> type[FieldComparison]:
        return AmountComparison


def shown_when(field: str, *values: str) -> dict[str, str]:
    """Attributes of a panel that is shown while this field has one of these values."""
    return {"data-w-rules-target": "show", "data-w-rules": json.dumps({field: values})}


PRICED = shown_when("currency", *sorted(money.CURRENCIES))

session = ObjectList(
    [
        TitleFieldPanel("title", targets=["slug"]),
        FieldPanel("event_type"),
        FieldPanel("summary"),
        FieldPanel("description"),
        FieldPanel("image"),
    ],
    heading=_("Session"),
)

price_and_payment = ObjectList(
    [
        MultiFieldPanel(
            [FieldRowPanel([AmountPanel("price"), FieldPanel("currency")])],
            heading=_("Price"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("payment_order", heading=_("When it is paid"), widget=forms.RadioSelect),
                FieldPanel(
                    "hold_minutes",
                    help_text=_(
                        "How long a chosen time is kept for payment, from 10 to 120 minutes. Give the "
                        "event type a longer minimum notice than this at Calendly: a time that "
                        "starts sooner cannot be kept so long."
                    ),
                    attrs=shown_when("payment_order", PaymentOrder.AFTER_SCHEDULING.value),
                ),
                FieldPanel(
                    "link_days",
                    attrs=shown_when("payment_order", PaymentOrder.BEFORE_SCHEDULING.value),
                ),
                AmountPanel("deposit"),
                FieldPanel("allows_promotion_codes"),
                FieldPanel("adds_tax"),
            ],
            heading=_("Payment"),
            attrs=PRICED,
        ),
        MultiFieldPanel(
            [FieldPanel("cancellation_policy")],
            heading=_("Cancellation"),
            attrs=PRICED,
        ),
    ],
    heading=_("Price and payment"),
    attrs={"data-controller": "w-rules", "data-action": "change->w-rules#resolve"},
)

look_and_address = ObjectList(
    [
        FieldPanel("accent_color"),
        FieldPanel("hide_event_type_details"),
        FieldPanel("slug", widget=SlugInput),
        PublishingPanel(),
    ],
    heading=_("Look and address"),
)

session_type_form = TabbedInterface(
    [session, price_and_payment, look_and_address], base_form_class=SessionTypeForm
)
