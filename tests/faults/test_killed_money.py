"""A worker is killed at every point of everything that it does about money: the next ends where it would have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from tests.bookings.paying import PRICE, later, mint, ordered, priced, stands
from tests.factories import EventTypeFactory, SessionTypeFactory, default_site
from tests.faults.mortal import DUMMY, Worker
from tests.fixtures.simulator import Simulator
from wagtail_calendly import accounts
from wagtail_calendly.bookings import effects, links
from wagtail_calendly.bookings.confirm import confirm
from wagtail_calendly.bookings.mails.envelope import message_id
from wagtail_calendly.bookings.models import Booking, Effect, Payment, Request
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.bookings.settle import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def worker(
    simulator_process: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    name, mails = str(connection.settings_dict["NAME"]), tmp_path_factory.mktemp("mails") / "ids"
    worker = Worker(name, simulator_process, mails)
    yield worker
    worker.stop()


class Scene:
    """Brings bookings of one session to where one effect is due, and performs nothing else."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.session_type = priced()
        soon, uri = timezone.now() + timedelta(days=2), self.session_type.event_type.uri
        self._times = iter(accounts.calendly().available_times(uri, soon, soon + timedelta(days=6)))

    def held(self) -> Booking:
        reference, start = mint(self.session_type).text, next(self._times).start_time.isoformat()
        made = self.simulator.book(tracking={"utm_content": reference}, start_time=start)
        return confirm(reference, made["invitee"]["uri"], site=default_site())

    def opening(self, booking: Booking | None = None) -> Booking:
        booking = booking or self.held()
        Payment.objects.create(booking=booking, amount=PRICE, currency="EUR")
        return ask(booking, Request.Kind.PAY)

    def open(self, booking: Booking | None = None) -> Booking:
        return effects.perform_now(self.opening(booking), Effect.Kind.OPEN_CHECKOUT, 30)

    def paid(self, booking: Booking | None = None) -> Booking:
        booking = self.open(booking)
        self.simulator.stripe.pay(booking.payments.get().checkout_id)
        return booking

    def confirmed(self, booking: Booking | None = None) -> Booking:
        return effects.perform_now(self.paid(booking), Effect.Kind.LOOK_UP_PAYMENT, 30)

    def to_choose(self) -> Booking:
        self.session_type = priced(order="before")
        return self.confirmed(ordered(self.session_type))

    def invited(self) -> Booking:
        """Begun by staff, of an event type of its own: a look reads nothing that others have booked."""
        self.simulator.limits(per_minute=10_000, invitees_per_minute=1_000)
        made = self.simulator.event_types(slug=f"kill-{Booking.objects.count()}")
        event_type = EventTypeFactory(uri=made["uri"], slug=made["slug"])
        self.session_type = SessionTypeFactory(event_type=event_type)
        begun = links.booking_of(mint(self.session_type))
        ask(begun, Request.Kind.INVITE, is_staff=True)
        return effects.perform_now(begun, Effect.Kind.CREATE_LINK, 30)

    @property
    def client(self) -> dict[str, str]:
        person = {"name": "Cli Ent", "email": "cli@example.org", "timezone": "Europe/Paris"}
        return {**person, "start_time": next(self._times).start_time.isoformat()}


def ask(booking: Booking, kind: str, **more: Any) -> Booking:
    Request.objects.create(booking=booking, kind=kind, **more)
    return settle(booking.pk, because=kind)


#: Where each effect is due, and the call that it is about.
DUE: dict[str, tuple[Callable[[Scene], Booking], str]] = {
    "open_checkout": (Scene.opening, "POST /v1/checkout/sessions"),
    "look_up_payment": (Scene.paid, "GET /v1/checkout/sessions/…"),
    "expire_checkout": (
        lambda scene: ask(scene.open(), Request.Kind.CANCEL),
        "POST /v1/checkout/sessions/…/expire",
    ),
    "cancel_event": (
        lambda scene: ask(scene.held(), Request.Kind.CANCEL),
        "POST /scheduled_events/…/cancellation",
    ),
    "refund": (
        lambda scene: ask(scene.confirmed(), Request.Kind.REFUND, total=1000, is_staff=True),
        "POST /v1/refunds",
    ),
    "create_link": (Scene.to_choose, "POST /scheduling_links"),
    "notify": (Scene.confirmed, "mail"),
    "book": (
        lambda scene: ask(scene.invited(), Request.Kind.BOOK, is_staff=True, details=scene.client),
        "POST /invitees",
    ),
}


@pytest.mark.survives("killed-at-any-point")
@pytest.mark.parametrize("kind", DUE)
def test_wherever_a_worker_dies_the_next_ends_where_it_would_have(
    live_vendors: Simulator, worker: Worker, settings: Any, kind: str
) -> None:
    settings.TASKS = DUMMY
    scene, (bring, call) = Scene(live_vendors), DUE[kind]
    ran: list[tuple[Effect, list[str]]] = []
    while not (ran and ran[-1][1][-1:] == ["end"]):  # the last one is not disturbed
        effect = bring(scene).effects.filter(kind=kind, state="open").order_by("-pk")[0]
        ran.append((effect, worker.perform(effect.pk, die_at=len(ran))))
    assert call in ran[-1][1]
    del settings.TASKS
    with later(live_vendors, minutes=4):  # the leases of the dead are over
        effects.perform_due()
        tick()
    expected = outcome(live_vendors, ran[-1][0])
    mails = Counter([*worker.mails, *(one.extra_headers["Message-ID"] for one in mail.outbox)])
    for effect, passed in ran:
        assert outcome(live_vendors, effect) == expected, f"died after {passed}"
        if kind == Effect.Kind.NOTIFY:
            # Twice at most, and then by the same name: mail programs show one of them.
            assert 1 <= mails.pop(message_id(effect.key, default_site().hostname)) <= 2


def outcome(simulator: Simulator, effect: Effect) -> dict[str, Any]:
    """How it ended for the booking of this effect, here and at both vendors."""
    booking = Booking.objects.get(pk=effect.booking_id)
    states = booking.effects.values_list("kind", "state")
    truth = simulator.stripe.truth()
    sessions = {
        id_: one
        for id_, one in truth["sessions"].items()
        if one["client_reference_id"] == booking.reference
    }
    money = [one for one in truth["payments"].values() if one["session"] in sessions]
    return {
        "stands": stands(booking),
        # What an effect was for may be found done.
        "effects": sorted((kind, state == "open", state == "dead") for kind, state in states),
        "attempts": [(one.state, one.captured) for one in booking.payments.all()],
        "checkouts": [one["status"] for one in sessions.values()],
        "money": [(one["captured"], one["refunded"], len(one["refunds"])) for one in money],
        "link": bool(booking.scheduling_link),
        "event": _event_status(simulator, booking),
        "appointments": booking.appointments.count(),
        "forgotten": not booking.requests.exclude(details={}).exists(),
        "asked": _asked(simulator, booking),
    }


def _event_status(simulator: Simulator, booking: Booking) -> str:
    uri = f"/scheduled_events/{booking.calendly_event_id}"
    return simulator.api("GET", uri).json()["resource"]["status"] if uri[18:] else ""


def _asked(simulator: Simulator, booking: Booking) -> int:
    """How many different things Stripe was asked to do, by key and words; the same ones again count once."""
    return len(
        {
            # PostgreSQL keeps parameters in an order of its own.
            (one["idempotency_key"], json.dumps(one["body"], sort_keys=True))
            for one in simulator.requests()
            if one["method"] == "POST"
            and one["path"].startswith("/v1/")
            and booking.reference in str(one["body"])
        }
    )
