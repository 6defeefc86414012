"""Terms: what was offered at one moment, kept so that nothing changes under a booking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.snippets.event_types import EventType

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import SessionType


#: Minutes in which an unpaid slot stays held, and days in which a paid session can be scheduled.
HOLD_MINUTES = 30
LINK_DAYS = 30


class PaymentOrder(models.TextChoices):
    """When a priced session is paid. Public values."""

    AFTER_SCHEDULING = "after", _("after choosing a time")
    BEFORE_SCHEDULING = "before", _("before choosing a time")


class Terms(models.Model):
    """What was offered at one moment. Immutable and unique by content; references and bookings point here."""

    #: The columns that make two rows the same terms.
    CONTENT = ("session_type_id", "event_type_id", "price", "currency", "payment_order")
    #: Columns that came later; they count where they differ from their defaults, so that older rows stay the same.
    LATER: ClassVar[dict[str, Any]] = {
        "deposit": 0,
        "hold_minutes": HOLD_MINUTES,
        "link_days": LINK_DAYS,
        "allows_promotion_codes": False,
        "adds_tax": False,
        "tiers": [],
    }

    session_type = models.ForeignKey(
        "wagtail_calendly.SessionType",
        verbose_name=_("session type"),
        on_delete=models.CASCADE,
        related_name="terms",
    )
    event_type = models.ForeignKey(
        EventType, verbose_name=_("event type"), on_delete=models.PROTECT, related_name="terms"
    )
    price = models.PositiveBigIntegerField(_("price"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    payment_order = models.CharField(_("payment"), max_length=10, choices=PaymentOrder.choices)
    deposit = models.PositiveBigIntegerField(_("deposit"), default=0)
    hold_minutes = models.PositiveSmallIntegerField(_("hold"), default=HOLD_MINUTES)
    link_days = models.PositiveSmallIntegerField(_("validity of the link"), default=LINK_DAYS)
    allows_promotion_codes = models.BooleanField(_("promotion codes"), default=False)
    adds_tax = models.BooleanField(_("tax on top"), default=False)
    #: The cancellation policy: [[hours before the start, percent refunded], …], most hours first.
    tiers = models.JSONField(_("cancellation policy"), default=list, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return f"{self.session_type_id}/{self.digest[:8]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes a new row. Raises `TypeError` for one that exists: bookings rely on what it says."""
        if not self._state.adding:
            raise TypeError("Terms are immutable; publish the session type to write new ones.")
        super().save(*args, **kwargs)

    @property
    def charge(self) -> int:
        """What is paid through the site, in minor units; the rest of the price is settled elsewhere."""
        return self.deposit or self.price

    @classmethod
    def digest_of(cls, content: dict[str, Any]) -> str:
        """The key of one content: SHA-256 over its columns in a fixed order."""
        values = [content[name] for name in cls.CONTENT]
        later = {
            name: content[name]
            for name, default in sorted(cls.LATER.items())
            if content.get(name, default) != default
        }
        canonical = json.dumps(values + [later] * bool(later), separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def content_of(session_type: SessionType) -> dict[str, Any]:
    """The terms that a session type stands for as it is now, without touching the database."""
    return {
        "session_type_id": session_type.pk,
        "event_type_id": session_type.event_type_id,
        "price": session_type.price,
        "currency": session_type.currency,
        "payment_order": str(session_type.payment_order),
        **(_of_money(session_type) if session_type.price else Terms.LATER),
    }


def _of_money(session_type: SessionType) -> dict[str, Any]:
    policy = session_type.cancellation_policy
    return {
        "deposit": session_type.deposit,
        "hold_minutes": session_type.hold_minutes,
        "link_days": session_type.link_days,
        "allows_promotion_codes": session_type.allows_promotion_codes,
        "adds_tax": session_type.adds_tax,
        "tiers": policy.as_tiers() if policy else [],
    }


def concern(update_fields: Iterable[str] | None) -> bool:
    """Whether saving these fields of a session type (None: all) may change what is offered."""
    columns = {*Terms.CONTENT, *Terms.LATER, "event_type", "cancellation_policy", "live"}
    return update_fields is None or not columns.isdisjoint(update_fields)


def publish(session_type: SessionType) -> Terms:
    """The terms of a session type that is live, written if they are new."""
    content = content_of(session_type)
    terms, _created = Terms.objects.get_or_create(digest=Terms.digest_of(content), defaults=content)
    return terms


def terms_for(session_type: SessionType) -> Terms:
    """The terms on which a live session type is offered now: one query by digest, nothing is written.

    Raises `Terms.DoesNotExist` for a session type that was never live as it is.
    """
    return Terms.objects.get(digest=Terms.digest_of(content_of(session_type)))
