"""The form of a session type: amounts typed as people write them, stored in minor units of their currency."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_calendly.payments import money
from wagtail_calendly.snippets import currencies, pricing
from wagtail_calendly.snippets.terms import PaymentOrder

AMOUNTS = ("price", "deposit")
#: By when a session is paid.
NOT_ASKED = {
    PaymentOrder.AFTER_SCHEDULING.value: "link_days",
    PaymentOrder.BEFORE_SCHEDULING.value: "hold_minutes",
}


class AmountField(forms.DecimalField):
    """A decimal amount of money, with the point or comma of the active language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "min_value": 0, "max_digits": 12, "localize": True, **kwargs}
        )

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            sample = number_format(Decimal("12.5"), 2)
            text = _("Write it as a number, such as %(sample)s.") % {"sample": sample}
            raise forms.ValidationError(text, code="invalid") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}


class SessionTypeForm(WagtailAdminModelForm):
    """Reads and shows amounts as decimals; what does not matter to this offer is not asked."""

    price = AmountField(
        label=gettext_lazy("Price"), help_text=gettext_lazy("Empty: the session is free.")
    )
    deposit = AmountField(
        label=gettext_lazy("Deposit"),
        help_text=gettext_lazy(
            "The part that is paid here; the rest is settled outside this site. "
            "Empty: the whole price is paid here."
        ),
    )
    currency = forms.CharField(label=gettext_lazy("Currency"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in AMOUNTS:
            minor = getattr(self.instance, name)
            known = minor and money.to_decimal(minor, self.instance.currency)
            self.initial[name] = known or None
        if "currency" in self.fields:
            choices = partial(currencies.choices, self.instance.currency)
            self.fields["currency"].widget.choices = choices

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        if currency and currency not in money.CURRENCIES:
            raise forms.ValidationError(
                _("“%(currency)s” is not a currency that Stripe charges. Choose one of the list."),
                params={"currency": currency},
            )
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "price" in cleaned and not cleaned["price"]:
            self._leave("hold_minutes", "link_days")
            self.errors.pop("deposit", None)
            cleaned["deposit"] = None
        else:
            self._leave(NOT_ASKED.get(cleaned.get("payment_order", ""), ""))
        if cleaned.get("price") and cleaned.get("currency") == "":
            self.add_error("currency", _("A price needs a currency. Choose one."))
        for name in AMOUNTS:
            self._to_minor_units(name)
        return cleaned

    def _leave(self, *names: str) -> None:
        """What is not asked stays as it was: nobody has to mend what may not even be in sight."""
        for name in self.fields.keys() & set(names):
            self.errors.pop(name, None)
            self.cleaned_data[name] = getattr(self.instance, name)

    def _to_minor_units(self, name: str) -> None:
        """Without its currency an amount is left out: it would be stored as another than was meant."""
        amount, currency = self.cleaned_data.get(name), self.cleaned_data.get("currency")
        if not amount:
            self.cleaned_data[name] = 0
        elif not currency:
            del self.cleaned_data[name]
        elif _digits(amount) > money.exponent(currency):
            self.add_error(name, pricing.too_fine(currency))
        else:
            self._convert(name, amount, currency)

    def _convert(self, name: str, amount: Decimal, currency: str) -> None:
        try:
            self.cleaned_data[name] = money.to_minor(amount, currency)
        except money.InvalidAmount:
            self.add_error(name, pricing.too_fine(currency))


def _digits(amount: Decimal) -> int:
    """After the point, as typed: a German "1.000" is a thousand to who typed it, and one to us."""
    return -int(amount.as_tuple().exponent)
