"""What is known of an account: its health, which of its events were read, how often it was used."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Connection(models.Model):
    """What is known of an account's health: who it is, its webhook subscription, when things last happened."""

    account = models.CharField(_("account"), max_length=50, unique=True)
    user_uri = models.CharField(max_length=255, blank=True)
    organization_uri = models.CharField(max_length=255, blank=True)
    #: The host of the one installation that acts for it; of a copy of the database it is another.
    serves = models.CharField(max_length=253, blank=True, editable=False)
    subscription_uri = models.CharField(max_length=255, blank=True)
    subscription_state = models.CharField(max_length=20, blank=True)
    problem = models.CharField(_("problem"), max_length=255, blank=True)
    last_delivery_at = models.DateTimeField(_("last delivery"), null=True, blank=True)
    last_sync_at = models.DateTimeField(_("last sync"), null=True, blank=True)
    last_sync = models.JSONField(default=dict, blank=True)
    last_poll_at = models.DateTimeField(_("last poll"), null=True, blank=True)
    poll_turn_at = models.DateTimeField(null=True, blank=True, editable=False)
    sync_turn_at = models.DateTimeField(null=True, blank=True, editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    worker_seen_at = models.DateTimeField(_("worker last seen"), null=True, blank=True)
    said = models.JSONField(default=dict, blank=True)
    examined_at = models.DateTimeField(_("examined at"), null=True, blank=True)
    #: Who made the row by hand looked by hand; `health.connection` leaves that to the clock.
    examine_turn_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        default_permissions = ()

    def __str__(self) -> str:
        return self.account


class PolledEvent(models.Model):
    """How an event stood when its invitees were last read, so that a poll reads only what changed."""

    account = models.CharField(max_length=50)
    event_uri = models.CharField(max_length=255, unique=True)
    fingerprint = models.CharField(max_length=64)
    start_time = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("polled event")
        verbose_name_plural = _("polled events")
        default_permissions = ()

    def __str__(self) -> str:
        return self.event_uri.rsplit("/", 1)[-1]


class RequestCounter(models.Model):
    """How often something was asked for in the current window: limits that hold on any cache and any process."""

    key = models.CharField(max_length=100, unique=True)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("request counter")
        verbose_name_plural = _("request counters")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
