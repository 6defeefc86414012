"""Limits: exact under threads and processes, not to be talked round, and forgotten in time."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory

from tests.api.conftest import make_session_type
from wagtail_calendly import limits
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import RequestCounter
from wagtail_calendly.exceptions import InvalidReference, LimitReached

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = {
        "VISITOR_POSTS_PER_MINUTE": 3,
        "ACCOUNT_LINKS_PER_MINUTE": 5,
        "ACCOUNT_LOOKUPS_PER_MINUTE": 2,
    }


def admitted(times: int, forwarded: str = "", address: str = "192.0.2.1") -> int:
    """How many of so many posts from there get through."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().post("/", headers=headers, REMOTE_ADDR=address)
    through = 0
    for _ in range(times):
        try:
            limits.visitor(request)
        except LimitReached:
            continue
        through += 1
    return through


@pytest.mark.survives("bots")
@time_machine.travel(NOON, tick=False)
def test_a_visitor_has_so_many_posts_in_a_minute() -> None:
    assert admitted(5) == 3
    with pytest.raises(LimitReached) as refused:
        limits.visitor(RequestFactory().post("/", REMOTE_ADDR="192.0.2.1"))
    assert refused.value.retry_after == 50


@time_machine.travel(NOON, tick=False)
def test_one_visitors_share_is_not_anothers() -> None:
    assert (admitted(5), admitted(5, address="192.0.2.2")) == (3, 3)


def test_the_next_minute_is_a_new_one() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert admitted(5) == 3
        clock.shift(50)
        assert admitted(5) == 3
        clock.shift(3600)
        assert admitted(5) == 3
    assert RequestCounter.objects.count() == 1


@pytest.mark.survives("forged-forwarding")
@time_machine.travel(NOON, tick=False)
def test_a_forged_header_wins_nothing() -> None:
    assert sum(admitted(1, forwarded=f"198.51.100.{n}") for n in range(9)) == 3


@pytest.mark.survives("forged-forwarding")
@time_machine.travel(NOON, tick=False)
def test_trusted_proxies_are_counted_from_the_right(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY["TRUSTED_PROXIES"] = 2
    proxy = "10.0.0.1"
    real = "203.0.113.9, 10.0.0.2"
    assert sum(admitted(1, f"198.51.100.{n}, {real}", proxy) for n in range(9)) == 3
    assert admitted(9, "203.0.113.10, 10.0.0.2", proxy) == 3


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("forwarded", ["", "10.0.0.2", "nonsense, 10.0.0.2", ", 10.0.0.2"])
def test_without_a_usable_header_the_proxy_itself_counts(settings: Any, forwarded: str) -> None:
    settings.WAGTAIL_CALENDLY["TRUSTED_PROXIES"] = 2
    assert admitted(9, forwarded, "10.0.0.1") == 3
    assert admitted(9, "", "10.0.0.1") == 0


@pytest.mark.survives("forged-forwarding")
@time_machine.travel(NOON, tick=False)
def test_an_ipv6_visitor_is_a_network() -> None:
    assert sum(admitted(1, address=f"2001:db8:1:2::{n:x}") for n in range(1, 9)) == 3
    assert admitted(5, address="2001:db8:1:3::1") == 3


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    "spelled", ["::ffff:192.0.2.1", "192.0.2.1:5555", "[::ffff:192.0.2.1]:443", "192.0.2.1"]
)
def test_one_address_has_many_spellings(settings: Any, spelled: str) -> None:
    settings.WAGTAIL_CALENDLY["TRUSTED_PROXIES"] = 1
    assert admitted(9, "192.0.2.1", "10.0.0.1") == 3
    assert admitted(9, spelled, "10.0.0.1") == 0


@time_machine.travel(NOON, tick=False)
def test_addresses_are_not_kept(settings: Any) -> None:
    admitted(1)
    first = RequestCounter.objects.get().key
    assert "192.0.2" not in first
    RequestCounter.objects.all().delete()
    settings.SECRET_KEY = "another"
    admitted(1)
    assert RequestCounter.objects.get().key != first


def take(kind: limits.Kind, times: int) -> int:
    through = 0
    for _ in range(times):
        try:
            limits.account("default", kind)
        except LimitReached:
            continue
        through += 1
    return through


@time_machine.travel(NOON, tick=False)
def test_an_account_has_a_budget_of_each_kind() -> None:
    assert (take("links", 9), take("lookups", 9)) == (5, 2)


@time_machine.travel(NOON, tick=False)
def test_a_look_up_is_paid_by_the_account_of_its_reference(site: Any) -> None:
    session_type = make_session_type()
    reference = references.mint(terms_id=session_type.terms.get().pk, site_id=site.pk).text
    limits.lookup(reference)
    limits.lookup(reference)
    with pytest.raises(LimitReached):
        limits.lookup(reference)


@time_machine.travel(NOON, tick=False)
def test_what_was_never_minted_costs_no_account_anything() -> None:
    for text in ("x", references.mint(terms_id=9, site_id=1).text):
        with pytest.raises(InvalidReference):
            limits.lookup(text)
    assert not RequestCounter.objects.exists()


def test_old_counters_are_forgotten() -> None:
    with time_machine.travel(NOON, tick=False):
        admitted(1)
        assert limits.purge(NOON + timedelta(minutes=5)) == 0
        assert limits.purge(NOON + timedelta(minutes=15)) == 1
    assert not RequestCounter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_threads_together_get_exactly_the_budget() -> None:
    barrier = threading.Barrier(8)
    through: list[int] = []

    def ask() -> None:
        try:
            barrier.wait(20)
            through.append(take("links", 3))
        finally:
            connection.close()

    with time_machine.travel(NOON, tick=False):
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(through) == 5


PROCESS = """
import json, sys
from datetime import UTC, datetime
import time_machine
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.WAGTAIL_CALENDLY = {"ACCOUNT_LINKS_PER_MINUTE": 5}
import django
django.setup()
from tests.api.test_limits import NOON, take
with time_machine.travel(NOON, tick=False):
    print(take("links", 4))
"""


@pytest.mark.survives("bots")
@pytest.mark.django_db(transaction=True)
def test_processes_together_get_exactly_the_budget() -> None:
    name = str(connection.settings_dict["NAME"])
    processes = [
        subprocess.Popen([sys.executable, "-c", PROCESS, name], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert sum(int(process.communicate(timeout=60)[0]) for process in processes) == 5
