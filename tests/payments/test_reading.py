"""What Stripe says becomes facts, the same facts for every reader; what is no sense is as good as no answer."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.payments.said import (
    CHARGED,
    OPENED,
    SETTLED,
    charge,
    event,
    intent,
    refund,
    session,
)
from wagtail_calendly.payments import EFFECT, PaymentUnavailable, read_hint
from wagtail_calendly.payments.reading import (
    has_more_refunds,
    is_disputed,
    read_checkout,
    read_dispute,
    read_endpoint,
    read_refund,
)

NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def read(**changes: Any):
    return read_checkout(session(**changes), observed_at=NOW)


def test_a_paid_checkout() -> None:
    said = read(payment_intent=intent(latest_charge=charge(refunds={"data": [refund()]})))
    assert (said.status, said.payment_status, said.mode) == ("complete", "paid", "test")
    assert (said.reference, said.attempt) == ("reference-1", "attempt-1")
    assert (said.currency, said.subtotal, said.total, said.captured) == ("EUR", 5000, 5000, 5000)
    assert (said.payment_intent, said.email) == ("pi_1", "payer@example.org")
    assert (said.created_at, said.observed_at, said.has_failed) == (at(OPENED), NOW, False)
    assert [one.amount for one in said.refunds] == [1000]


def test_an_open_checkout_has_no_payment_yet() -> None:
    said = read(
        status="open", payment_status="unpaid", payment_intent=None, url="https://pay.example/1",
        customer_details=None, total_details=None,
    )  # fmt: skip
    assert (said.payment_intent, said.captured, said.settled_at) == ("", 0, None)
    assert (said.url, said.email, said.discount) == ("https://pay.example/1", "", 0)


def test_what_is_not_expanded_is_only_named() -> None:
    assert read(payment_intent="pi_9").payment_intent == "pi_9"
    assert read(payment_intent=intent(latest_charge="ch_9")).captured == 5000


def test_what_is_personal_or_opens_a_page_is_in_no_representation() -> None:
    said = repr(read(url="https://pay.example/secret"))
    assert "payer@example.org" not in said
    assert "https://" not in said


@pytest.mark.parametrize(
    ("changes", "settled_at"),
    [
        ({}, CHARGED),
        ({"payment_intent": intent(latest_charge=charge("card", SETTLED))}, CHARGED),
        ({"payment_intent": intent(latest_charge=charge("link", SETTLED))}, CHARGED),
        ({"payment_intent": intent(latest_charge=charge("sepa_debit", SETTLED))}, SETTLED),
        ({"payment_intent": intent(latest_charge=charge("sepa_debit"))}, CHARGED),
        ({"payment_intent": intent(latest_charge=charge("ideal", CHARGED - 1))}, CHARGED),
        ({"payment_intent": None, "payment_status": "no_payment_required"}, OPENED),
        ({"payment_intent": None, "payment_status": "no_payment_required", "status": "open"}, None),
        ({"payment_status": "unpaid"}, None),
    ],
)
def test_when_the_money_was_there(changes: dict[str, Any], settled_at: int | None) -> None:
    assert read(**changes).settled_at == (at(settled_at) if settled_at else None)


@pytest.mark.parametrize(
    ("status", "payment_status", "intent_status", "has_failed"),
    [
        ("complete", "unpaid", "processing", False),
        ("complete", "unpaid", "requires_payment_method", True),
        ("complete", "unpaid", "canceled", True),
        ("complete", "paid", "succeeded", False),
        ("open", "unpaid", "requires_payment_method", False),
        ("expired", "unpaid", "canceled", False),
    ],
)
def test_a_debit_that_did_not_come(
    status: str, payment_status: str, intent_status: str, has_failed: bool
) -> None:
    said = read(
        status=status, payment_status=payment_status, payment_intent=intent(status=intent_status)
    )
    assert said.has_failed is has_failed


@pytest.mark.parametrize(
    ("statuses", "dispute"),
    [
        ([], ""),
        (["needs_response"], "open"),
        (["warning_under_review"], "open"),
        (["appeal_needs_response"], "open"),
        (["a_new_one"], "open"),
        (["won"], "won"),
        (["warning_closed"], "won"),
        (["prevented"], "won"),
        (["lost"], "lost"),
        (["won", "lost"], "lost"),
        (["lost", "under_review"], "open"),
    ],
)
def test_disputes_taken_together(statuses: list[str], dispute: str) -> None:
    assert read_dispute([{"status": status} for status in statuses]) == dispute


def test_what_else_must_be_read() -> None:
    whole = session()
    assert not has_more_refunds(whole)
    assert not is_disputed(whole)
    more = charge(disputed=True, refunds={"data": [refund()], "has_more": True})
    whole = session(payment_intent=intent(latest_charge=more))
    assert has_more_refunds(whole)
    assert is_disputed(whole)


@pytest.mark.parametrize(
    ("status", "read_as"),
    [("failed", "failed"), ("canceled", "canceled"), (None, "pending"), ("new", "pending")],
)
def test_a_refund(status: str | None, read_as: str) -> None:
    said = read_refund(refund(status=status, metadata={EFFECT: "refund:1"}))
    assert (said.status, said.effect, said.currency) == (read_as, "refund:1", "EUR")


def test_an_endpoint_keeps_its_secret_out_of_representations() -> None:
    said = {
        "id": "we_1", "url": "https://x.example/", "enabled_events": ["*"], "status": "disabled",
        "livemode": True, "api_version": None, "secret": "whsec_canary",
    }  # fmt: skip
    endpoint = read_endpoint(said)
    assert (endpoint.is_enabled, endpoint.mode, endpoint.secret) == (False, "live", "whsec_canary")
    assert "canary" not in repr(endpoint)


@pytest.mark.parametrize(
    ("about", "named"),
    [
        (
            {"object": "checkout.session", "id": "cs_1", "payment_intent": "pi_1"},
            ("cs_1", "pi_1", ""),
        ),
        ({"object": "checkout.session", "id": "cs_1", "payment_intent": None}, ("cs_1", "", "")),
        ({"object": "refund", "id": "re_1", "payment_intent": "pi_1"}, ("", "pi_1", "re_1")),
        ({"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}, ("", "pi_1", "")),
        ({"object": "dispute", "id": "du_1", "payment_intent": {"id": "pi_1"}}, ("", "pi_1", "")),
        ({"object": "payment_intent", "id": "pi_1"}, ("", "pi_1", "")),
        ({"object": "customer", "id": "cus_1"}, ("", "", "")),
        ({"object": "checkout.session", "id": "../../v1/refunds"}, ("", "", "")),
        ({"object": "refund", "id": "re_1\r\nX: y", "payment_intent": 7}, ("", "", "")),
    ],
)
def test_a_hint_names_objects_and_nothing_else(
    about: dict[str, Any], named: tuple[str, str, str]
) -> None:
    hint = read_hint(json.dumps(event(**about)))
    assert (hint.checkout, hint.payment_intent, hint.refund) == named
    assert (hint.id, hint.mode, hint.created_at) == ("evt_1", "test", at(CHARGED))


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"object": "event"}', "[" * 100_000])
def test_what_is_no_event_is_no_hint(body: str) -> None:
    with pytest.raises(PaymentUnavailable, match="not understood"):
        read_hint(body)


@given(st.sampled_from(sorted(session())), JSON)
@pytest.mark.survives("stripe-any-json")
def test_any_value_in_any_field_is_read_or_not_understood(field: str, value: Any) -> None:
    with suppress(PaymentUnavailable):
        read(**{field: value})


def test_a_missing_field_is_not_understood() -> None:
    for field in ("id", "status", "payment_status", "livemode", "created", "currency"):
        whole = session()
        del whole[field]
        with pytest.raises(PaymentUnavailable):
            read_checkout(whole, observed_at=NOW)
