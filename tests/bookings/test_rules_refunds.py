"""What is owed back, to whom the cancellation is put down, and which refunds that makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.bookings.money_facts import (
    BY_HOST,
    DAY,
    GROUP,
    HOUR,
    PAID,
    PRICE,
    SECOND,
    TO_CANCEL,
    asked,
    attempt,
    booked,
    kinds,
    refund,
)
from tests.bookings.test_rules import CANCELED, NOW, STARTS
from wagtail_calendly.bookings.rules import AppointmentFacts, BookingFacts, RequestFacts, decide

# Who canceled, and what was shown.


def canceled_with(request: RequestFacts, appointment: AppointmentFacts, **changes: Any) -> int:
    early = replace(PAID, settled_at=NOW - DAY)
    return decide(booked(early, appointment, request, **changes), NOW).owed  # fmt: skip


LAST = replace(CANCELED, canceler="host", canceled_at=STARTS - HOUR)


@pytest.mark.parametrize(
    ("request_", "owed"),
    [
        pytest.param(asked("cancel", STARTS - HOUR, total=0), 0, id="as shown"),
        pytest.param(asked("cancel", STARTS - HOUR, total=2500), 2500, id="shown a little earlier"),
        pytest.param(asked("cancel", STARTS - 13 * HOUR, total=2500), 2500, id="asked long before"),
        pytest.param(asked("cancel", STARTS - 13 * HOUR), 2500, id="paid, and not known yet"),
        pytest.param(asked("cancel", STARTS - 30 * HOUR, total=0), PRICE, id="never less than agreed"),
        pytest.param(asked("cancel", STARTS - HOUR, total=0, is_staff=True), 0, id="staff keep it"),
        pytest.param(asked("cancel", STARTS - HOUR, is_staff=True), PRICE, id="staff, not known yet"),
        pytest.param(asked("cancel", STARTS, total=0), PRICE, id="asked after the host canceled"),
    ],
)  # fmt: skip
def test_a_request_explains_the_cancellation_that_follows(request_, owed):
    assert canceled_with(request_, LAST) == owed


def test_of_a_group_session_an_old_request_explains_nothing():
    """Its visitor may have changed their mind, and the host canceled a day later."""
    day_before = asked("cancel", STARTS - DAY, total=PRICE // 2)
    assert canceled_with(day_before, LAST, terms=GROUP) == PRICE
    assert canceled_with(replace(day_before, at=STARTS - HOUR), LAST, terms=GROUP) == PRICE // 2


def test_an_expiry_stays_one_whatever_is_asked_later():
    facts = booked(attempt("expired"), BY_HOST)
    assert decide(facts, NOW + DAY).status == "expired"
    stale_page = replace(facts, requests=(asked("cancel", NOW + 2 * HOUR),))
    assert decide(stale_page, NOW + DAY).status == "expired"


# Refunds.


def due(facts: BookingFacts) -> list[tuple[str, int]]:
    return [(e.subject, e.amount) for e in decide(facts, NOW).effects if e.kind == "refund"]


@pytest.mark.parametrize(
    ("refunds", "total", "expected"),
    [
        pytest.param((), 4000, [("A", 4000)], id="none yet"),
        pytest.param((refund(1500),), 4000, [("A", 2500)], id="less what was given elsewhere"),
        pytest.param((refund(1500), refund(1000, "pending", key="S")), 4000, [("A", 1500)], id="on its way"),
        pytest.param((refund(4000),), 4000, [], id="all of it"),
        pytest.param((refund(4500),), 4000, [], id="more than that"),
        pytest.param((), 99999, [("A", PRICE)], id="never more than was taken"),
        pytest.param((refund(4000, "asked", "refund/A/4000/0"),), 4000, [("A", 4000)], id="unanswered"),
        pytest.param((refund(1000, "asked", "refund/A/1000/0"),), 4000, [("A", 1000), ("A", 3000)], id="more since"),
        pytest.param((refund(4000, "failed"),), 4000, [], id="failed: a person decides"),
    ],
)  # fmt: skip
def test_a_refund_brings_the_total_to_what_was_asked(refunds, total, expected):
    request = asked("refund", is_staff=True, total=total)
    assert due(booked(replace(PAID, refunds=refunds), request, request)) == expected


def test_a_failed_refund_is_tried_again_when_somebody_who_saw_it_asks():
    failed = replace(PAID, refunds=(refund(4000, "failed", "x"),))
    request = asked("refund", total=4000)
    stuck = booked(failed, request)
    assert decide(stuck, NOW).attention == ("refund_failed",)
    again = replace(stuck, requests=(request, replace(request, at=NOW + HOUR, failures_seen=1)))
    assert decide(again, NOW).attention == ()
    assert [e.key for e in decide(again, NOW).effects if e.kind == "refund"] == ["refund/A/4000/1"]


def test_who_tries_again_hears_again():
    """An acknowledged failure does not hush up the next one."""
    request = asked("refund", total=4000)
    once = replace(PAID, refunds=(refund(4000, "failed", "x"),))
    hushed = settled(booked(once, request), "refund_failed")
    assert decide(booked(once, request, hushed), NOW).attention == ()
    twice = replace(once, refunds=(*once.refunds, refund(4000, "failed", "y", "S")))
    again = replace(request, at=NOW + 2 * HOUR, failures_seen=1)
    facts = booked(twice, request, hushed, again)
    assert decide(facts, NOW).attention == ("refund_failed",)


FOR_ALL = asked("cancel_event", NOW + HOUR, is_staff=True, seen=(CANCELED.event,))


def test_a_group_is_canceled_for_everybody_only_where_that_was_asked_of_this_event():
    assert kinds(decide(booked(PAID, FOR_ALL, terms=GROUP), NOW)) == ["cancel_event"]
    of_another = replace(FOR_ALL, seen=("events/2",))
    assert kinds(decide(booked(PAID, of_another, terms=GROUP), NOW)) == []


def test_who_is_canceled_with_everybody_gets_all_back():
    """Also who had asked to leave by themselves, too late for all of it."""
    leaves = asked("cancel", STARTS - 3 * HOUR, total=0)
    for_all = replace(FOR_ALL, at=STARTS - 2 * HOUR)
    gone = replace(CANCELED, canceler="host", canceled_at=STARTS - 2 * HOUR)
    decision = decide(booked(PAID, gone, leaves, for_all, terms=GROUP), STARTS)
    assert (decision.status, decision.canceled_by, decision.owed) == ("canceled", "host", PRICE)


def settled(facts: BookingFacts, code: str) -> RequestFacts:
    """Somebody saw to this reason, as it stood."""
    seen = tuple(decide(facts, NOW).about(code))
    return asked("acknowledge", NOW + HOUR, code=code, seen=seen)


def test_acknowledging_settles_one_reason():
    facts = booked(replace(PAID, dispute="lost", refunds=(refund(PRICE),)))
    assert decide(facts, NOW).attention == ("disputed",)
    seen_to = replace(facts, requests=(settled(facts, "disputed"),))
    assert decide(seen_to, NOW).attention == ()


def test_what_comes_later_for_the_same_reason_is_told_again():
    opened, lost = (replace(PAID, dispute=word) for word in ("open", "lost"))
    another = replace(SECOND, dispute="open")
    hushed = settled(booked(opened), "disputed")
    assert decide(booked(opened, hushed), NOW).attention == ()
    for later in (booked(lost, hushed), booked(opened, another, hushed)):
        decision = decide(later, NOW)
        assert decision.attention == ("disputed",)
        assert "notify/staff/1-disputed" in {effect.key for effect in decision.effects}


def test_what_is_tried_again_and_fails_again_is_told_again():
    facts = booked(attempt("expired"), TO_CANCEL, dead=(("cancel_event/A", NOW),))
    stuck = replace(facts, requests=(TO_CANCEL, settled(facts, "effect_failed")))
    assert decide(stuck, NOW).attention == ()
    again = replace(stuck, dead=(("cancel_event/A", NOW + HOUR),))
    assert decide(again, NOW).attention == ("effect_failed",)


def test_of_two_payments_the_one_that_staff_gave_back_is_not_the_one_that_stays():
    """Somebody saw the double payment at the provider first; giving back the other too would leave nothing."""
    first = replace(PAID, refunds=(refund(PRICE),))
    decision = decide(booked(first, SECOND), NOW)
    assert (decision.status, decision.payment_status, decision.attention) == (
        "confirmed",
        "paid",
        (),
    )
    assert kinds(decision) == []


def test_our_own_refunds_never_change_which_payment_stays():
    first = replace(PAID, refunds=(refund(PRICE, "asked", "refund/A/5000/0"),))
    facts = booked(first, SECOND, BY_HOST)
    assert due(facts) == [("A", PRICE), ("B", PRICE)]


def test_no_money_moves_while_it_is_disputed():
    request = asked("refund", total=4000)
    assert due(booked(replace(PAID, dispute="open"), request)) == []
    assert due(booked(PAID, replace(SECOND, dispute="open"))) == []
