"""The rules, row by row, and over every order and repetition of every story, in memory."""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bookings.stories import LATER, SOON, START, Teller, invitee_uri, read, stories
from wagtail_calendly.bookings import linking, rules, said
from wagtail_calendly.bookings.facts import facts_of_appointment
from wagtail_calendly.bookings.models import (
    Appointment,
    Attention,
    Booking,
    Effect,
    PaymentStatus,
    Status,
)
from wagtail_calendly.bookings.reference import mint
from wagtail_calendly.bookings.rules import AppointmentFacts, BookingFacts, TermsFacts, decide

NOW = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)
STARTS = NOW + timedelta(days=1)
ENDS = STARTS + timedelta(minutes=30)

ACTIVE = AppointmentFacts(
    invitee="events/1/invitees/A",
    event="events/1",
    old_invitee="",
    new_invitee="",
    created_at=NOW,
    recorded_at=NOW,
    starts_at=STARTS,
    ends_at=ENDS,
    is_canceled=False,
    is_rescheduled=False,
    is_no_show=False,
    canceler="",
    canceled_at=NOW,
    awaits_join_url=False,
)
CANCELED = replace(ACTIVE, is_canceled=True, canceler="invitee")
MOVED = replace(CANCELED, is_rescheduled=True, new_invitee="events/2/invitees/B")
SUCCESSOR = replace(
    ACTIVE,
    invitee="events/2/invitees/B",
    event="events/2",
    old_invitee=ACTIVE.invitee,
    starts_at=STARTS + timedelta(days=1),
    ends_at=ENDS + timedelta(days=1),
)
FREE = BookingFacts(claimed_at=None, appointments=())
PRICED = TermsFacts(charge=5000, currency="EUR")


@pytest.mark.parametrize(
    ("appointments", "now", "status", "effects", "next_check_at"),
    [
        pytest.param([ACTIVE], NOW, "confirmed", [], ENDS, id="to come"),
        pytest.param([ACTIVE], ENDS - timedelta(1e-9), "confirmed", [], ENDS, id="under way"),
        pytest.param([ACTIVE], ENDS, "completed", [], None, id="over"),
        pytest.param([replace(ACTIVE, is_no_show=True)], ENDS, "no_show", [], None, id="missed"),
        pytest.param([CANCELED], NOW, "canceled", [], None, id="canceled"),
        pytest.param([CANCELED], ENDS, "canceled", [], None, id="canceled, and over"),
        pytest.param(
            [MOVED],
            NOW,
            "confirmed",
            ["look_up_successor"],
            NOW + rules.PATIENCE,
            id="moved, the new time unknown",
        ),
        pytest.param(
            [MOVED],
            ENDS + timedelta(days=9),
            "confirmed",
            ["look_up_successor"],
            ENDS + timedelta(days=9) + rules.PATIENCE,
            id="moved, the old time over",
        ),
        pytest.param([MOVED, SUCCESSOR], NOW, "confirmed", [], SUCCESSOR.ends_at, id="moved"),
        pytest.param([MOVED, SUCCESSOR], ENDS, "confirmed", [], SUCCESSOR.ends_at, id="moved on"),
        pytest.param(
            [MOVED, replace(SUCCESSOR, is_canceled=True)], NOW, "canceled", [], None, id="given up"
        ),
        pytest.param(
            [replace(ACTIVE, awaits_join_url=True)],
            NOW,
            "confirmed",
            ["refresh"],
            ENDS,
            id="no URL",
        ),
        pytest.param(
            [replace(ACTIVE, awaits_join_url=True)], ENDS, "completed", [], None, id="no URL, over"
        ),
    ],
)
def test_free_appointments(appointments, now, status, effects, next_check_at):
    decision = decide(replace(FREE, appointments=tuple(appointments)), now)
    assert decision.status == status
    assert [effect.kind for effect in decision.effects] == effects
    assert decision.next_check_at == next_check_at
    assert decision.payment_status == "not_required"
    assert decision.attention == ()


def test_a_claim_waits_for_calendly_and_is_dropped_after_a_day():
    facts = replace(FREE, claimed_at=NOW)
    waiting = decide(facts, NOW)
    assert waiting.status == "pending"
    assert [(effect.kind, effect.due_at) for effect in waiting.effects] == [
        ("look_up", NOW + timedelta(seconds=15))
    ]
    assert waiting.next_check_at == NOW + timedelta(hours=24)
    assert decide(facts, waiting.next_check_at - timedelta(seconds=1)) == waiting
    dropped = decide(facts, waiting.next_check_at)
    assert (dropped.status, dropped.effects, dropped.next_check_at) == ("abandoned", (), None)


def test_what_calendly_says_beats_a_claim_however_old():
    facts = replace(FREE, claimed_at=NOW - timedelta(days=9), appointments=(ACTIVE,))
    assert decide(facts, NOW).status == "confirmed"


@pytest.mark.parametrize("claimed_at", [None, NOW])
@pytest.mark.parametrize("now", [NOW, ENDS, ENDS + timedelta(days=30)])
@pytest.mark.parametrize(
    "appointments",
    [(ACTIVE,), (MOVED,), (MOVED, SUCCESSOR), (CANCELED,), (replace(ACTIVE, is_no_show=True),)],
)
def test_nobody_is_confirmed_without_settled_money(claimed_at, now, appointments):
    facts = BookingFacts(claimed_at, appointments, PRICED)
    decision = decide(facts, now)
    assert decision.status in {"awaiting_payment", "expired", "canceled"}
    assert decision.payment_status == "unpaid"


def test_an_effect_that_failed_for_good_needs_staff_only_while_it_is_wanted():
    facts = replace(FREE, appointments=(MOVED,))
    [wanted] = decide(facts, NOW).effects
    dead = ((wanted.key, NOW),)
    assert decide(replace(facts, dead=dead), NOW).attention == ("effect_failed",)
    found = replace(facts, appointments=(MOVED, SUCCESSOR), dead=dead)
    assert decide(found, NOW).attention == ()


def test_every_open_booking_has_a_next_check_or_attention():
    lives = [(), (ACTIVE,), (MOVED,), (MOVED, SUCCESSOR), (replace(ACTIVE, awaits_join_url=True),)]
    open_statuses = {"pending", "awaiting_payment", "awaiting_schedule", "confirmed"}
    terms = (TermsFacts(), PRICED)
    for agreed, appointments, now in itertools.product(terms, lives, (NOW, ENDS, LATER)):
        decision = decide(BookingFacts(NOW, appointments, agreed), now)
        if decision.status in open_statuses:
            assert decision.attention or decision.next_check_at > now


def test_rules_know_the_standard_library_only():
    files = [*Path(rules.__file__).parent.glob("*.py"), Path(linking.__file__)]
    assert len(files) > 5
    for file in files:
        tree = ast.parse(file.read_text())
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            if not getattr(node, "module", "").startswith("wagtail_calendly.bookings.rules")
            and isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            )
        }
        assert imported <= sys.stdlib_module_names


def test_words_of_the_rules_are_those_of_the_models():
    seen = [
        decide(BookingFacts(claimed_at, appointments, terms, dead=dead), now)
        for claimed_at in (None, NOW)
        for terms in (TermsFacts(), PRICED)
        for appointments in ((), (ACTIVE,), (MOVED,), (CANCELED,))
        for dead in ((), (("look_up_successor/A", NOW),))
        for now in (NOW, ENDS)
    ]
    assert {decision.status for decision in seen} <= set(Status.values)
    assert {decision.payment_status for decision in seen} <= set(PaymentStatus.values)
    assert {effect.kind for decision in seen for effect in decision.effects} <= set(
        Effect.Kind.values
    )
    reasons = {reason for decision in seen for reason in decision.attention}
    assert reasons <= set(Attention.values)
    assert len(" ".join(Attention.values)) <= Booking._meta.get_field("attention").max_length


# Every order and repetition, in memory: the join, the linking and the rules together.


def heard(body: bytes) -> tuple[str, tuple[said.Register, ...]]:
    invitee, event = read(body)
    return invitee.uri, (said.of_invitee(invitee), said.of_event(event))


def told(deliveries: Iterable[tuple[str, tuple[said.Register, ...]]], now: datetime) -> Any:
    """What the deliveries come to in this order, joined as the database joins them."""
    rows: dict[str, Appointment] = {}
    for uri, registers in deliveries:
        row = rows.setdefault(uri, Appointment(invitee_uri=uri, recorded_at=START))
        for register in registers:
            if register.is_news_to(row):
                vars(row).update(register.assignments())
    nodes = [
        linking.Node(
            row.invitee_uri,
            row.old_invitee_uri,
            row.new_invitee_uri,
            row.reference,
            row.invitee_created_at,
        )
        for row in rows.values()
    ]
    places = linking.assign(nodes)
    mine = tuple(
        facts_of_appointment(row, row.start_time, row.end_time)
        for uri, row in rows.items()
        if places[uri].reference == REFERENCE
    )
    facts = BookingFacts(claimed_at=START, appointments=mine)
    return decide(facts, now), frozenset(mine)


REFERENCE = mint(terms_id=1, site_id=1, now=START).text
BODIES = stories(Teller(reference=REFERENCE))
STORIES = {name: [heard(body) for body in bodies] for name, bodies in BODIES.items()}


@pytest.mark.survives("any-order")
@pytest.mark.parametrize("now", [SOON, LATER], ids=["before", "after"])
@pytest.mark.parametrize("story", STORIES, ids=lambda name: name.replace(" ", "-"))
def test_order_and_repetition_do_not_matter(story, now):
    deliveries = STORIES[story]
    expected = told(deliveries, now)
    for order in itertools.permutations(deliveries):
        assert told(order, now) == expected
        assert told([*order, *order], now) == expected
    for twice in set(itertools.permutations([0, 0, 1, 1, 2, 2])) if len(deliveries) > 2 else ():
        assert told([*(deliveries[i] for i in twice), *deliveries[3:]], now) == expected


EXPECTED = {
    "booked": ("confirmed", "completed", "1"),
    "canceled by invitee": ("canceled", "canceled", "1"),
    "canceled by host": ("canceled", "canceled", "1"),
    "canceled in the same instant": ("canceled", "canceled", "1"),
    "rescheduled": ("confirmed", "completed", "2"),
    "rescheduled, tracking carried": ("confirmed", "completed", "2"),
    "rescheduled in the same instant": ("confirmed", "completed", "2"),
    "rescheduled, then canceled": ("canceled", "canceled", "2"),
    "rescheduled twice": ("confirmed", "completed", "3"),
    "moved, the new half lost": ("confirmed", "confirmed", "1"),
    "moved, the old half lost": ("confirmed", "completed", "2"),
    "no-show": ("no_show", "no_show", "1"),
    "no-show undone": ("confirmed", "completed", "1"),
    "no-show undone, in new versions": ("confirmed", "completed", "1"),
    "reference used twice": ("confirmed", "completed", "1"),
    "reference used twice in the same instant": ("confirmed", "completed", "1"),
    "reference used twice, the second moved": ("confirmed", "completed", "1"),
}


@pytest.mark.parametrize("story", EXPECTED, ids=lambda name: name.replace(" ", "-"))
def test_where_stories_end(story):
    before, after, current = EXPECTED[story]
    for now, status in ((SOON, before), (LATER, after)):
        decision, _ = told(STORIES[story], now)
        assert decision.status == status
        assert decision.current.invitee == invitee_uri(current)


def test_the_test_would_notice_an_order_that_matters():
    """Negative control: the same stories, with the last to arrive winning."""

    def last_wins(deliveries):
        rows = {}
        for body in deliveries:
            invitee, event = read(body)
            rows[invitee.uri] = (invitee.status, event.status, bool(invitee.no_show))
        return rows

    for name in ("canceled by invitee", "rescheduled", "no-show undone"):
        ends = {str(sorted(last_wins(o).items())) for o in itertools.permutations(BODIES[name])}
        assert len(ends) > 1
