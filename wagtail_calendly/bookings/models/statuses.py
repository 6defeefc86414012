"""The words for where a booking stands, what became of its money, and why staff must look. Public values."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a booking stands. Public values."""

    PENDING = "pending", _("waiting for Calendly")
    AWAITING_PAYMENT = "awaiting_payment", _("awaiting payment")
    AWAITING_SCHEDULE = "awaiting_schedule", _("awaiting a time")
    CONFIRMED = "confirmed", _("confirmed")
    COMPLETED = "completed", _("completed")
    NO_SHOW = "no_show", _("no-show")
    CANCELED = "canceled", _("canceled")
    EXPIRED = "expired", _("expired")
    ABANDONED = "abandoned", _("abandoned")


class PaymentStatus(models.TextChoices):
    """What became of the money. Public values."""

    NOT_REQUIRED = "not_required", _("not required")
    UNPAID = "unpaid", _("unpaid")
    PROCESSING = "processing", _("processing")
    PAID = "paid", _("paid")
    PARTIALLY_REFUNDED = "partially_refunded", _("partially refunded")
    REFUNDED = "refunded", _("refunded")
    DISPUTED = "disputed", _("disputed")


class Attention(models.TextChoices):
    """Why staff must look at a booking or an appointment. Public values; several are joined by spaces."""

    EFFECT_FAILED = "effect_failed", _("something could not be done; we gave up trying")
    UNPAID = "unpaid", _("booked, but not paid")
    PAYMENT_MISMATCH = "payment_mismatch", _("paid another amount than was asked for")
    PAYMENT_REFUSED = "payment_refused", _("the payment provider refused to take a payment")
    PAYMENT_SLOW = "payment_slow", _("the money has been on its way for long")
    REFUND_FAILED = "refund_failed", _("a refund failed; the money is still here")
    DISPUTED = "disputed", _("the payer disputes the payment")
    REFUNDED_BUT_BOOKED = "refunded_but_booked", _("booked, though the money was given back")
    REFERENCE_USED_TWICE = "reference_used_twice", _("booked again with a link already used")
    REFERENCE_MISMATCH = "reference_mismatch", _("booked with a link made for something else")
    NOT_THROUGH_SITE = (
        "not_through_site",
        _("booked past this site, though the session has a price"),
    )

    @classmethod
    def in_words(cls, codes: str) -> list[str]:
        """The reasons that `attention` holds, for people."""
        return [str(cls(code).label) for code in codes.split()]
