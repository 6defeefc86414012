"""Both vendors as pure state, for stories in memory: what is true there, and what they send of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.bookings.stories import START, Teller, invitee_uri, wire
from wagtail_calendly.payments import CheckoutSaid, RefundSaid

HALF_HOUR = timedelta(minutes=30)
CHECKOUT_LASTS = timedelta(hours=24)


def minute(moment: datetime) -> float:
    """Minutes since the stories began, as `Teller` counts."""
    return (moment - START) / timedelta(minutes=1)


class Refused(Exception):
    """The vendor will never do this."""


class Down(Exception):
    """The vendor does not answer."""


@dataclass
class Calendly:
    """Who is invited to what. Each change makes the body of a delivery, and is what a read returns from then on."""

    tell: Teller
    is_group: bool = False
    is_down: bool = False
    invitees: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def book(self, name: str, now: datetime, starts: datetime, **said: Any) -> bytes:
        times = {"start_time": wire(starts), "end_time": wire(starts + HALF_HOUR)}
        created = {"created_at": wire(now)}
        self.invitees[name] = created | said | {"event": times}
        return self._say("invitee.created", name, now)

    def cancel(self, name: str, now: datetime, by: str, **said: Any) -> bytes:
        """Cancel an invitee; where they are the only one, that cancels the event."""
        if not self.is_active(name):
            raise Refused
        invitee = self.invitees[name]
        cancellation = {"canceler_type": by, "canceled_by": "", "reason": "", "created_at": wire(now)}  # fmt: skip
        invitee |= {"status": "canceled", "cancellation": cancellation} | said
        if by == "host" or not self.is_group:
            invitee["event"] = invitee["event"] | {"status": "canceled"}
        return self._say("invitee.canceled", name, now)

    def move(self, name: str, to: str, now: datetime, starts: datetime) -> list[bytes]:
        away = {"rescheduled": True, "new_invitee": invitee_uri(to)}
        here = {"old_invitee": invitee_uri(name), "tracking": {}}
        by = self.cancel(name, now, "invitee", **away)
        return [by, self.book(to, now, starts, **here)]

    def read(self, name: str) -> bytes:
        if self.is_down:
            raise Down
        return self.bodies[name]

    def is_active(self, name: str) -> bool:
        return self.invitees[name].get("status") != "canceled"

    def _say(self, kind: str, name: str, now: datetime) -> bytes:
        self.bodies[name] = self.tell.delivery(kind, name, minute(now), None, **self.invitees[name])  # type: ignore[arg-type]
        return self.bodies[name]


@dataclass
class Stripe:
    """Checkouts by our key of the attempt, each with its payment, its refunds and its dispute."""

    is_down: bool = False
    checkouts: dict[str, CheckoutSaid] = field(default_factory=dict)
    answered: dict[str, RefundSaid] = field(default_factory=dict)

    def open(self, attempt: str, amount: int, currency: str, now: datetime) -> CheckoutSaid:
        """The same attempt opens the same checkout: its key is the key of the request."""
        self._answer()
        if attempt not in self.checkouts:
            self.checkouts[attempt] = CheckoutSaid(
                id=f"cs_{attempt}",
                status="open",
                payment_status="unpaid",
                mode="test",
                reference="",
                attempt=attempt,
                created_at=now,
                expires_at=now + CHECKOUT_LASTS,
                observed_at=now,
                currency=currency,
                subtotal=amount,
                total=amount,
            )
        return self.checkouts[attempt]

    def read(self, attempt: str, now: datetime) -> CheckoutSaid:
        self._answer()
        return self.change(attempt, now)

    def change(self, attempt: str, now: datetime, **truth: Any) -> CheckoutSaid:
        """Make something true of a checkout, and return what is said of it from then on."""
        known = self.checkouts[attempt]
        if known.status == "open" and known.expires_at <= now:
            truth = {"status": "expired"} | truth
        self.checkouts[attempt] = replace(known, observed_at=now, **truth)
        return self.checkouts[attempt]

    def is_open(self, attempt: str, now: datetime) -> bool:
        known = self.checkouts.get(attempt)
        return known is not None and known.status == "open" and now < known.expires_at

    def settle(self, attempt: str, now: datetime, total: int | None = None) -> CheckoutSaid:
        """The money is there; less of it where a promotion code was used."""
        due = self.checkouts[attempt].total if total is None else total
        paid = {"payment_status": "paid", "captured": due, "total": due, "settled_at": now}
        return self.change(attempt, now, status="complete", payment_intent=f"pi_{attempt}", **paid)

    def expire(self, attempt: str, now: datetime) -> CheckoutSaid:
        self._answer()
        return self.change(attempt, now, **({"status": "expired"} if self.is_open(attempt, now) else {}))  # fmt: skip

    def refund(self, attempt: str, amount: int, now: datetime, effect: str) -> RefundSaid:
        """What we ask for: asked with the key of an effect again, the answer is the first one."""
        self._answer()
        if effect not in self.answered:
            self.answered[effect] = self.give_back(attempt, amount, now, effect)
        return self.answered[effect]

    def give_back(self, attempt: str, amount: int, now: datetime, effect: str = "") -> RefundSaid:
        """Give money back, whoever asks; neither what is disputed nor more than there is."""
        said = self.checkouts[attempt]
        if said.dispute in ("open", "lost") or self.refunded(attempt) + amount > said.captured:
            raise Refused
        key = f"re_{attempt}_{len(said.refunds)}"
        made = RefundSaid(key, f"pi_{attempt}", amount, said.currency, "succeeded", now, effect)
        self.change(attempt, now, refunds=(*said.refunds, made))
        return made

    def fail_refund(self, attempt: str, now: datetime) -> CheckoutSaid:
        """The bank of the payer did not take the last one."""
        *others, last = self.checkouts[attempt].refunds
        return self.change(attempt, now, refunds=(*others, replace(last, status="failed")))

    def refunded(self, attempt: str) -> int:
        given = [one for one in self.checkouts[attempt].refunds if one.status != "failed"]
        return sum(one.amount for one in given)

    def _answer(self) -> None:
        if self.is_down:
            raise Down
