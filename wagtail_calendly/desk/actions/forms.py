"""What staff say when they act: how much, until when, on which terms, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Site

from wagtail_calendly.bookings import when
from wagtail_calendly.bookings.requests import Standing
from wagtail_calendly.bookings.rules import PaymentFacts
from wagtail_calendly.bookings.rules.cases import BEFORE_START
from wagtail_calendly.payments import money
from wagtail_calendly.snippets.forms import AmountField
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.price_words import amount
from wagtail_calendly.snippets.pricing import too_fine

#: What is proposed to who holds a time longer, where the session is not sooner.
PROPOSED = timedelta(hours=24)


class ReasonForm(forms.Form):
    """Why, for those who look at the booking later."""

    reason: forms.CharField | None = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with the booking, for staff only."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def asks_first(self) -> bool:
        """Whether what will happen depends on what is filled in here."""
        return any(not field.widget.is_hidden for name, field in self._choices())

    def _choices(self) -> list[tuple[str, forms.Field]]:
        return [(name, field) for name, field in self.fields.items() if name != "reason"]


class TotalField(AmountField):
    """An amount that is to stand refunded in all, read into minor units of the payment's currency."""

    def __init__(self, keeper: PaymentFacts, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keeper = keeper

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if typed is None:
            return None
        try:
            return money.to_minor(typed, self.keeper.currency)
        except money.InvalidAmount:
            raise forms.ValidationError(too_fine(self.keeper.currency)) from None


class CancelForm(ReasonForm):
    """How much is given back: all, since it is us who cancel; as agreed; or another amount, with a reason."""

    field_order = ("given_back", "total", "reason")

    def __init__(self, *args: Any, held: Standing, agreed: int, may_refund: bool, **kw: Any):
        super().__init__(*args, **kw)
        keeper = held.keeper
        if keeper is None or held.decision.current is None:
            return
        self.totals = {"full": keeper.captured, "agreed": agreed}
        choices = [
            ("full", _("All of it, since we cancel: %(amount)s")),
            ("agreed", _("As agreed where the invitee cancels: %(amount)s")),
        ]
        labels = [
            (name, text % {"amount": amount(self.totals[name], keeper.currency)})
            for name, text in choices
        ]
        if may_refund:
            labels.append(("other", _("Another amount")))
            self.fields["total"] = TotalField(
                keeper, label=_("Another amount"), help_text=_in_all(keeper)
            )
        self.fields["given_back"] = forms.ChoiceField(
            label=_("Give back"), choices=labels, initial="full", widget=forms.RadioSelect
        )
        self.keeper = keeper
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "given_back" not in self.fields:
            return cleaned
        if cleaned.get("given_back") != "other":
            if cleaned.get("total") is not None:
                self.add_error("total", _("Choose “Another amount” above for it, or empty this."))
            return {**cleaned, "total": self.totals.get(cleaned.get("given_back", ""), 0)}
        if not self.errors:
            _check_total(self, cleaned.get("total"), self.keeper, self.keeper.refunded)
        if not cleaned.get("reason"):
            self.add_error("reason", _("Say why it is another amount than was agreed."))
        return cleaned


class RefundForm(ReasonForm):
    """How much is to stand refunded in all."""

    field_order = ("total", "reason")

    def __init__(self, *args: Any, held: Standing, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.keeper = keeper = held.keeper
        if keeper is None:
            return
        self.fields["total"] = TotalField(
            keeper,
            required=True,
            label=_("Given back in all"),
            help_text=_in_all(keeper),
            initial=money.to_decimal(keeper.captured, keeper.currency),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.keeper and not self.errors:
            # Who confirms what a colleague has confirmed a moment ago asks for the same.
            least = self.keeper.refunded if "shown" in self.data else self.keeper.refunded + 1
            _check_total(self, cleaned["total"], self.keeper, least)
        return cleaned


class NoForm(ReasonForm):
    """Nothing is asked."""

    reason = None


class UntilForm(ReasonForm):
    """Until when a time is held."""

    field_order = ("session_type", "site", "until", "reason")

    reason = None
    until = forms.DateTimeField(label=gettext_lazy("Until"), widget=AdminDateTimeInput())

    def __init__(self, *args: Any, starts_at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.latest = starts_at - BEFORE_START
        proposed = min(timezone.now() + PROPOSED, self.latest)
        self.fields["until"].initial = timezone.localtime(proposed).replace(second=0, microsecond=0)
        self.order_fields(self.field_order)

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("This is over already. Choose a later time."))
        if until > self.latest:
            raise forms.ValidationError(
                _("The session begins at %(start)s. Choose a time at least five minutes before.")
                % {"start": when.moment(self.latest + BEFORE_START, _zone())}
            )
        return until


class AdoptForm(ReasonForm):
    """Which session an appointment is of, where several are offered for its event type, and on which site."""

    field_order = ("session_type", "site", "until", "reason")

    session_type = forms.ModelChoiceField(
        label=gettext_lazy("Session type"),
        queryset=SessionType.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, offered: QuerySet[SessionType], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._offer("session_type", offered)
        self._offer("site", Site.objects.order_by("-is_default_site", "hostname"))
        self.order_fields(self.field_order)

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        """Where there is one only, nothing is asked."""
        field = self.fields[name]
        field.queryset = rows  # type: ignore[attr-defined]
        field.initial = rows.first()
        if len(rows) == 1:
            field.widget = forms.HiddenInput()


class AdoptUntilForm(AdoptForm, UntilForm):
    """Both: which session, and until when its time is held."""

    reason = None


def _zone() -> str:
    return timezone.get_current_timezone_name()


def _in_all(keeper: PaymentFacts) -> str:
    return _("Together with what is given back already: %(refunded)s of %(captured)s.") % {
        "refunded": amount(keeper.refunded, keeper.currency),
        "captured": amount(keeper.captured, keeper.currency),
    }


def _check_total(form: forms.Form, total: int | None, keeper: PaymentFacts, least: int) -> None:
    if total is None:
        form.add_error("total", _("Say how much."))
    elif total > keeper.captured:
        most = amount(keeper.captured, keeper.currency)
        form.add_error("total", _("Only %(most)s was paid.") % {"most": most})
    elif total < least:
        given = amount(keeper.refunded, keeper.currency)
        form.add_error(
            "total", _("%(given)s is given back already. Say more than that.") % {"given": given}
        )
