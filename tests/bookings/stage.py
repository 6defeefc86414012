"""A story on the real stage: both vendors as the simulator plays them, over HTTP, and the site with its database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.bookings.paying import mint
from tests.factories import default_site
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import confirm, effects, hints, inbox, polling, settle
from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.models import Booking, Payment
from wagtail_calendly.exceptions import WagtailCalendlyError
from wagtail_calendly.snippets.models import SessionType

#: What is booked begins so long after the story, so that the policy gives half of it back.
AHEAD = timedelta(days=3)
STRIPE_EVENTS = ("checkout", "refund", "charge")


@dataclass
class Stage:
    """One booking, told step by step. `travel` moves our clock; the simulator's is moved along."""

    simulator: Simulator
    session_type: SessionType
    travel: time_machine.Coordinates
    began: datetime
    offset: timedelta
    text: str = ""
    invitee: str = ""
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.text = mint(self.session_type).text
        self.arrived()

    @property
    def booking(self) -> Booking:
        return Booking.objects.get(reference=self.text)

    @property
    def payment(self) -> Payment:
        return self.booking.payments.latest("asked_at")

    def pass_time(self, minute: float) -> None:
        """Let it be that minute of the story, for everybody."""
        wait = self.offset + timedelta(minutes=minute)
        self.simulator.clock(wait.total_seconds())
        self.travel.move_to(self.began + wait)

    def work(self) -> None:
        """Settle, and perform what is due, until nothing is."""
        booking = Booking.objects.filter(reference=self.text).first()
        while booking:
            settle.settle(booking.pk, because="test")
            if not effects.perform_due(ids=booking.effects.values_list("pk", flat=True)):
                return

    def arrived(self) -> list[dict[str, Any]]:
        """What the vendors have sent since we asked last."""
        fresh = [one for one in self.simulator.deliveries() if one["id"] not in self.seen]
        self.seen |= {one["id"] for one in fresh}
        return fresh

    def hear(self, delivery: dict[str, Any]) -> None:
        is_money = delivery["event"].startswith(STRIPE_EVENTS)
        sender, account = ("stripe", "stripe") if is_money else ("calendly", "default")
        body = delivery["body"].encode()
        row = inbox.accept(sender=sender, account=account, body=body, event=delivery["event"])
        if row and row.state == "open":
            inbox.work_on(row.pk)

    def reconcile(self) -> None:
        """Nothing arrived: ask both vendors once."""
        polling.poll()
        hints.poll()

    def end(self) -> str:
        """As in the stories in memory: status, money, reasons, what is kept, whether it is in the calendar."""
        booking = self.booking
        sessions = [row.checkout_id for row in booking.payments.order_by("asked_at")]
        money = self.simulator.stripe.truth()["payments"].values()
        kept = [
            next((one["captured"] - one["refunded"] for one in money if one["session"] == name), 0)
            for name in sessions
        ]
        events = booking.appointments.values_list("event_uri", flat=True)
        active = [uri for uri in events if self.is_active(uri)]
        reasons = [f"!{reason}" for reason in booking.attention.split()]
        words = [booking.status, booking.payment_status, *reasons, "keeps", *kept, "booked", len(active)]  # fmt: skip
        return " ".join(map(str, words))

    def is_active(self, event: str) -> bool:
        path = event.removeprefix("https://api.calendly.com")
        answer = self.simulator.api("GET", path).json()
        return bool(answer["resource"]["status"] == "active")


def book(stage: Stage) -> None:
    start = timezone.now() + AHEAD
    made = stage.simulator.book(
        stage.session_type.event_type.slug,
        tracking={"utm_content": stage.text},
        start_time=start.isoformat(),
    )
    stage.invitee = made["invitee"]["uri"]
    confirm.confirm(stage.text, stage.invitee, site=default_site())


def order(stage: Stage) -> None:
    by_visitors.order(stage.text, site=default_site())
    by_visitors.pay(stage.booking)


def move(stage: Stage) -> None:
    start = timezone.now() + AHEAD + timedelta(days=1)
    moved = stage.simulator.reschedule(stage.invitee, start.isoformat())
    stage.invitee = moved["new"]["invitee"]["uri"]


def cancel_here(stage: Stage) -> None:
    shown = by_visitors.refund_if_canceled(stage.booking, timezone.now())
    by_visitors.cancel(stage.booking, total=shown)


def refund(stage: Stage) -> None:
    user, _ = get_user_model().objects.get_or_create(username="staff")
    by_staff.refund(stage.booking, total=4000, user=user)


def fail_refund(stage: Stage) -> None:
    truth = stage.simulator.stripe.truth()["payments"][stage.payment.payment_intent]
    stage.simulator.stripe.fail_refund(truth["refunds"][-1]["id"])


VERBS: Mapping[str, Callable[[Stage], Any]] = {
    "nothing": lambda stage: None,
    "books": book,
    "orders": order,
    "moves": move,
    "asks to pay": lambda stage: by_visitors.pay(stage.booking),
    "pays": lambda stage: stage.simulator.stripe.pay(stage.payment.checkout_id),
    "pays by debit": lambda stage: stage.simulator.stripe.pay(stage.payment.checkout_id, "debit"),
    "debit comes": lambda stage: stage.simulator.stripe.settle_debit(stage.payment.checkout_id),
    "debit fails": lambda stage: stage.simulator.stripe.fail_debit(stage.payment.checkout_id),
    "cancels": lambda stage: stage.simulator.cancel(stage.invitee),
    "host cancels": lambda stage: stage.simulator.cancel(stage.invitee, by="host"),
    "cancels here": cancel_here,
    "gives back": lambda stage: by_visitors.give_back(stage.booking),
    "1000 given back there": lambda stage: stage.simulator.stripe.refund(stage.payment.checkout_id, 1000),
    "staff refund 4000": refund,
    "refund fails": fail_refund,
}  # fmt: skip


def tell(stage: Stage, what: str) -> bool:
    """One step; False where the site or a vendor does not let it happen now."""
    try:
        VERBS[what](stage)
    except (WagtailCalendlyError, AssertionError):  # the simulator's control refuses by failing
        return False
    return True
