"""Which mails are due: only where Calendly sends none, and none about a session that is past."""

from __future__ import annotations

from datetime import datetime, timedelta

from wagtail_calendly.bookings.rules.decision import Decision, EffectSpec
from wagtail_calendly.bookings.rules.facts import BookingFacts
from wagtail_calendly.bookings.rules.ledger import Ledger

#: Who pays at once needs no reminder; a short hold leaves less time for it.
BEFORE_REMINDING = timedelta(minutes=3)


def due(facts: BookingFacts, decision: Decision, now: datetime) -> tuple[EffectSpec, ...]:
    """The mails that this decision calls for, each named once for ever."""
    mails = [*_to_visitor(facts, decision, now), *_of_refund(facts, now)]
    mails += _again(facts, mails)
    if decision.attention:
        mails.append(_mail("staff", now, _reasons(facts, decision)))
    return tuple(mails)


def _to_visitor(facts: BookingFacts, decision: Decision, now: datetime) -> list[EffectSpec]:
    ledger, current = Ledger(facts), decision.current
    if current and current.starts_at <= now:
        return []
    if decision.status == "awaiting_payment" and current and decision.hold_until:
        return _complete_payment(facts, decision, decision.hold_until)
    if decision.status == "expired":
        return [_mail("expired", now)]
    is_told = ledger.keeper or not facts.asked("invite")  # staff hand out the link themselves
    if decision.status == "awaiting_schedule" and facts.link_made_at and is_told:
        reminder_at = facts.link_made_at + facts.terms.link_valid_for / 2
        return [_mail("choose_time", now), _mail("choose_time_reminder", reminder_at)]
    told = facts.terms.is_group or not facts.terms.is_paid_before
    if decision.status == "confirmed" and ledger.keeper and told:
        return [_mail("paid", now)]
    return []


def _complete_payment(
    facts: BookingFacts, decision: Decision, hold_until: datetime
) -> list[EffectSpec]:
    if not decision.is_payable:
        return []
    began = min(one.recorded_at for one in facts.appointments)
    asked = facts.asked("ask_to_pay")
    if asked:
        return [_mail("complete_payment", asked[-1].at, asked[-1].at.isoformat())]
    return [_mail("complete_payment", began + min(BEFORE_REMINDING, (hold_until - began) / 4))]


def _of_refund(facts: BookingFacts, now: datetime) -> list[EffectSpec]:
    """What was given back, told once for each amount."""
    given = sum(
        refund.amount
        for payment in facts.payments
        for refund in payment.refunds
        if refund.state in ("pending", "requires_action", "succeeded")
    )
    return [_mail("refunded", now, str(given))] if given else []


def _reasons(facts: BookingFacts, decision: Decision) -> str:
    """Told once; again, where it comes back after somebody has settled it."""
    codes = "-".join(sorted(decision.attention))
    times = sum(ack.code in decision.attention for ack in facts.asked("acknowledge"))
    return f"{times}-{codes}" if times else codes


def _again(facts: BookingFacts, mails: list[EffectSpec]) -> list[EffectSpec]:
    """What staff asked to have sent once more, where it is still true."""
    named = {mail.subject for mail in mails}
    asked = [request for request in facts.asked("resend") if request.code in named]
    return [_mail(one.code, one.at, f"again/{one.at.isoformat()}") for one in asked]


def _mail(name: str, due_at: datetime, about: str = "") -> EffectSpec:
    key = f"notify/{name}/{about}" if about else f"notify/{name}"
    return EffectSpec("notify", key[:120], due_at, name)
