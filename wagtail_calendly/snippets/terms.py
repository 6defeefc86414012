"""Terms: what was offered at one moment, kept so that nothing changes under a booking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.snippets.event_types import EventType

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import SessionType


class PaymentOrder(models.TextChoices):
    """When a priced session is paid. Public values."""

    AFTER_SCHEDULING = "after", _("after choosing a time")
    BEFORE_SCHEDULING = "before", _("before choosing a time")


class Terms(models.Model):
    """What was offered at one moment. Immutable and unique by content; references and bookings point here."""

    #: The columns that make two rows the same terms.
    CONTENT = ("session_type_id", "event_type_id", "price", "currency", "payment_order")

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

    @classmethod
    def digest_of(cls, content: dict[str, Any]) -> str:
        """The key of one content: SHA-256 over its columns in a fixed order."""
        canonical = json.dumps([content[name] for name in cls.CONTENT], separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def content_of(session_type: SessionType) -> dict[str, Any]:
    """The terms that a session type stands for as it is now, without touching the database."""
    return {
        "session_type_id": session_type.pk,
        "event_type_id": session_type.event_type_id,
        "price": session_type.price,
        "currency": session_type.currency,
        "payment_order": str(session_type.payment_order),
    }


def concern(update_fields: Iterable[str] | None) -> bool:
    """Whether saving these fields of a session type (None: all) may change what is offered."""
    return update_fields is None or not {*Terms.CONTENT, "event_type", "live"}.isdisjoint(
        update_fields
    )


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
