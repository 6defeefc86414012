"""The rules where money is concerned: every row of the table, every boundary in time, every word reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.bookings.money_facts import (
    AFTER,
    BEFORE,
    DAY,
    HOLD_ENDS,
    HOUR,
    INSTANT,
    LATE,
    MINUTE,
    OPEN,
    OPENING,
    PAID,
    PRICE,
    ahead,
    asked,
    attempt,
    booked,
    kinds,
)
from tests.bookings.money_table import ROWS, told
from tests.bookings.test_rules import ACTIVE, CANCELED, ENDS, NOW, STARTS
from wagtail_calendly.bookings.models import Attention, PaymentStatus, Status
from wagtail_calendly.bookings.rules import PATIENCE, BookingFacts, decide, if_invitee_cancels
from wagtail_calendly.bookings.rules.attention import DEBIT_LIMIT


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_every_row_of_the_table(row):
    assert told(decide(row.facts, row.now)) == row.expected


def test_every_word_is_reached():
    reached = [decide(row.facts, row.now) for row in ROWS]
    assert {decision.status for decision in reached} == set(Status.values)
    assert {decision.payment_status for decision in reached} == set(PaymentStatus.values)
    of_appointments = {"reference_used_twice", "reference_mismatch", "not_through_site"}
    reasons = {reason for decision in reached for reason in decision.attention}
    assert reasons | of_appointments == set(Attention.values)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_nothing_changes_before_the_next_check(row):
    """The clock touches what is due, so nothing may change by time alone before that."""
    first = decide(row.facts, row.now)
    until = first.next_check_at or row.now + 365 * DAY
    assert until > row.now
    between = [row.now + (until - row.now) * part / 7 for part in range(7)]
    for moment in [*between, until - INSTANT]:
        then = decide(row.facts, moment)
        assert set(kinds(then)) <= set(kinds(first))
        assert told(then).split()[:2] == told(first).split()[:2]
        assert (then.attention, then.is_payable) == (first.attention, first.is_payable)


# Boundaries in time: the last instant of the old, the first of the new.


def sides(facts: BookingFacts, moment: datetime) -> tuple[str, str]:
    return decide(facts, moment - INSTANT).status, decide(facts, moment).status


def test_the_hold_ends_to_the_instant():
    assert sides(booked(), HOLD_ENDS) == ("awaiting_payment", "expired")
    assert decide(booked(OPEN), HOLD_ENDS - INSTANT).is_payable
    assert not decide(booked(OPEN), HOLD_ENDS).is_payable
    assert decide(booked(), NOW).hold_until == decide(booked(), NOW).next_check_at == HOLD_ENDS


@pytest.mark.parametrize(
    ("ahead_by", "held_for"),
    [
        pytest.param(36 * MINUTE, 30 * MINUTE, id="long before"),
        pytest.param(20 * MINUTE, 15 * MINUTE, id="ends before the session"),
        pytest.param(15 * MINUTE, 10 * MINUTE, id="just long enough"),
        pytest.param(15 * MINUTE - INSTANT, timedelta(), id="no time to pay in"),
        pytest.param(-MINUTE, timedelta(), id="already begun"),
    ],
)
def test_a_hold_ends_before_the_session(ahead_by, held_for):
    starts = NOW + ahead_by
    soon = replace(ACTIVE, starts_at=starts, ends_at=starts + HOUR)
    decision = decide(booked(OPENING, soon), NOW)
    assert decision.is_payable == (held_for > timedelta())
    if held_for:
        assert decision.hold_until == NOW + held_for
    else:
        assert "open_checkout" not in kinds(decision)


def test_a_hold_of_seconds_is_a_hold():
    """A demonstration cannot wait for minutes."""
    quick = replace(AFTER, hold=timedelta(seconds=20))
    assert decide(booked(terms=quick), NOW).hold_until == NOW + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("before_start", "percent"),
    [
        (48 * HOUR, 100),
        (24 * HOUR, 100),
        (24 * HOUR - INSTANT, 50),
        (12 * HOUR, 50),
        (12 * HOUR - INSTANT, 0),
        (timedelta(), 0),
        (-HOUR, 0),
    ],
    ids=str,
)
def test_each_tier_ends_to_the_instant(before_start, percent):
    at = STARTS - before_start
    early = replace(PAID, settled_at=STARTS - 99 * HOUR)
    canceled = replace(CANCELED, canceled_at=at)
    assert decide(booked(early, canceled), at).owed == PRICE * percent // 100
    assert if_invitee_cancels(booked(early), ACTIVE, at) == PRICE * percent // 100


def test_no_policy_gives_nothing_back():
    early = replace(PAID, settled_at=NOW - DAY)
    facts = booked(early, CANCELED, terms=replace(AFTER, tiers=()))
    assert decide(facts, NOW).owed == 0


def test_what_is_owed_is_rounded_down_to_the_minor_unit():
    third = replace(PAID, settled_at=NOW - DAY, captured=PRICE)
    terms = replace(AFTER, tiers=((0, 33),))
    assert decide(booked(third, CANCELED, terms=terms), NOW).owed == 1650
    assert decide(booked(replace(third, captured=101), CANCELED, terms=terms), NOW).owed == 33  # fmt: skip


def test_the_link_is_valid_to_the_instant():
    over = NOW + MINUTE + BEFORE.link_valid_for
    assert sides(ahead(PAID), over) == ("awaiting_schedule", "canceled")
    just = replace(LATE, created_at=over - INSTANT)
    assert decide(ahead(PAID, just), NOW).status == "confirmed"
    late = replace(LATE, created_at=over)
    assert decide(ahead(PAID, late), NOW).status == "awaiting_payment"


def test_a_debit_is_slow_to_the_instant():
    facts = booked(attempt("processing"))
    assert decide(facts, NOW + DEBIT_LIMIT - INSTANT).attention == ()
    assert decide(facts, NOW + DEBIT_LIMIT).attention == ("payment_slow",)


def test_a_day_without_asking_to_the_instant():
    assert sides(ahead(attempt("expired")), NOW + DAY) == ("awaiting_payment", "abandoned")
    asked_again = ahead(attempt("expired"), asked("pay", NOW + DAY))
    assert decide(asked_again, NOW + DAY).is_payable
    assert sides(booked(appointments=(), claimed_at=NOW), NOW + DAY) == ("pending", "abandoned")


def test_a_session_is_over_to_the_instant():
    assert sides(booked(PAID), ENDS) == ("confirmed", "completed")


def test_what_waits_for_an_effect_is_looked_at_again():
    waiting = decide(booked(OPEN), HOLD_ENDS)
    assert waiting.next_check_at == HOLD_ENDS + PATIENCE
