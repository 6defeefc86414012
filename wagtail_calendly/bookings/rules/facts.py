"""Everything known of a booking, as frozen dataclasses. Times are aware UTC, money is in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class TermsFacts:
    """What was agreed. `charge` is paid through us; `tiers` are (hours before the start, percent), most hours first."""

    charge: int = 0
    currency: str = ""
    is_paid_before: bool = False
    is_group: bool = False
    hold: timedelta = timedelta(minutes=30)
    link_valid_for: timedelta = timedelta(days=30)
    tiers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class AppointmentFacts:
    """What Calendly said of one invitee and the event they are invited to, and when we first heard of it.

    `is_given`: it did not bring the booking's reference; its holder proved, or staff said, that it belongs here.
    """

    invitee: str
    event: str
    old_invitee: str
    new_invitee: str
    created_at: datetime
    recorded_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_canceled: bool
    is_rescheduled: bool
    is_no_show: bool
    canceler: str
    canceled_at: datetime
    awaits_join_url: bool
    is_given: bool = False


@dataclass(frozen=True)
class RefundFacts:
    """One refund. `effect` is empty for one made elsewhere; `state` as in `models.RefundState`."""

    id: str
    effect: str
    amount: int
    state: str

    @property
    def counts(self) -> bool:
        """Whether its money is given back, or on its way."""
        return not self.has_failed

    @property
    def has_failed(self) -> bool:
        return self.state in ("failed", "canceled", "refused")


@dataclass(frozen=True)
class PaymentFacts:
    """One attempt to pay. `state` as in `models.PaymentState`; `is_sent`: the provider may know of it."""

    attempt: str
    state: str
    asked_at: datetime
    is_sent: bool
    subtotal: int = 0
    currency: str = ""
    captured: int = 0
    settled_at: datetime | None = None
    dispute: str = ""
    refunds: tuple[RefundFacts, ...] = ()

    @property
    def is_paid(self) -> bool:
        return self.state == "paid"

    @property
    def is_payable(self) -> bool:
        """Whether somebody may still pay it: it is open, or may be as far as we know."""
        return self.state == "open" or (self.state == "opening" and self.is_sent)

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds if refund.counts)

    @property
    def is_undone_elsewhere(self) -> bool:
        """Whether all of it was given back, and none of that by us."""
        elsewhere = sum(one.amount for one in self.refunds if one.counts and not one.effect)
        return 0 < self.captured <= elsewhere

    @property
    def failures(self) -> int:
        return sum(refund.has_failed for refund in self.refunds)


@dataclass(frozen=True)
class RequestFacts:
    """What somebody asked for; `kind` as in `models.Request.Kind`.

    `seen`: of an acknowledgement, the grounds of the reason `code` that it settles; of a whole event that is
    canceled, its URI.
    `is_met`: Calendly was seen to be as asked.
    """

    kind: str
    at: datetime
    is_staff: bool = False
    total: int | None = None
    until: datetime | None = None
    code: str = ""
    failures_seen: int = 0
    seen: tuple[str, ...] = ()
    is_met: bool = False


@dataclass(frozen=True)
class BookingFacts:
    """Everything known of one booking. `dead` are effects that failed for good: their keys, and when."""

    claimed_at: datetime | None
    appointments: tuple[AppointmentFacts, ...]
    terms: TermsFacts = TermsFacts()
    payments: tuple[PaymentFacts, ...] = ()
    requests: tuple[RequestFacts, ...] = ()
    link_made_at: datetime | None = None
    dead: tuple[tuple[str, datetime], ...] = ()

    def asked(self, *kinds: str) -> tuple[RequestFacts, ...]:
        """The requests of these kinds, the earliest first."""
        return tuple(sorted((r for r in self.requests if r.kind in kinds), key=lambda r: r.at))

    def asked_for_all(self, event: str) -> tuple[RequestFacts, ...]:
        """The requests to cancel this event for everybody who is booked on it, the earliest first."""
        return tuple(one for one in self.asked("cancel_event") if event in one.seen)
