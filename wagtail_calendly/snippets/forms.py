"""The form of a session type: a price typed as people write it, stored in minor units."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_calendly.payments import money


class SessionTypeForm(WagtailAdminModelForm):
    """Reads and shows the price as a decimal amount of its currency."""

    price = forms.DecimalField(
        label=gettext_lazy("Price"),
        required=False,
        min_value=0,
        max_digits=12,
        localize=True,
        help_text=gettext_lazy("Empty: the session is free."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        required=False,
        help_text=gettext_lazy("Three letters, such as EUR or USD."),
        widget=forms.TextInput(attrs={"size": 4, "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        price = self.instance.price
        self.initial["price"] = money.to_decimal(price, self.instance.currency) if price else None

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        if currency and not money.is_known(currency):
            raise forms.ValidationError(
                _("“%(currency)s” is not a currency. Write its three letters, such as EUR or USD."),
                params={"currency": currency},
            )
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        amount, currency = cleaned.get("price"), cleaned.get("currency")
        if not amount:
            cleaned["price"] = 0
        elif currency:
            self._to_minor_units(cleaned, amount, currency)
        else:
            cleaned.pop("price")
            if "currency" in cleaned:
                self.add_error("currency", _("A price needs a currency, such as EUR or USD."))
        return cleaned

    def _to_minor_units(self, cleaned: dict[str, Any], amount: Decimal, currency: str) -> None:
        try:
            cleaned["price"] = money.to_minor(amount, currency)
        except money.InvalidAmount:
            step = money.to_decimal(money.STEPS.get(currency, 1), currency)
            self.add_error(
                "price",
                _("Prices in %(currency)s go in steps of %(step)s. Round this one.")
                % {"currency": currency, "step": step.normalize() if step < 1 else int(step)},
            )
