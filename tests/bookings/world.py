"""A site in memory between both vendors: facts joined as the database joins them, and what is decided of them.

The join, the linking and the rules are the real ones; rows are kept in dicts, and vendors are pure state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache

from tests.bookings.stories import START, Teller, read
from tests.bookings.vendors import Calendly, Stripe
from wagtail_calendly.bookings import linking, paid, said
from wagtail_calendly.bookings.facts import facts_of_appointment
from wagtail_calendly.bookings.models import Appointment, Payment
from wagtail_calendly.bookings.reference import mint
from wagtail_calendly.bookings.rules import (
    AppointmentFacts,
    BookingFacts,
    Decision,
    EffectSpec,
    PaymentFacts,
    RefundFacts,
    RequestFacts,
    TermsFacts,
    decide,
)
from wagtail_calendly.payments import CheckoutSaid, RefundSaid

REFERENCE = mint(terms_id=1, site_id=1, now=START).text
#: What vendors send: a body of Calendly's, or what a read of Stripe gave when it was sent.
Message = bytes | CheckoutSaid


@dataclass(frozen=True)
class Guards:
    """What keeps money and calendar together; each is taken away once, to show that it is needed."""

    looks_before_acting: bool = True
    closes_first: bool = True
    reopens_dropped: bool = True
    repeats_keys: bool = True


ALL = Guards()


@dataclass
class Task:
    """A row of the outbox."""

    spec: EffectSpec
    next_try_at: datetime
    made_at: datetime
    state: str = "open"


@dataclass
class World:
    terms: TermsFacts
    guards: Guards = ALL
    now: datetime = START
    calendly: Calendly = field(default_factory=lambda: Calendly(Teller(reference=REFERENCE)))
    stripe: Stripe = field(default_factory=Stripe)
    claimed_at: datetime | None = None
    link_made_at: datetime | None = None
    appointments: dict[str, Appointment] = field(default_factory=dict)
    mine: tuple[AppointmentFacts, ...] = ()
    payments: dict[str, Payment] = field(default_factory=dict)
    refunds: dict[str, dict[str, RefundFacts]] = field(default_factory=dict)
    requests: list[RequestFacts] = field(default_factory=list)
    outbox: dict[str, Task] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    #: Where the next worker is killed: "before" its call or "after" it.
    dies: str = ""

    def __post_init__(self) -> None:
        self.calendly.is_group = self.terms.is_group

    # Record.

    def hear(self, message: Message) -> None:
        """A delivery, or an answer: joined with what is known. What is not ours is left alone."""
        if isinstance(message, bytes):
            self._hear_calendly(*heard(message))
        elif message.attempt in self.payments:
            row, register = self.payments[message.attempt], _of_checkout(message)
            if register.is_news_to(row):
                vars(row).update(register.assignments())
            for one in message.refunds:
                self.hear_refund(message.attempt, one)

    def hear_refund(self, attempt: str, said: RefundSaid) -> None:
        rows = self.refunds.setdefault(attempt, {})
        key = said.effect or said.id
        known = rows.get(key)
        if known is None or paid.REFUND_RANKS[known.state] < paid.REFUND_RANKS[said.status]:
            rows[key] = RefundFacts(said.id, said.effect, said.amount, said.status)

    def _hear_calendly(self, uri: str, registers: Iterable[said.Register]) -> None:
        if uri not in self.appointments:
            self.appointments[uri] = Appointment(invitee_uri=uri, recorded_at=self.now)
        row = self.appointments[uri]
        for register in registers:
            if register.is_news_to(row):
                vars(row).update(register.assignments())
                self.mine = self._linked()

    # Decide.

    @property
    def facts(self) -> BookingFacts:
        return BookingFacts(
            claimed_at=self.claimed_at,
            appointments=self.mine,
            terms=self.terms,
            payments=tuple(self._payment(row) for row in self.payments.values()),
            requests=tuple(self.requests),
            link_made_at=self.link_made_at,
        )

    @property
    def decision(self) -> Decision:
        return _decided(self.facts, self.now)

    @property
    def is_known(self) -> bool:
        """Whether the booking has a row: it has had its first fact."""
        return bool(self.claimed_at or self.requests or self.appointments)

    def _linked(self) -> tuple[AppointmentFacts, ...]:
        rows = self.appointments
        places = linking.assign(
            linking.Node(
                row.invitee_uri,
                row.old_invitee_uri,
                row.new_invitee_uri,
                row.reference,
                row.invitee_created_at or START,
            )
            for row in rows.values()
        )
        return tuple(
            facts_of_appointment(row, row.start_time, row.end_time)
            for uri, row in rows.items()
            if places[uri].reference == REFERENCE and row.start_time and row.end_time
        )

    def _payment(self, row: Payment) -> PaymentFacts:
        return PaymentFacts(
            attempt=row.attempt,
            state=str(row.state),
            asked_at=row.asked_at,
            is_sent=row.sent_at is not None,
            subtotal=row.subtotal,
            currency=row.said_currency,
            captured=row.captured,
            settled_at=row.settled_at or row.observed_at,
            dispute=row.dispute,
            refunds=tuple(self.refunds.get(row.attempt, {}).values()),
        )

    def settle(self) -> Decision:
        """Decide, and put the effects that are named into the outbox."""
        decision = self.decision
        for spec in decision.effects if self.is_known else ():
            task = self.outbox.setdefault(spec.key, Task(spec, spec.due_at, self.now))
            over = task.state == "dropped" and self.guards.reopens_dropped
            if over or (task.state == "done" and spec.kind != "notify"):
                self.outbox[spec.key] = Task(spec, spec.due_at, self.now)
        return decision

    def wants(self, task: Task) -> bool:
        return task.spec.key in {spec.key for spec in self.decision.effects}


#: Most sequences come through the same states.
_decided = lru_cache(maxsize=100_000)(decide)
_of_checkout = lru_cache(maxsize=10_000)(paid.of_checkout)


@cache
def heard(body: bytes) -> tuple[str, tuple[said.Register, ...]]:
    invitee, event = read(body)
    return invitee.uri, (said.of_invitee(invitee), said.of_event(event))
