"""What the report counts: sums by day, so that no report reads the bookings; and turns of work done once a day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.snippets.models import SessionType

#: The longest campaign value that is told apart. Three of them must fit into the key of an index.
LONGEST_CAMPAIGN = 100


class DailyTotal(models.Model):
    """The sums of one day, session type, page, campaign and currency; money in minor units of the currency.

    `opened` is counted as it happens. Everything else is derived from bookings, payments and refunds, and
    replaced whenever they change. A day is one in the time zone of the settings. `booked`, `paid`, `canceled`
    and `no_show` belong to the day on which the booking was made, money to the day on which it moved.
    """

    KEY = (
        "day",
        "session_type_id",
        "page_id",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "currency",
    )
    DERIVED = ("booked", "paid", "canceled", "no_show", "revenue", "refunded")
    COUNTS = ("opened", *DERIVED)

    day = models.DateField(_("day"))
    session_type = models.ForeignKey(
        SessionType, verbose_name=_("session type"), on_delete=models.CASCADE, related_name="+"
    )
    #: 0: no page. NULLs would not be equal to each other in the key.
    page_id = models.PositiveBigIntegerField(_("page"), default=0)
    utm_source = models.CharField(_("source"), max_length=LONGEST_CAMPAIGN, blank=True)
    utm_medium = models.CharField(_("medium"), max_length=LONGEST_CAMPAIGN, blank=True)
    utm_campaign = models.CharField(_("campaign"), max_length=LONGEST_CAMPAIGN, blank=True)
    #: Empty: nothing is paid through the site.
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    opened = models.PositiveIntegerField(_("opened"), default=0)
    booked = models.PositiveIntegerField(_("booked"), default=0)
    paid = models.PositiveIntegerField(_("paid"), default=0)
    canceled = models.PositiveIntegerField(_("canceled"), default=0)
    no_show = models.PositiveIntegerField(_("no-shows"), default=0)
    revenue = models.PositiveBigIntegerField(_("revenue"), default=0)
    refunded = models.PositiveBigIntegerField(_("refunded"), default=0)

    class Meta:
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "day",
                    "session_type",
                    "page_id",
                    "utm_source",
                    "utm_medium",
                    "utm_campaign",
                    "currency",
                ],
                name="wc_daily_total_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} ({self.session_type_id})"


class Turn(models.Model):
    """When work that one worker does for the whole site, once a day or so, is due again."""

    name = models.CharField(max_length=50, unique=True)
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
