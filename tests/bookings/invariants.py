"""What must hold in a world in memory: after every step, and once it has come to rest."""

from __future__ import annotations

from tests.bookings.stories import invitee_uri
from tests.bookings.world import World
from wagtail_calendly.bookings.models import Payment
from wagtail_calendly.bookings.rules import Decision
from wagtail_calendly.payments import CheckoutSaid

OPEN = ("pending", "awaiting_payment", "awaiting_schedule", "confirmed")
HELD = ("confirmed", "completed", "no_show")
#: Reasons for which money that is owed may stay where it is, until a person has seen to it.
STUCK = {"disputed", "refund_failed", "payment_mismatch"}
CLOSED = ("canceled", "expired", "abandoned")


def check(world: World) -> Decision:
    """After every step, also in the middle of things."""
    decision = world.decision
    asked = {request.kind for request in world.requests}
    if decision.status in HELD:
        is_let_go = not world.terms.charge or "waive" in asked
        assert is_let_go or _settled(world), "confirmed without settled money"
    assert not world.broken, world.broken
    for attempt, said in world.stripe.checkouts.items():
        assert world.stripe.refunded(attempt) <= said.captured, "more given back than was taken"
        ours = [one.effect for one in said.refunds if one.effect]
        assert len(ours) == len(set(ours)), "one effect gave money back twice"
    undecided = [row for row in world.payments.values() if row.state in Payment.UNDECIDED]
    assert len(undecided) <= 1, "two attempts are open"
    if decision.status in OPEN and world.is_known and "acknowledge" not in asked:
        is_due_later = decision.next_check_at and decision.next_check_at > world.now
        assert decision.attention or is_due_later, "nobody will ever look at it again"
    return decision


def check_at_rest(world: World) -> Decision:
    """When everything has been heard and done: what we believe is true, and money and calendar agree."""
    decision = check(world)
    _check_calendar(world, decision)
    kept = 0
    for payment in world.facts.payments:
        said = world.stripe.checkouts.get(payment.attempt)
        if said is None:
            continue
        refunded = world.stripe.refunded(payment.attempt)
        assert (payment.captured, payment.refunded) == (said.captured, refunded), "not as at Stripe"
        assert payment.is_paid == (said.payment_status == "paid"), "paid, and not known so"
        if decision.status in CLOSED:
            assert not world.stripe.is_open(payment.attempt, world.now), "may be paid for nothing"
        kept += said.captured > refunded
    settled = {request.code for request in world.requests}
    if not STUCK & {*decision.attention, *settled}:
        assert kept <= 1, "two attempts keep money"
        given = sum(world.stripe.refunded(attempt) for attempt in world.stripe.checkouts)
        assert given >= decision.owed, "owed, and not given back"
    return decision


def _check_calendar(world: World, decision: Decision) -> None:
    active = {
        invitee_uri(name) for name in world.calendly.invitees if world.calendly.is_active(name)
    }
    mine = {fact.invitee for fact in world.facts.appointments}
    if decision.status in CLOSED:
        assert not active & mine, "given up, and still in the calendar"
    elif decision.current and decision.status in HELD and not decision.current.is_rescheduled:
        assert decision.current.invitee in active, "confirmed, and not in the calendar"


def _settled(world: World) -> list[CheckoutSaid]:
    agreed = (world.terms.charge, world.terms.currency)
    return [
        said
        for said in world.stripe.checkouts.values()
        if said.payment_status == "paid" and (said.subtotal, said.currency) == agreed
    ]
