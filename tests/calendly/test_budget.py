"""Background work yields while little is left of the account's rate; visitors are never held back here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.calendly.conftest import answer
from wagtail_calendly.calendly import CalendlyClient, CalendlyRateLimited, NewInvitee, RateBudget


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def budget(clock):
    return RateBudget(clock=clock)


def says(limit, remaining, reset):
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(reset),
    }


def admitted(budget):
    """How many background calls pass before one is refused."""
    for count in range(1000):
        try:
            budget.admit(background=True)
        except CalendlyRateLimited:
            return count
    return 1000


def test_it_admits_all_while_it_knows_nothing(budget):
    assert budget.remaining is None
    assert budget.limit is None
    assert admitted(budget) == 1000


@pytest.mark.parametrize(("remaining", "expected"), [(50, 30), (21, 1), (20, 0), (0, 0)])
def test_background_work_leaves_two_fifths_to_visitors(budget, remaining, expected):
    budget.learn(says(50, remaining, 60))
    assert admitted(budget) == expected
    budget.admit(background=False)


def test_visitors_calls_count_as_well(budget):
    budget.learn(says(50, 22, 60))
    budget.admit(background=False)
    budget.admit(background=False)
    assert (budget.remaining, admitted(budget)) == (20, 0)


def test_refusal_says_when_the_window_ends_and_is_over_by_then(budget, clock):
    budget.learn(says(500, 3, 41))
    clock.now += 10
    with pytest.raises(CalendlyRateLimited) as caught:
        budget.admit(background=True)
    assert caught.value.retry_after == 31
    clock.now += 31
    budget.admit(background=True)
    assert budget.remaining is None


@pytest.mark.parametrize(
    "headers", [{}, says("x", 1, 1), says(500, "", 1), says(500, 0, "nan"), says(500, 0, -1)]
)
def test_headers_that_say_nothing_change_nothing(budget, headers):
    budget.learn(says(500, 400, 60))
    budget.learn(headers)
    assert budget.remaining == 400


def test_an_absurd_window_is_cut(budget, clock):
    budget.learn(says(500, 0, 86400))
    clock.now += 120
    budget.admit(background=True)


def test_threads_share_it(budget):
    budget.learn(says(500, 400, 60))
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: admitted(budget), range(8)))
    assert sum(counts) == 200


def test_the_client_learns_and_its_background_twin_is_refused_before_sending(far_end):
    client = CalendlyClient("t", transport=far_end, budget=RateBudget())
    background = client.for_background()
    far_end.answers = [answer("user", **says(50, 5, 60)), answer("user", **says(50, 4, 60))]
    background.current_user()
    with pytest.raises(CalendlyRateLimited) as caught:
        background.current_user()
    assert 55 <= caught.value.retry_after <= 60
    assert len(far_end.requests) == 1
    client.current_user()
    assert client.budget.remaining == background.budget.remaining == 4


def test_a_429_stops_background_work_even_when_it_has_no_headers(far_end, one_attempt):
    client = CalendlyClient("t", transport=far_end)
    far_end.answers = [httpx.Response(429)]
    with pytest.raises(CalendlyRateLimited):
        client.current_user()
    with pytest.raises(CalendlyRateLimited):
        client.for_background().current_user()
    assert len(far_end.requests) == 1


def test_the_small_limit_on_booking_does_not_stop_the_rest(far_end, one_attempt):
    client = CalendlyClient("t", transport=far_end)
    far_end.answers = [httpx.Response(429, headers=says(5, 0, 80000)), answer("user")]
    booking = NewInvitee(
        event_type="https://api.calendly.com/event_types/ET",
        start_time="2027-01-05T10:00:00Z",
        email="v@e.org",
        timezone="UTC",
    )
    with pytest.raises(CalendlyRateLimited):
        client.create_invitee(booking)
    client.for_background().current_user()
