"""What became of the money of a booking, and what was asked for: payments, refunds, requests."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_calendly.bookings.models.booking import Booking


def new_attempt() -> str:
    """The key of an attempt to pay: opaque, carried by the provider, never a proof of anything."""
    return secrets.token_urlsafe(18)


class PaymentState(models.TextChoices):
    """Where an attempt to pay stands. It only ever moves down this list, except that all of them may turn out paid."""

    OPENING = "opening", _("about to be opened")
    OPEN = "open", pgettext_lazy("of a payment", "open")
    PROCESSING = "processing", _("processing")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", pgettext_lazy("of a payment", "expired")
    REFUSED = "refused", _("refused by the provider")
    PAID = "paid", _("paid")


class Payment(models.Model):
    """One attempt to pay, and what the provider said of its checkout session.

    The row is committed before the provider is called. What is said is one register, replaced as a whole by
    the larger (state, observed_at, digest). Money in minor units of `currency`; `amount` is what we asked for.
    """

    #: States in which no second attempt may begin.
    UNDECIDED = (PaymentState.OPENING, PaymentState.OPEN, PaymentState.PROCESSING)

    booking = models.ForeignKey(
        Booking, verbose_name=_("booking"), on_delete=models.PROTECT, related_name="payments"
    )
    attempt = models.CharField(max_length=32, unique=True, default=new_attempt, editable=False)
    provider = models.CharField(_("provider"), max_length=20, default="stripe")
    mode = models.CharField(_("mode"), max_length=4, blank=True)
    amount = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now, editable=False)
    #: When the parameters were frozen: from then on the provider may know of it.
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    params = models.JSONField(default=dict, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    # What the provider said.
    state = models.CharField(
        _("state"), max_length=10, choices=PaymentState.choices, default=PaymentState.OPENING
    )
    checkout_id = models.CharField(_("checkout session"), max_length=255, blank=True)
    payment_intent = models.CharField(_("payment intent"), max_length=255, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    subtotal = models.PositiveBigIntegerField(_("subtotal"), default=0)
    total = models.PositiveBigIntegerField(_("total"), default=0)
    discount = models.PositiveBigIntegerField(_("discount"), default=0)
    tax = models.PositiveBigIntegerField(_("tax"), default=0)
    captured = models.PositiveBigIntegerField(_("captured"), default=0)
    said_currency = models.CharField(max_length=3, blank=True)
    email = models.CharField(_("e-mail"), max_length=320, blank=True)
    receipt_url = models.URLField(max_length=2000, blank=True)
    dispute = models.CharField(_("dispute"), max_length=10, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=models.Q(state__in=["opening", "open", "processing"]),
                name="wc_payment_one_undecided",
            ),
            models.UniqueConstraint(
                fields=["checkout_id"],
                condition=~models.Q(checkout_id=""),
                name="wc_payment_checkout",
            ),
        ]
        indexes = [
            models.Index(fields=["payment_intent"], name="wc_payment_intent"),
            models.Index(Lower("email"), name="wc_payment_email"),
            models.Index(
                fields=["settled_at"],
                name="wc_payment_settled",
                condition=models.Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.checkout_id or self.attempt

    @property
    def refunded(self) -> int:
        """What is given back or on its way, in minor units."""
        return sum(one.amount for one in self.refunds.all() if one.counts)


class RefundState(models.TextChoices):
    """Where a refund stands. It only ever moves down this list."""

    ASKED = "asked", _("about to be asked for")
    PENDING = "pending", _("on its way")
    REQUIRES_ACTION = "requires_action", _("waiting for the payer")
    SUCCEEDED = "succeeded", _("given back")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", pgettext_lazy("of a refund", "canceled")
    REFUSED = "refused", _("refused by the provider")


class Refund(models.Model):
    """One refund. Ours is written before the provider is asked; `effect` is empty for one made elsewhere."""

    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds"
    )
    #: The key of the effect that asks for it, carried by the provider.
    effect = models.CharField(max_length=150, blank=True)
    refund_id = models.CharField(_("refund"), max_length=255, blank=True)
    amount = models.PositiveBigIntegerField(_("amount"))
    state = models.CharField(
        _("state"), max_length=20, choices=RefundState.choices, default=RefundState.ASKED
    )
    params = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["effect"], condition=~models.Q(effect=""), name="wc_refund_effect"
            ),
            models.UniqueConstraint(
                fields=["refund_id"], condition=~models.Q(refund_id=""), name="wc_refund_id"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="wc_refund_created")]

    def __str__(self) -> str:
        return self.refund_id or self.effect

    @property
    def counts(self) -> bool:
        """Whether its money is given back, or on its way."""
        failures = (RefundState.FAILED, RefundState.CANCELED, RefundState.REFUSED)
        return self.state not in failures


class Request(models.Model):
    """What a visitor or a member of staff asked for: a fact like any other, never taken back."""

    class Kind(models.TextChoices):
        PAY = "pay", _("pay")
        CANCEL = "cancel", _("cancel")
        CANCEL_EVENT = "cancel_event", _("cancel for everybody")
        GIVE_BACK = "give_back", _("the money back before choosing a time")
        REFUND = "refund", _("refund")
        EXTEND = "extend", _("hold longer")
        ASK_TO_PAY = "ask_to_pay", _("ask to pay")
        WAIVE = "waive", _("waive the payment")
        ACKNOWLEDGE = "acknowledge", _("nothing more to do")
        NO_SHOW = "no_show", _("mark as no-show")
        CAME = "came", _("take back the no-show")
        RESEND = "resend", _("send a mail again")
        INVITE = "invite", _("book for a client")
        BOOK = "book", _("book a time for the client")

    booking = models.ForeignKey(
        Booking, verbose_name=_("booking"), on_delete=models.PROTECT, related_name="requests"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    #: Empty: the visitor.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_staff = models.BooleanField(_("by staff"), default=False)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    #: Of a cancellation or a refund: what is to stand refunded in all afterwards, as it was shown.
    total = models.PositiveBigIntegerField(_("total refunded"), null=True, blank=True)
    #: Of a longer hold, or a demand to pay: its end.
    until = models.DateTimeField(_("until"), null=True, blank=True)
    #: Of an acknowledgement: the reason for attention that it settles. Of a mail to send again: which.
    code = models.CharField(max_length=40, blank=True)
    #: Of a refund: how many failed ones the person saw, so that asking again tries again.
    failures_seen = models.PositiveSmallIntegerField(default=0)
    #: Of an acknowledgement: what there was to the reason, so that what comes later is told.
    #: Of a whole event that is canceled: its URI, so that no other is.
    seen = models.JSONField(default=list, blank=True, editable=False)
    #: Of a booking to make for a client: their name, address, time and answers; emptied once it is made.
    details = models.JSONField(default=dict, blank=True, editable=False)
    #: When Calendly was seen to be as asked: what somebody changes there later stays changed.
    met_at = models.DateTimeField(null=True, blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        default_permissions = ()
        indexes = [
            # Those that say for whom.
            models.Index(
                fields=["booking"],
                name="wc_request_to_book",
                condition=models.Q(kind="book", met_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.at:%Y-%m-%d %H:%M})"
