"""The mirror of Calendly's event types: read-only for people, written by sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.snippets import markup

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class EventType(models.Model):
    """Our read-only mirror of a Calendly event type. Written by sync only; never deleted while referenced.

    Field names are Calendly's where the meaning is the same.
    https://developer.calendly.com/api-docs/calendly-api/event-types
    """

    account = models.CharField(_("account"), max_length=50, default="default", db_index=True)
    uri = models.CharField(_("URI"), max_length=255, unique=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    slug = models.CharField(_("slug"), max_length=255, blank=True)
    scheduling_url = models.URLField(_("scheduling page"), max_length=500, blank=True)
    duration = models.PositiveIntegerField(_("duration in minutes"))
    duration_options = models.JSONField(_("duration options"), default=list, blank=True)
    kind = models.CharField(_("kind"), max_length=20, default="solo")
    pooling_type = models.CharField(_("pooling type"), max_length=20, blank=True)
    type = models.CharField(_("type"), max_length=50, blank=True)
    booking_method = models.CharField(_("booking method"), max_length=20, default="instant")
    color = models.CharField(_("colour"), max_length=20, blank=True)
    description_html = models.TextField(_("description"), blank=True)
    host_name = models.CharField(_("host"), max_length=255, blank=True)
    host_uri = models.CharField(_("host URI"), max_length=255, blank=True)
    active = models.BooleanField(_("active"), default=True)
    secret = models.BooleanField(_("secret"), default=False)
    is_paid = models.BooleanField(_("paid at Calendly"), default=False)
    admin_managed = models.BooleanField(_("managed by an administrator"), default=False)
    locations = models.JSONField(_("locations"), default=list, blank=True)
    custom_questions = models.JSONField(_("questions"), default=list, blank=True)
    locale = models.CharField(_("language of its page"), max_length=10, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    remote_updated_at = models.DateTimeField(_("changed at Calendly"), null=True, blank=True)
    missing_since = models.DateTimeField(_("missing since"), null=True, blank=True)

    class Meta:
        ordering = ["account", "position", "name", "pk"]
        verbose_name = _("event type")
        verbose_name_plural = _("event types")
        # Nobody edits a mirror: there is nothing to add, change or delete.
        default_permissions = ("view",)
        permissions = [("sync_eventtype", "Can sync event types with Calendly")]

    def __str__(self) -> str:
        return self.name or self.slug or self.uri.rsplit("/", 1)[-1]

    @property
    def is_group(self) -> bool:
        return self.kind == "group"

    @property
    def refusal(self) -> StrPromise | str:
        """Why no session type can be made of it, with the mend, for editors; empty when one can."""
        if self.booking_method == "poll":
            return _(
                "This is a meeting poll, which has no calendar to book from. "
                "Choose an event type that visitors can book at once."
            )
        if self.is_paid:
            return _(
                "Calendly itself takes payment for this event type, so visitors would be asked to pay "
                "twice. Turn the payment off at Calendly, sync again, and set the price here."
            )
        return ""

    @property
    def description(self) -> SafeString:
        """Calendly's description as safe HTML."""
        return markup.clean(self.description_html)
