"""Of whom nothing may be kept any more, known by what their bookings are called at Calendly."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Tombstone(models.Model):
    """An invitee whose personal data were erased: whatever tells of them later is recorded without these.

    It outlives rows, and stands where there never was one: for the next appointment of a chain of reschedules.
    """

    #: SHA-256 of the invitee's URI.
    invitee = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        default_permissions = ()

    def __str__(self) -> str:
        return self.invitee[:8]
