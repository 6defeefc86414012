"""Rows of the release without payments go to the one with them, and back: part of a host's round trip."""

import hashlib
import json

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

OURS = "wagtail_calendly"
BEFORE = "0001_initial"
EVENT_TYPE = "https://api.calendly.com/event_types/ET"
KEPT = ("Terms", "Booking", "Appointment", "Effect", "WebhookDelivery")


def go() -> None:
    """Begins with an empty database; leaves the rows where they are, and all of our migrations applied."""
    executor = MigrationExecutor(connection)
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] != OURS]
    executor.migrate([*others, (OURS, BEFORE)])
    _fill(MigrationExecutor(connection).loader.project_state([(OURS, BEFORE)]).apps.get_model)
    call_command("migrate", OURS, verbosity=0)
    _check_that_nothing_waits_in_vain()
    _add_what_is_new()
    held = _rows()
    call_command("migrate", OURS, BEFORE, verbosity=0)
    call_command("migrate", OURS, verbosity=0)
    assert _rows() == held, "something was lost on the way back"


def _fill(model) -> None:
    """A free and a priced session, each with its terms; a booking that waits for Calendly; what was not worked on."""
    from tests.bookings.stories import Teller
    from wagtail_calendly.bookings import reference as references

    locale = model("wagtailcore", "Locale").objects.get()
    site = model("wagtailcore", "Site").objects.get()
    event_type = model(OURS, "EventType").objects.create(
        uri=EVENT_TYPE, name="Consultation", duration=30
    )
    for price, currency in ((0, ""), (6000, "EUR")):
        session_type = model(OURS, "SessionType").objects.create(
            title=f"For {price}",
            slug=f"for-{price}",
            event_type=event_type,
            locale=locale,
            price=price,
            currency=currency,
            sort_order=price,
        )
        content = [session_type.pk, event_type.pk, price, currency, "after"]
        terms = model(OURS, "Terms").objects.create(
            session_type=session_type,
            event_type=event_type,
            price=price,
            currency=currency,
            payment_order="after",
            # As the release without payments wrote it.
            digest=hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest(),
        )
        text = references.mint(terms_id=terms.pk, site_id=site.pk).text
        booking = model(OURS, "Booking").objects.create(
            reference=text,
            terms=terms,
            site=site,
            claimed_at=timezone.now(),
            next_check_at=timezone.now(),
        )
        key = f"{booking.pk}/look_up/{booking.claimed_at.isoformat()}"
        model(OURS, "Effect").objects.create(booking=booking, kind="look_up", key=key)
        body = Teller(event_type=EVENT_TYPE, reference=text).created(f"of{price}")
        for sender, event, said in (
            ("calendly", "invitee.created", body.decode()),
            ("calendly", "invitee.of_another_release", "{}"),
        ):
            digest = hashlib.sha256(f"{said}{price}".encode()).hexdigest()
            model(OURS, "WebhookDelivery").objects.create(
                sender=sender, event=event, body=said, digest=digest
            )


def _check_that_nothing_waits_in_vain() -> None:
    from wagtail_calendly.bookings import effects, inbox
    from wagtail_calendly.bookings.models import Booking, Effect, WebhookDelivery
    from wagtail_calendly.snippets.models import SessionType, Terms
    from wagtail_calendly.snippets.terms import publish, terms_for

    for session_type in SessionType.objects.all():
        old = Terms.objects.get(session_type=session_type)
        assert terms_for(session_type) == publish(session_type) == old, "other terms than before"
    assert inbox.work_due(timezone.now(), 10) == 4
    states = WebhookDelivery.objects.order_by("event").values_list("event", "state").distinct()
    assert dict(states) == {"invitee.created": "done", "invitee.of_another_release": "ignored"}
    for effect in Effect.objects.filter(kind="look_up"):
        assert effects.perform(effect.pk).state == "ignored", "it is found already"
    found = Booking.objects.order_by("terms__price").values_list("status", "payment_status")
    assert list(found) == [("confirmed", "not_required"), ("awaiting_payment", "unpaid")]


def _add_what_is_new() -> None:
    """Money, and a delivery of the other sender that nobody has worked on."""
    from wagtail_calendly.bookings.models import Booking, Effect, Payment, WebhookDelivery

    booking = Booking.objects.get(terms__price=6000)
    Payment.objects.create(booking=booking, amount=6000, currency="EUR")
    Effect.objects.create(booking=booking, kind="open_checkout", key="new", state="open")
    WebhookDelivery.objects.create(
        sender="stripe", account="stripe", event="refund.created", digest="0" * 64, body='{"a": 1}'
    )


def _rows() -> dict[str, list]:
    """Of every table that both releases have, what both know."""
    from django.apps import apps

    state = MigrationExecutor(connection).loader.project_state([(OURS, BEFORE)]).apps
    return {
        name: list(
            apps.get_model(OURS, name)
            .objects.order_by("pk")
            .values(*(field.attname for field in state.get_model(OURS, name)._meta.concrete_fields))
        )
        for name in KEPT
    }
