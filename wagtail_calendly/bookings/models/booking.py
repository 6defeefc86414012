"""A visitor's reservation, and what Calendly said of the appointments that belong to it."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models.functions import Lower, Right
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_calendly.bookings.models.keys import begins, domain_of, name_from_word
from wagtail_calendly.bookings.models.statuses import PaymentStatus, Status
from wagtail_calendly.snippets.models import EventType, Terms


def new_token() -> str:
    """256 unguessable bits for the address of a status page."""
    return secrets.token_urlsafe(32)


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings, and how facts are written to them."""

    def mark_due(self, **facts: Any) -> int:
        """Write facts, and in the same statement the mark that these bookings must be settled again."""
        return self.update(version=models.F("version") + 1, next_check_at=timezone.now(), **facts)


class Booking(models.Model):
    """One visitor's reservation. `status` and its neighbours are derived from facts and written by settle only."""

    reference = models.CharField(_("reference"), max_length=64, unique=True)
    #: What staff read of it, and search by.
    reference_end = models.GeneratedField(
        expression=Right("reference", 6),
        output_field=models.CharField(max_length=6),
        db_persist=True,
    )
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    terms = models.ForeignKey(
        Terms, verbose_name=_("terms"), on_delete=models.PROTECT, related_name="bookings"
    )
    account = models.CharField(_("account"), max_length=50, default="default")
    site = models.ForeignKey(
        "wagtailcore.Site",
        verbose_name=_("site"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    page_id = models.PositiveBigIntegerField(_("page"), null=True, blank=True)
    tracking = models.JSONField(_("campaign"), default=dict, blank=True)

    claimed_at = models.DateTimeField(_("claimed by the visitor at"), null=True, blank=True)
    claimed_invitee_uri = models.CharField(max_length=255, blank=True)

    #: The single-use link of a session paid before; shown to nobody until it is.
    scheduling_link = models.URLField(max_length=500, blank=True)
    link_made_at = models.DateTimeField(null=True, blank=True)

    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.PENDING
    )
    payment_status = models.CharField(
        _("payment"),
        max_length=20,
        choices=PaymentStatus.choices,
        default=PaymentStatus.NOT_REQUIRED,
    )
    attention = models.CharField(_("attention"), max_length=200, blank=True)
    calendly_event_uri = models.CharField(_("event"), max_length=255, blank=True)
    calendly_invitee_uri = models.CharField(_("invitee"), max_length=255, blank=True)
    hold_until = models.DateTimeField(_("held until"), null=True, blank=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)

    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    #: The version that the daily totals have seen.
    counted_version = models.IntegerField(default=-1, db_default=-1, editable=False)
    next_check_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        #: Nobody writes a booking: whoever manages it asks, and everything goes through facts and settle.
        default_permissions = ("view",)
        permissions = [
            ("manage_booking", "Can manage bookings"),
            ("refund_booking", "Can give money back"),
            ("configure_booking", "Can see and mend the connection to Calendly and Stripe"),
            ("erase_booking", "Can export and erase what is kept of a person"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="wc_booking_created"),
            models.Index(fields=["status", "-created_at"], name="wc_booking_status"),
            models.Index(fields=["payment_status", "-created_at"], name="wc_booking_payment"),
            models.Index(
                fields=["-created_at"],
                name="wc_booking_attention",
                condition=~models.Q(attention=""),
            ),
            models.Index(fields=["starts_at"], name="wc_booking_starts"),
            models.Index(fields=["page_id", "-created_at"], name="wc_booking_page"),
            models.Index(fields=["reference_end"], name="wc_booking_reference_end"),
            models.Index(
                fields=["next_check_at"],
                name="wc_booking_due",
                condition=models.Q(next_check_at__isnull=False),
            ),
            models.Index(fields=["calendly_invitee_uri"], name="wc_booking_invitee"),
            models.Index(
                fields=["ends_at"],
                name="wc_booking_kept",
                condition=models.Q(erased_at__isnull=True),
            ),
            models.Index(
                fields=["id"],
                name="wc_booking_uncounted",
                condition=models.Q(counted_version__lt=models.F("version")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms.session_type} ({self.reference[-6:]})"

    @property
    def current_appointment(self) -> Appointment | None:
        """The appointment that stands now; after a cancellation the last one that stood."""
        appointments = list(self.appointments.all())
        for appointment in appointments:
            if appointment.invitee_uri == self.calendly_invitee_uri:
                return appointment
        return appointments[-1] if appointments else None

    @property
    def calendly_event_id(self) -> str:
        return self.calendly_event_uri.rsplit("/", 1)[-1]

    @property
    def calendly_invitee_id(self) -> str:
        return self.calendly_invitee_uri.rsplit("/", 1)[-1]


class Appointment(models.Model):
    """What Calendly said of one invitee URI. A reschedule makes a second one on the same booking.

    The fields under "invitee" and under "event" are two registers; each is replaced as a whole, by the
    larger key of (canceled, updated_at, observed_at, digest). `record` holds the rule.
    """

    account = models.CharField(_("account"), max_length=50, default="default")
    booking = models.ForeignKey(
        Booking,
        verbose_name=_("booking"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    event_type = models.ForeignKey(
        EventType,
        verbose_name=_("event type"),
        null=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    event_type_uri = models.CharField(max_length=255, blank=True)
    reference = models.CharField(_("reference"), max_length=64, blank=True, db_index=True)
    #: Where Calendly dropped our reference: the one whose holder proved in their browser that it is theirs,
    #: or that staff gave it.
    given_reference = models.CharField(max_length=64, blank=True, db_index=True)
    attention = models.CharField(_("attention"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    # What Calendly said of the invitee.
    invitee_uri = models.CharField(_("invitee"), max_length=255, unique=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    email = models.CharField(_("e-mail"), max_length=320, blank=True)
    # By these staff find it; the database derives them, so they go with what they are derived from.
    name_key = name_from_word(1)
    second_name_key = name_from_word(2)
    third_name_key = name_from_word(3)
    email_key = models.GeneratedField(
        expression=Lower("email"), output_field=models.CharField(max_length=320), db_persist=True
    )
    domain_key = domain_of("email")
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    questions_and_answers = models.JSONField(_("answers"), default=list, blank=True)
    tracking = models.JSONField(_("campaign"), default=dict, blank=True)
    cancel_url = models.URLField(max_length=500, blank=True)
    reschedule_url = models.URLField(max_length=500, blank=True)
    invitee_status = models.CharField(_("status"), max_length=20, blank=True)
    rescheduled = models.BooleanField(_("rescheduled"), default=False)
    old_invitee_uri = models.CharField(max_length=255, blank=True, db_index=True)
    new_invitee_uri = models.CharField(max_length=255, blank=True, db_index=True)
    canceler_type = models.CharField(_("canceled by"), max_length=20, blank=True)
    canceled_at = models.DateTimeField(_("canceled at"), null=True, blank=True)
    cancel_reason = models.TextField(_("reason"), blank=True)
    no_show_uri = models.CharField(max_length=255, blank=True)
    invitee_created_at = models.DateTimeField(null=True, blank=True)
    invitee_updated_at = models.DateTimeField(null=True, blank=True)
    invitee_observed_at = models.DateTimeField(null=True, blank=True)
    invitee_digest = models.CharField(max_length=64, blank=True)

    # What Calendly said of the event.
    event_uri = models.CharField(_("event"), max_length=255, db_index=True)
    event_status = models.CharField(_("status of the event"), max_length=20, blank=True)
    start_time = models.DateTimeField(_("start"), null=True, blank=True)
    end_time = models.DateTimeField(_("end"), null=True, blank=True)
    location = models.JSONField(_("location"), default=dict, blank=True)
    hosts = models.JSONField(_("hosts"), default=list, blank=True)
    event_updated_at = models.DateTimeField(null=True, blank=True)
    event_observed_at = models.DateTimeField(null=True, blank=True)
    event_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["invitee_created_at", "pk"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["-recorded_at"],
                name="wc_appointment_unlinked",
                condition=models.Q(booking__isnull=True),
            ),
            begins("name_key"),
            begins("second_name_key"),
            begins("third_name_key"),
            begins("email_key"),
            models.Index(fields=["domain_key"], name="wc_appointment_domain"),
            models.Index(
                fields=["end_time"],
                name="wc_appointment_kept",
                condition=models.Q(booking__isnull=True, erased_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.invitee_uri.rsplit("/", 1)[-1]
