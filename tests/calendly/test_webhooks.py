"""The signature of deliveries: what passes, what is refused and why; and what the envelope holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendly.conftest import payload
from wagtail_calendly.calendly import (
    CalendlyUnexpectedResponse,
    InvalidSignature,
    WebhookEnvelope,
    sign,
    verify_signature,
)

KEY = "test-signing-key-0123456789"
BODY = (
    b'{"event":"invitee.created","payload":'
    b'{"uri":"https://api.calendly.com/scheduled_events/EV/invitees/IN"}}'
)
SECONDS = 1767225600
DIGEST = "5fdbdd52f3eff3575733b96d617f98103e0a4f6677f2e707265ea3654dc52411"
HEADER = f"t={SECONDS},v1={DIGEST}"
NOW = datetime.fromtimestamp(SECONDS, UTC)
OTHER = "0" * 64


def verify(header=HEADER, body=BODY, keys=(KEY,), now=NOW, tolerance=timedelta(seconds=300)):
    return verify_signature(header, body, keys, tolerance=tolerance, now=now)


def reason(**changes):
    with pytest.raises(InvalidSignature) as caught:
        verify(**changes)
    return caught.value.reason


def test_the_known_vector():
    assert sign(BODY, KEY, SECONDS) == HEADER
    assert verify() == NOW


def test_several_keys_are_valid_at_once():
    assert verify(keys=["newer-key", KEY]) == NOW
    assert verify(keys=[KEY, "older-key"]) == NOW


def test_several_signatures_may_be_sent():
    assert verify(f"t={SECONDS},v1={OTHER},v1={DIGEST}") == NOW
    assert verify(f"v1={DIGEST}, t={SECONDS},v0=abc,new=") == NOW


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"header": None}, "missing"),
        ({"header": ""}, "missing"),
        ({"body": BODY + b" "}, "mismatch"),
        ({"body": b""}, "mismatch"),
        ({"keys": ["another-key"]}, "mismatch"),
        ({"keys": []}, "no_key"),
        ({"keys": ["", ""]}, "no_key"),
        ({"header": f"t={SECONDS},v1={OTHER}"}, "mismatch"),
        ({"header": f"t={SECONDS + 1},v1={DIGEST}"}, "mismatch"),
        ({"header": f"t=0{SECONDS},v1={DIGEST}"}, "malformed"),
        ({"header": f"v1={DIGEST}"}, "malformed"),
        ({"header": f"t={SECONDS}"}, "malformed"),
        ({"header": f"t={SECONDS},t={SECONDS},v1={DIGEST}"}, "malformed"),
        ({"header": f"t={SECONDS},v0={DIGEST}"}, "malformed"),
        ({"header": f"t={SECONDS},v1={DIGEST.upper()}"}, "malformed"),
        ({"header": f"t={SECONDS},v1={DIGEST[:-1]}"}, "malformed"),
        ({"header": f"t=-{SECONDS},v1={DIGEST}"}, "malformed"),
        ({"header": f"t={SECONDS}.0,v1={DIGEST}"}, "malformed"),
        ({"header": f"t=١٧٦٧٢٢٥٦٠٠,v1={DIGEST}"}, "malformed"),
        ({"header": f"t={SECONDS},v1=é{DIGEST[1:]}"}, "malformed"),
        ({"header": HEADER + ",x=" + "y" * 1000}, "malformed"),
        ({"header": "t=9999999999999,v1=" + DIGEST}, "malformed"),
        ({"header": "=,=,=,,,"}, "malformed"),
        ({"now": NOW + timedelta(seconds=301)}, "too_old"),
        ({"now": NOW - timedelta(seconds=301)}, "too_new"),
    ],
)
def test_refusals(changes, expected):
    assert reason(**changes) == expected


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_the_tolerance_reaches_both_ways(seconds):
    assert verify(now=NOW + timedelta(seconds=seconds)) == NOW


def test_age_is_only_told_to_those_who_know_the_key():
    assert reason(header=f"t={SECONDS},v1={OTHER}", now=NOW + timedelta(days=9)) == "mismatch"


def test_the_reason_tells_neither_key_nor_digest():
    with pytest.raises(InvalidSignature) as caught:
        verify(keys=["another-key"])
    assert "another" not in str(caught.value)
    assert DIGEST not in str(caught.value)


@pytest.mark.survives("timing")
@given(st.text(max_size=2000) | st.text("t=v1,0af ", max_size=200), st.binary(max_size=50))
def test_no_header_and_no_body_raise_anything_else(header, body):
    with pytest.raises(InvalidSignature):
        verify(header, body)


@given(
    st.binary(max_size=200),
    st.text(min_size=1).filter(lambda text: text.isascii()),
    st.integers(1, 4 * 10**9),
)
def test_what_is_signed_is_verified(body, key, seconds):
    now = datetime.fromtimestamp(seconds, UTC)
    assert verify(sign(body, key, seconds), body, [key], now) == now


# Envelopes


def envelope(name):
    return WebhookEnvelope.from_body(json.dumps(payload(name)).encode())


def test_created_holds_the_whole_booking():
    delivery = envelope("webhook_invitee_created")
    invitee = delivery.invitee()
    assert delivery.event == "invitee.created"
    assert invitee.tracking.utm_content == "bk_3f9c"
    assert invitee.scheduled_event.start_time == datetime(2027, 1, 5, 10, tzinfo=UTC)
    assert invitee.observed_at == delivery.created_at == invitee.scheduled_event.observed_at
    assert invitee.scheduled_event.location.join_url == ""


def test_canceled_says_who_and_when():
    invitee = envelope("webhook_invitee_canceled").invitee()
    assert invitee.is_canceled
    assert invitee.scheduled_event.is_canceled
    assert invitee.cancellation.canceler_type == "invitee"
    assert invitee.cancellation.created_at == datetime(2026, 12, 2, 12, tzinfo=UTC)


def test_in_a_group_the_event_stays():
    invitee = envelope("webhook_invitee_canceled_in_group").invitee()
    assert invitee.is_canceled
    assert not invitee.scheduled_event.is_canceled


def test_both_halves_of_a_reschedule_name_each_other():
    old = envelope("webhook_invitee_canceled_by_reschedule").invitee()
    new = envelope("webhook_invitee_created_by_reschedule").invitee()
    assert old.rescheduled
    assert (old.new_invitee, new.old_invitee) == (new.uri, old.uri)


def test_no_shows_come_and_go():
    assert envelope("webhook_invitee_no_show_created").invitee().no_show.uri.endswith("/NS")
    assert envelope("webhook_invitee_no_show_deleted").invitee().no_show is None


def test_deliveries_of_2022_are_read_too():
    assert envelope("webhook_invitee_created_2022").invitee().scheduled_event is None
    assert envelope("webhook_invitee_canceled_2022").invitee().is_canceled


@pytest.mark.parametrize("name", ["created", "updated", "deleted"])
def test_event_types_come_without_html(name):
    delivery = envelope(f"webhook_event_type_{name}")
    event_type = delivery.event_type()
    assert event_type.description_html == ""
    assert event_type.observed_at == delivery.created_at
    assert (event_type.deleted_at is not None) == (name == "deleted")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"nonsense", b"\xff", b'{"event":"x"}', b'{"event":"x","created_at":"yesterday"}'],
)
def test_what_is_no_envelope_is_unexpected(body):
    with pytest.raises(CalendlyUnexpectedResponse):
        WebhookEnvelope.from_body(body)


def test_a_payload_of_another_kind_is_unexpected():
    with pytest.raises(CalendlyUnexpectedResponse):
        envelope("webhook_event_type_created").invitee()
