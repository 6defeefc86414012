"""What must happen outside, and what senders delivered: rows that workers claim, try and finish."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.bookings.models.booking import Booking


class Work(models.Model):
    """A piece of work with a lease and a back-off, safe to claim from many workers."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        IGNORED = "ignored", _("ignored")
        DEAD = "dead", _("given up")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(_("last error"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        abstract = True


class Effect(Work):
    """Something that must happen outside, at most once for each key: the outbox."""

    class Kind(models.TextChoices):
        LOOK_UP = "look_up", _("ask Calendly for the booking")
        LOOK_UP_SUCCESSOR = "look_up_successor", _("ask Calendly for the new time")
        REFRESH = "refresh", _("ask Calendly for the place")
        OPEN_CHECKOUT = "open_checkout", _("open the payment page")
        LOOK_UP_PAYMENT = "look_up_payment", _("ask for the payment")
        EXPIRE_CHECKOUT = "expire_checkout", _("close the payment page")
        CANCEL_EVENT = "cancel_event", _("cancel at Calendly")
        REFUND = "refund", _("give the money back")
        CREATE_LINK = "create_link", _("make the link to choose a time")
        NOTIFY = "notify", _("send a mail")
        MARK_NO_SHOW = "mark_no_show", _("mark as no-show at Calendly")
        UNDO_NO_SHOW = "undo_no_show", _("take back the no-show at Calendly")
        BOOK = "book", _("book the time at Calendly")

    booking = models.ForeignKey(
        Booking, verbose_name=_("booking"), on_delete=models.CASCADE, related_name="effects"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    key = models.CharField(max_length=150, unique=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="wc_effect_open", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["finished_at"], name="wc_effect_dead", condition=models.Q(state="dead")
            ),
        ]

    def __str__(self) -> str:
        return self.key


class WebhookDelivery(Work):
    """What a sender posted, unique by the SHA-256 of its raw body, stored before it is worked on: the inbox."""

    class Sender(models.TextChoices):
        CALENDLY = "calendly", "Calendly"
        STRIPE = "stripe", "Stripe"

    sender = models.CharField(_("sender"), max_length=20, choices=Sender.choices)
    account = models.CharField(_("account"), max_length=50, default="default")
    digest = models.CharField(max_length=64, unique=True)
    event = models.CharField(_("event"), max_length=100, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="wc_delivery_open", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["created_at"], name="wc_delivery_dead", condition=models.Q(state="dead")
            ),
            models.Index(fields=["finished_at"], name="wc_delivery_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.sender}/{self.event}/{self.digest[:8]}"
