"""Deliveries as they come in life: twice, in any order, late, unknown, for things that we do not know."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import default_site
from tests.faults.conftest import Post, book, send
from tests.faults.truth import changes, forget, truth
from tests.fixtures.simulator import Simulator
from wagtail_calendly import signals
from wagtail_calendly.bookings import reconcile, record, subscriptions
from wagtail_calendly.bookings.confirm import confirm
from wagtail_calendly.bookings.models import Appointment, Booking, Status, WebhookDelivery
from wagtail_calendly.bookings.reference import Reference, mint
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.terms import terms_for

pytestmark = pytest.mark.django_db

CLAIM = "claim"
#: Orders tried of stories that have more than three deliveries.
SAMPLED = 5


@pytest.fixture
def confirmations() -> Iterator[list[Booking]]:
    """The bookings that the host site was told to be confirmed."""
    heard: list[Booking] = []

    def hear(booking: Booking, **kwargs: Any) -> None:
        heard.append(booking)

    signals.booking_confirmed.connect(hear)
    yield heard
    signals.booking_confirmed.disconnect(hear)


def happen(story: str, calendly: Simulator, reference: Reference) -> None:
    """What visitor and host do at Calendly; its deliveries are held back."""
    invitee = book(calendly, reference)["invitee"]["uri"]
    if story.startswith("moved"):
        invitee = calendly.reschedule(invitee)["new"]["invitee"]["uri"]
    if "canceled" in story:
        calendly.cancel(invitee, by="host" if "host" in story else "invitee")
    if "missed" in story:
        calendly.no_show(invitee)
    if "undone" in story:
        calendly.undo_no_show(invitee)


@pytest.mark.survives("any-order")
@pytest.mark.parametrize(
    ("story", "coarse"),
    [
        pytest.param("canceled", False),
        pytest.param("canceled by host", True, id="canceled by host in the same instant"),
        pytest.param("moved", True, id="moved in the same instant"),
        pytest.param("moved, canceled", False),
        pytest.param("missed, undone", True, id="missed, undone in the same instant"),
    ],
)
def test_deliveries_end_the_same_in_every_order(
    post: Post, reference: Reference, story: str, coarse: bool
) -> None:
    post.simulator.clock(coarse=coarse)
    happen(story, post.simulator, reference)
    ids = post.held
    post.deliver(*ids)
    expected = truth()
    assert len(expected[0]) == 1
    orders = list(itertools.permutations(ids))
    if len(ids) > 3:
        orders = random.Random(story).sample(orders, SAMPLED)  # noqa: S311
    for order in orders:
        forget()
        post.deliver(*order, *order[:1])
        assert truth() == expected, order


@pytest.mark.survives("half-a-reschedule")
@pytest.mark.parametrize("half", [0, 1], ids=["the old half", "the new half"])
def test_half_a_reschedule_is_completed_by_the_clock(
    post: Post, reference: Reference, half: int
) -> None:
    created = book(post.simulator, reference)
    post.deliver()
    moved = post.simulator.reschedule(created["invitee"]["uri"])["new"]
    post.deliver(post.held[1:][half])
    assert Booking.objects.get().status == Status.CONFIRMED
    reconcile.tick(timezone.now() + timedelta(minutes=5))
    booking = Booking.objects.get()
    assert booking.status == Status.CONFIRMED
    assert booking.calendly_invitee_uri == moved["invitee"]["uri"]
    assert booking.starts_at.isoformat()[:16] == moved["event"]["start_time"][:16]


@pytest.mark.survives("delivered-twice")
def test_a_delivery_that_comes_twice_counts_once(
    post: Post, reference: Reference, confirmations: list[Booking]
) -> None:
    book(post.simulator, reference)
    (only,) = post.held
    assert post.deliver(only, only, only) == [200] * 3
    assert WebhookDelivery.objects.count() == 1
    assert (changes(), len(confirmations)) == (1, 1)


@pytest.mark.survives("told-twice-in-other-words")
@pytest.mark.django_db(transaction=True)
def test_two_deliveries_of_one_change_count_once(
    calendly: Simulator, reference: Reference, confirmations: list[Booking]
) -> None:
    body = told(calendly, reference)
    again = json.loads(body) | {"created_at": "2099-01-01T00:00:00.000000Z"}
    assert [send(body), send(json.dumps(again).encode())] == [200, 200]
    assert WebhookDelivery.objects.filter(state="done").count() == 2
    assert (changes(), len(confirmations)) == (1, 1)


@pytest.mark.survives("days-late")
def test_a_delivery_that_comes_after_the_session_promises_nothing(
    post: Post, session_type: SessionType, confirmations: list[Booking]
) -> None:
    """The session took place; nobody is told that it is confirmed."""
    ago = timedelta(days=10)
    late = mint(
        terms_id=terms_for(session_type).pk,
        site_id=default_site().pk,
        now=timezone.now() - ago,
    )
    post.simulator.clock(-ago.total_seconds())
    book(post.simulator, late)
    post.simulator.clock(0)
    assert post.deliver() == [200]
    assert Booking.objects.get().status == Status.COMPLETED
    assert confirmations == []
    appointment = Appointment.objects.get()
    assert appointment.recorded_at - appointment.invitee_created_at > timedelta(days=9)


@pytest.mark.survives("webhook-before-browser")
def test_what_a_webhook_told_first_is_there_when_the_browser_comes(
    post: Post, reference: Reference
) -> None:
    booked = book(post.simulator, reference)
    post.deliver()
    post.simulator.clear_requests()
    booking = confirm(reference.text, booked["invitee"]["uri"], site=default_site())
    assert booking.status == Status.CONFIRMED
    assert post.simulator.requests() == []


@pytest.mark.survives("browser-before-webhook")
def test_the_browsers_word_alone_confirms_and_the_webhook_adds_nothing(
    post: Post, reference: Reference, confirmations: list[Booking]
) -> None:
    booked = book(post.simulator, reference)
    confirm(reference.text, booked["invitee"]["uri"], site=default_site())
    assert Booking.objects.get().status == Status.CONFIRMED
    post.deliver()
    assert (changes(), len(confirmations)) == (1, 1)


@pytest.mark.survives("nothing-stored-yet")
def test_a_delivery_needs_no_row_that_we_made_before(post: Post, reference: Reference) -> None:
    assert not Booking.objects.exists()
    book(post.simulator, reference)
    post.deliver()
    assert Booking.objects.get().reference == reference.text
    # The browser finds the same row, whenever it comes.
    claimed = record.claim(reference)
    assert settle(claimed.pk, because="visitor").status == Status.CONFIRMED
    assert Booking.objects.count() == 1


@pytest.mark.survives("booked-past-us")
@pytest.mark.survives("not-for-us")
def test_what_was_booked_past_us_is_taken_and_belongs_to_nobody(post: Post) -> None:
    post.simulator.book()
    post.simulator.book("workshop", tracking={"utm_content": "another-product"})
    assert post.deliver() == [200, 200]
    assert not Booking.objects.exists()
    kept = Appointment.objects.values_list("booking", "attention")
    assert list(kept) == [(None, ""), (None, "")]


@pytest.mark.survives("reference-used-twice")
def test_a_copied_link_leaves_the_second_to_staff(post: Post, reference: Reference) -> None:
    first = book(post.simulator, reference)
    book(post.simulator, reference, name="Somebody Else")
    assert post.deliver(*reversed(post.held)) == [200, 200]
    assert Booking.objects.get().calendly_invitee_uri == first["invitee"]["uri"]
    second = Appointment.objects.get(booking=None)
    assert second.attention == "reference_used_twice"


@pytest.mark.survives("unknown-version")
def test_what_this_version_cannot_read_is_kept_word_for_word(
    calendly: Simulator, reference: Reference
) -> None:
    """A delivery of a later version, taken while an older one runs, is there for the later one."""
    body = json.dumps({"version": 9, "event": "invitee.created", "data": {"uri": "…"}}).encode()
    other = json.dumps({"event": "invitee.renamed", "payload": {}}).encode()
    assert [send(body), send(other)] == [200, 200]
    waiting, ignored = WebhookDelivery.objects.order_by("pk")
    assert (waiting.state, waiting.body) == ("open", body.decode())
    assert (ignored.state, ignored.body) == ("ignored", "")


@pytest.mark.survives("unknown-version")
def test_deliveries_that_waited_for_an_upgrade_are_worked_on_after_it(
    calendly: Simulator, reference: Reference
) -> None:
    """A row needs nothing but its raw body, and the body nothing but to be Calendly's."""
    WebhookDelivery.objects.create(
        sender="calendly",
        digest="0" * 64,
        event="invitee.created",
        body=told(calendly, reference).decode(),
        tries=3,
        error="CalendlyUnexpectedResponse",
    )
    reconcile.tick()
    assert Booking.objects.get().status == Status.CONFIRMED
    assert WebhookDelivery.objects.get().state == "done"


def told(calendly: Simulator, reference: Reference) -> bytes:
    """The body of a delivery that nobody got."""
    calendly.webhooks("drop")
    calendly.subscribe(subscriptions.address("default", "http://127.0.0.1"))
    book(calendly, reference)
    body: str = calendly.deliveries()[-1]["body"]
    return body.encode()
