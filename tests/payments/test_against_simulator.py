"""The whole provider over real HTTP: checkouts through their life, refunds, disputes, events, endpoints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from stripe import WebhookSignature

from tests.fixtures.simulator import Simulator
from tests.fixtures.stripe import SECRET_KEY, StripeHand
from tests.payments.conftest import an_order
from wagtail_calendly.payments import (
    API_VERSION,
    EVENTS,
    CheckoutSaid,
    PaymentAuthenticationError,
    PaymentIdempotencyConflict,
    PaymentNotFound,
    PaymentRateLimited,
    PaymentRefused,
    PaymentUnavailable,
    StripeCheckout,
    money,
)

DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


def test_an_order_becomes_an_open_checkout(provider: StripeCheckout) -> None:
    order = an_order(language="de-at", email="payer@example.org")
    said = provider.open_checkout(provider.checkout_params(order), idempotency_key="k")
    assert (said.status, said.payment_status, said.mode) == ("open", "unpaid", "test")
    assert (said.reference, said.attempt) == (order.reference, order.attempt)
    assert (said.currency, said.subtotal, said.total) == ("EUR", 5000, 5000)
    assert said.expires_at == order.expires_at
    assert said.url
    assert abs(said.observed_at - now()) < timedelta(seconds=30)
    assert provider.checkout(said.id).id == said.id


def test_paid_by_card(provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid) -> None:
    bank.decline(opened.id)
    assert provider.checkout(opened.id).status == "open"
    bank.pay(opened.id)
    said = provider.checkout(opened.id)
    assert (said.status, said.payment_status, said.captured) == ("complete", "paid", 5000)
    assert said.settled_at is not None
    assert (said.url, bool(said.receipt_url), said.email) == ("", True, "payer@example.org")
    again = provider.checkout_of(said.payment_intent)
    assert again is not None
    assert replace(again, observed_at=said.observed_at) == said


@pytest.mark.parametrize("comes", [True, False])
def test_a_debit_is_under_way_for_days(
    provider: StripeCheckout,
    bank: StripeHand,
    simulator: Simulator,
    opened: CheckoutSaid,
    comes: bool,
) -> None:
    bank.pay(opened.id, "debit")
    said = provider.checkout(opened.id)
    assert (said.status, said.payment_status, said.has_failed) == ("complete", "unpaid", False)
    assert (said.captured, said.settled_at) == (0, None)
    simulator.clock(3 * 86400)
    (bank.settle_debit if comes else bank.fail_debit)(opened.id)
    said = provider.checkout(opened.id)
    if comes:
        assert (said.payment_status, said.captured) == ("paid", 5000)
        assert said.settled_at is not None
        assert said.settled_at - opened.created_at > 2 * DAY
    else:
        assert (said.payment_status, said.has_failed, said.captured) == ("unpaid", True, 0)


def test_a_code_and_tax_leave_the_subtotal(provider: StripeCheckout, bank: StripeHand) -> None:
    params = provider.checkout_params(an_order(allows_promotion_codes=True, adds_tax=True))
    opened = provider.open_checkout(params, idempotency_key="k")
    bank.pay(opened.id, code="TEN")
    said = provider.checkout(opened.id)
    assert (said.subtotal, said.discount) == (5000, 500)
    assert said.total == said.subtotal - said.discount + said.tax
    assert said.tax > 0


def test_a_free_total_is_settled_without_a_payment(
    provider: StripeCheckout, bank: StripeHand
) -> None:
    params = provider.checkout_params(an_order(allows_promotion_codes=True))
    opened = provider.open_checkout(params, idempotency_key="k")
    bank.pay(opened.id, code="FREE")
    said = provider.checkout(opened.id)
    assert (said.payment_status, said.total, said.payment_intent) == ("no_payment_required", 0, "")
    assert said.settled_at == opened.created_at


@pytest.mark.survives("paid-while-canceling")
def test_closing_a_checkout(
    provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid
) -> None:
    assert provider.expire_checkout(opened.id).status == "expired"
    assert provider.expire_checkout(opened.id).status == "expired"
    other = provider.open_checkout(provider.checkout_params(an_order()), idempotency_key="other")
    bank.pay(other.id)
    assert provider.expire_checkout(other.id).payment_status == "paid"
    with pytest.raises(PaymentNotFound):
        provider.expire_checkout("cs_test_none")


@pytest.mark.survives("same-key-twice")
def test_the_same_key_gives_the_same_checkout(
    provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid
) -> None:
    params = provider.checkout_params(an_order(expires_at=opened.expires_at))
    assert provider.open_checkout(params, idempotency_key="open-1").id == opened.id
    bank.pay(opened.id)
    assert provider.open_checkout(params, idempotency_key="open-1").payment_status == "paid"
    with pytest.raises(PaymentIdempotencyConflict):
        provider.open_checkout({**params, "locale": "fr"}, idempotency_key="open-1")
    assert len(bank.truth()["sessions"]) == 1


@pytest.mark.survives("stripe-fails-after-acting")
@pytest.mark.parametrize("fault", [{"status": 500}, {"drop_connection": True}])
def test_an_unknown_outcome_is_looked_up(
    provider: StripeCheckout, simulator: Simulator, fault: dict[str, object]
) -> None:
    began = now()
    simulator.fault("POST /v1/checkout/sessions", times=1, perform=True, **fault)
    params = provider.checkout_params(an_order())
    with pytest.raises(PaymentUnavailable):
        provider.open_checkout(params, idempotency_key="k")
    found = provider.find_checkout("attempt-1", since=began)
    assert found is not None
    assert found.status == "open"
    assert provider.find_checkout("attempt-2", since=began) is None
    assert provider.find_checkout("attempt-1", since=began + DAY) is None
    if "status" in fault:
        with pytest.raises(PaymentIdempotencyConflict):
            provider.open_checkout(params, idempotency_key="k")
    else:
        assert provider.open_checkout(params, idempotency_key="k").id == found.id


def test_parts_are_given_back_until_nothing_is_left(
    provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid
) -> None:
    bank.pay(opened.id)
    intent = provider.checkout(opened.id).payment_intent

    def give_back(amount: int, key: str) -> None:
        params = provider.refund_params(
            payment_intent=intent,
            amount=amount,
            currency="EUR",
            effect=key,
            reference="reference-1",
        )
        assert provider.refund(params, idempotency_key=key).effect == key

    give_back(2000, "refund:1")
    give_back(2000, "refund:1")
    bank.refund(intent, 1000)
    with pytest.raises(PaymentRefused):
        give_back(2001, "refund:2")
    give_back(2000, "refund:3")
    refunds = provider.refunds(intent)
    assert sorted((one.amount, one.effect) for one in refunds) == [
        (1000, ""), (2000, "refund:1"), (2000, "refund:3"),
    ]  # fmt: skip
    assert sorted(provider.checkout(opened.id).refunds, key=lambda one: one.id) == sorted(
        refunds, key=lambda one: one.id
    )
    assert bank.truth()["payments"][intent]["kept"] == 0


def test_a_refund_may_fail_later(
    provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid
) -> None:
    bank.pay(opened.id)
    bank.refund_outcome("pending")
    made = bank.refund(opened.id, 5000)
    assert provider.refund_said(made["id"]).status == "pending"
    bank.fail_refund(made["id"])
    assert [one.status for one in provider.checkout(opened.id).refunds] == ["failed"]


@pytest.mark.parametrize("outcome", ["won", "lost", "prevented"])
def test_a_dispute(
    provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid, outcome: str
) -> None:
    bank.pay(opened.id)
    bank.dispute(opened.id)
    assert provider.checkout(opened.id).dispute == "open"
    bank.close_dispute(opened.id, outcome)
    assert provider.checkout(opened.id).dispute == ("lost" if outcome == "lost" else "won")


@pytest.mark.survives("odd-currencies")
@pytest.mark.parametrize("currency", ["JPY", "ISK", "UGX", "KWD", "HUF", "TWD", "MGA", "USD"])
def test_odd_currencies_arrive_as_they_were_sent(provider: StripeCheckout, currency: str) -> None:
    amount = max(money.minimum(currency), money.STEPS.get(currency, 1) * 10_000)
    params = provider.checkout_params(an_order(currency=currency, amount=amount))
    said = provider.open_checkout(params, idempotency_key="k")
    assert (said.currency, said.subtotal, said.total) == (currency, amount, amount)


def test_too_little_is_refused_for_good(provider: StripeCheckout) -> None:
    params = provider.checkout_params(an_order(amount=49))
    with pytest.raises(PaymentRefused) as caught:
        provider.open_checkout(params, idempotency_key="k")
    assert caught.value.code == "amount_too_small"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429}, PaymentRateLimited),
        ({"status": 500}, PaymentUnavailable),
        ({"html": True, "status": 502}, PaymentUnavailable),
        ({"truncate": True}, PaymentUnavailable),
        ({"drop_connection": True}, PaymentUnavailable),
    ],
)
def test_troubles_on_the_way(
    provider: StripeCheckout, simulator: Simulator, fault: dict[str, object], error: type[Exception]
) -> None:
    simulator.fault("/v1/checkout/sessions", times=1, **fault)
    with pytest.raises(error):
        provider.checkout("cs_test_none")


@pytest.mark.survives("stripe-narrow-key")
def test_keys_that_may_not(
    provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid
) -> None:
    bank.key(SECRET_KEY, permissions=["checkout_session_read"])
    with pytest.raises(PaymentAuthenticationError, match="lacks rak_"):
        provider.open_checkout(provider.checkout_params(an_order()), idempotency_key="k")
    bank.key(SECRET_KEY, valid=False)
    with pytest.raises(PaymentAuthenticationError, match="rolled or revoked"):
        provider.checkout(opened.id)


@pytest.mark.survives("stripe-webhook-lost")
def test_what_happened_is_listed_oldest_first(
    provider: StripeCheckout, bank: StripeHand, opened: CheckoutSaid
) -> None:
    bank.pay(opened.id)
    bank.refund(opened.id, 1000)
    bank.dispute(opened.id)
    hints = list(provider.hints(since=opened.created_at))
    assert {hint.type for hint in hints} <= set(EVENTS)
    assert hints[0].checkout == opened.id
    times = [hint.created_at for hint in hints]
    assert times == sorted(times)
    [intent] = {hint.payment_intent for hint in hints}
    found = provider.checkout_of(intent)
    assert found is not None
    assert found.id == opened.id
    assert list(provider.hints(since=now() + DAY)) == []


def test_an_endpoint_through_its_life(provider: StripeCheckout) -> None:
    made = provider.create_endpoint("https://site.example/hook/")
    assert made.secret.startswith("whsec_")
    [found] = provider.endpoints()
    assert (found.url, found.events, found.secret) == (made.url, EVENTS, "")
    assert (found.api_version, found.is_enabled, found.mode) == (API_VERSION, True, "test")
    assert provider.update_endpoint(made.id, "https://new.example/").url == "https://new.example/"
    provider.delete_endpoint(made.id)
    assert list(provider.endpoints()) == []


def test_what_stripe_posts_is_the_hint_that_it_lists(
    provider: StripeCheckout, bank: StripeHand, simulator: Simulator, opened: CheckoutSaid
) -> None:
    simulator.webhooks("hold")
    bank.subscribe("http://127.0.0.1:9/hook/", "whsec_test")
    bank.pay(opened.id)
    [delivery] = [
        one for one in simulator.deliveries() if one["event"] == "checkout.session.completed"
    ]
    header = WebhookSignature.generate_signature_header(
        delivery["body"], "whsec_test", int(now().timestamp())
    )
    hint = provider.hint(
        delivery["body"].encode(), header, secrets=["whsec_test"], tolerance=300, now=now()
    )
    assert hint in list(provider.hints(since=opened.created_at))
