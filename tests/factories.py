"""Builds rows for tests: event types, session types with their terms, bookings, appointments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils.timezone import now
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site

from wagtail_calendly.bookings import reference
from wagtail_calendly.bookings.models import Appointment, Booking
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets import terms as published_terms
from wagtail_calendly.snippets.models import EventType, SessionType, Terms

API = "https://api.calendly.com"


def default_locale() -> Locale:
    locale, _ = Locale.objects.get_or_create(language_code="en")
    return locale


def default_site() -> Site:
    """The default site; made anew where a transactional test has emptied the database."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        default_locale()
        root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
        site = Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)
    return site


class EventTypeFactory(DjangoModelFactory):
    """An active one-to-one event type of half an hour."""

    class Meta:
        model = EventType

    uri = factory.Sequence(lambda number: f"{API}/event_types/ET{number}")
    name = factory.Sequence(lambda number: f"Consultation {number}")
    slug = factory.Sequence(lambda number: f"consultation-{number}")
    scheduling_url = factory.LazyAttribute(lambda row: f"https://calendly.com/ada-host/{row.slug}")
    duration = 30
    type = "StandardEventType"
    host_name = "Ada Host"
    host_uri = f"{API}/users/USER"
    locations = [{"kind": "zoom_conference"}]


class SessionTypeFactory(DjangoModelFactory):
    """A live, free session type; saving it publishes its terms."""

    class Meta:
        model = SessionType

    title = factory.Sequence(lambda number: f"First talk {number}")
    slug = factory.Sequence(lambda number: f"first-talk-{number}")
    summary = "Half an hour to get to know each other."
    description = "<p>A first talk.</p>"
    event_type = factory.SubFactory(EventTypeFactory)
    locale = factory.LazyFunction(default_locale)
    live = True


class TermsFactory(DjangoModelFactory):
    """The terms on which a session type is offered as it is; arguments go to the session type."""

    class Meta:
        model = Terms

    session_type = factory.SubFactory(SessionTypeFactory)

    @classmethod
    def _create(cls, model_class: type[Terms], *args: Any, **kwargs: Any) -> Terms:
        return published_terms.publish(kwargs["session_type"])


class BookingFactory(DjangoModelFactory):
    """A booking that nothing is known of yet."""

    class Meta:
        model = Booking

    terms = factory.SubFactory(TermsFactory)
    site = factory.LazyFunction(default_site)
    reference = factory.LazyAttribute(
        lambda row: reference.mint(terms_id=row.terms.pk, site_id=row.site.pk).text
    )
    account = factory.LazyAttribute(lambda row: row.terms.event_type.account)


class AppointmentFactory(DjangoModelFactory):
    """An active appointment the day after tomorrow, on a booking; `booking=None` makes it unlinked.

    The booking's own status is settle's to write: call `settle`, or use `ConfirmedBookingFactory`.
    """

    class Meta:
        model = Appointment

    booking = factory.SubFactory(BookingFactory)
    account = "default"
    event_type = factory.LazyAttribute(
        lambda row: row.booking.terms.event_type if row.booking else None
    )
    event_type_uri = factory.LazyAttribute(lambda row: row.event_type.uri if row.event_type else "")
    reference = factory.LazyAttribute(lambda row: row.booking.reference if row.booking else "")
    event_uri = factory.Sequence(lambda number: f"{API}/scheduled_events/EV{number}")
    invitee_uri = factory.LazyAttributeSequence(lambda row, n: f"{row.event_uri}/invitees/IN{n}")
    name = "Vi Sitor"
    email = "vi@example.org"
    timezone = "Europe/Paris"
    cancel_url = factory.LazyAttribute(
        lambda row: f"https://calendly.com/cancellations/{row.invitee_uri.rsplit('/', 1)[-1]}"
    )
    reschedule_url = factory.LazyAttribute(
        lambda row: f"https://calendly.com/reschedulings/{row.invitee_uri.rsplit('/', 1)[-1]}"
    )
    invitee_status = "active"
    invitee_created_at = factory.LazyFunction(now)
    invitee_updated_at = factory.SelfAttribute("invitee_created_at")
    invitee_observed_at = factory.SelfAttribute("invitee_created_at")
    invitee_digest = "0" * 64
    event_status = "active"
    start_time = factory.LazyAttribute(lambda row: row.invitee_created_at + timedelta(days=2))
    end_time = factory.LazyAttribute(lambda row: row.start_time + timedelta(minutes=30))
    location = {
        "kind": "zoom_conference",
        "status": "pushed",
        "join_url": "https://zoom.example/j/123",
    }
    hosts = [{"uri": f"{API}/users/USER", "name": "Ada Host"}]
    event_updated_at = factory.SelfAttribute("invitee_created_at")
    event_observed_at = factory.SelfAttribute("invitee_created_at")
    event_digest = "0" * 64


class ConfirmedBookingFactory(BookingFactory):
    """A booking with an active appointment, settled by the real rules.

    `appointment__start_time=…` and the like change the appointment, and thereby the status.
    """

    class Meta:
        skip_postgeneration_save = True

    appointment = factory.RelatedFactory(AppointmentFactory, factory_related_name="booking")

    @factory.post_generation
    def settled(self: Booking, create: bool, extracted: Any, **kwargs: Any) -> None:
        settle(self.pk, because="test")
        self.refresh_from_db()
