"""Paying at the stand-in Stripe: cards, bank debits, codes, tax; refunds and disputes."""

from __future__ import annotations

import pytest
import stripe

from tests.fixtures.stripe import order

MONEY = [
    "payment_intent.latest_charge.refunds",
    "payment_intent.latest_charge.balance_transaction",
]


@pytest.fixture
def read(stripe_api):
    """A session with all that is known of its money."""
    return lambda id_: stripe_api.v1.checkout.sessions.retrieve(id_, {"expand": MONEY})


@pytest.fixture
def make(stripe_api):
    """An open session's id."""
    return lambda **more: stripe_api.v1.checkout.sessions.create(order(**more)).id


@pytest.fixture
def paid(simulator, make, read):
    """A session of 50 €, paid by card."""
    id_ = make()
    simulator.stripe.pay(id_)
    return read(id_)


def told(stripe_api) -> list[str]:
    """The types of all events, oldest first."""
    return [event.type for event in stripe_api.v1.events.list({"limit": 100}).data][::-1]


def test_a_card_pays_at_once(simulator, stripe_api, make, read):
    id_ = make(payment_intent_data={"metadata": {"ours": "1"}})
    simulator.stripe.pay(id_, email="vi@example.org")
    session = read(id_)
    intent, charge = session.payment_intent, session.payment_intent.latest_charge
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.customer_details.email == "vi@example.org"
    assert (intent.status, intent.amount_received) == ("succeeded", 5000)
    assert intent.metadata.to_dict() == charge.metadata.to_dict() == {"ours": "1"}
    assert (charge.status, charge.paid, charge.captured) == ("succeeded", True, True)
    assert charge.payment_method_details.type == "card"
    assert charge.balance_transaction.amount == 5000
    assert charge.refunds.data == []
    assert simulator.http.get(charge.receipt_url).status_code == 200
    assert told(stripe_api)[-1] == "checkout.session.completed"


def test_a_declined_card_leaves_the_session_open(simulator, stripe_api, make, read):
    id_ = make()
    simulator.stripe.decline(id_)
    session = read(id_)
    assert (session.status, session.payment_intent.status) == ("open", "requires_payment_method")
    assert session.payment_intent.last_payment_error.code == "card_declined"
    assert session.payment_intent.latest_charge.status == "failed"
    simulator.stripe.pay(id_)
    session = read(id_)
    assert (session.payment_status, session.payment_intent.latest_charge.paid) == ("paid", True)
    [payment] = simulator.stripe.truth()["payments"].values()
    assert payment["kept"] == 5000


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_debit_is_money_only_when_it_arrives(simulator, stripe_api, make, read, by_itself):
    id_ = make()
    simulator.stripe.pay(id_, "debit_succeeds" if by_itself else "debit")
    session = read(id_)
    charge = session.payment_intent.latest_charge
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert (session.payment_intent.status, charge.status) == ("processing", "pending")
    assert charge.balance_transaction is None
    if by_itself:
        simulator.clock(61)
    else:
        simulator.stripe.settle_debit(id_)
    session = read(id_)
    assert session.payment_status == "paid"
    arrived = session.payment_intent.latest_charge.balance_transaction.created
    assert arrived - charge.created >= (60 if by_itself else 0)
    assert told(stripe_api)[-1] == "checkout.session.async_payment_succeeded"


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_debit_may_fail(simulator, stripe_api, make, read, by_itself):
    id_ = make()
    simulator.stripe.pay(id_, "debit_fails" if by_itself else "debit")
    if by_itself:
        simulator.clock(61)
    else:
        simulator.stripe.fail_debit(id_)
    session = read(id_)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert session.payment_intent.status == "requires_payment_method"
    assert session.payment_intent.latest_charge.failure_code == "insufficient_funds"
    assert told(stripe_api)[-1] == "checkout.session.async_payment_failed"
    [payment] = simulator.stripe.truth()["payments"].values()
    assert payment["captured"] == 0


def test_a_code_of_ten_percent_and_tax(simulator, make, read):
    id_ = make(allow_promotion_codes=True, automatic_tax={"enabled": True})
    assert read(id_).automatic_tax.status == "requires_location_inputs"
    simulator.stripe.pay(id_, code="ten")
    session = read(id_)
    assert (session.amount_subtotal, session.amount_total) == (5000, 5355)
    details = session.total_details
    assert (details.amount_discount, details.amount_tax) == (500, 855)
    assert session.payment_intent.amount_received == 5355
    assert session.discounts[0].promotion_code.startswith("promo_")


def test_where_nothing_is_left_to_pay_there_is_no_payment(simulator, make, read):
    id_ = make(allow_promotion_codes=True)
    simulator.stripe.pay(id_, code="FREE")
    session = read(id_)
    assert (session.status, session.payment_status) == ("complete", "no_payment_required")
    assert (session.amount_total, session.payment_intent) == (0, None)


def test_codes_only_where_they_are_allowed(simulator, make):
    refused = simulator.http.post(
        "/control/stripe/pay", json={"session": make(), "code": "TEN", "how": "card"}
    )
    assert (refused.status_code, refused.json()["error"]) == (400, "This code is invalid.")


def test_tax_needs_an_account_that_is_ready_for_it(simulator, make):
    simulator.stripe.account(tax_ready=False)
    with pytest.raises(stripe.InvalidRequestError, match="head office"):
        make(automatic_tax={"enabled": True})


def test_refunds_in_parts_and_never_more_than_was_paid(stripe_api, paid, read):
    refunds, by = stripe_api.v1.refunds, {"payment_intent": paid.payment_intent.id}
    first = refunds.create({**by, "amount": 2000, "metadata": {"effect": "e1"}})
    assert (first.status, first.amount) == ("succeeded", 2000)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        refunds.create({**by, "amount": 3001})
    rest = refunds.create({**by, "reason": "requested_by_customer"})
    assert rest.amount == 3000
    with pytest.raises(stripe.InvalidRequestError) as over:
        refunds.create(by)
    assert over.value.code == "charge_already_refunded"
    charge = read(paid.id).payment_intent.latest_charge
    assert (charge.refunded, charge.amount_refunded) == (True, 5000)
    assert [item.id for item in refunds.list(by).data] == [rest.id, first.id]
    assert refunds.retrieve(first.id).metadata.to_dict() == {"effect": "e1"}
    assert told(stripe_api)[-2:] == ["refund.created", "charge.refunded"]


def test_a_refund_pending_then_failed_puts_the_money_back(simulator, stripe_api, paid, read):
    simulator.stripe.refund_outcome("pending")
    made = simulator.stripe.refund(paid.id, 2000)
    assert (made["status"], made["pending_reason"]) == ("pending", "insufficient_funds")
    assert read(paid.id).payment_intent.latest_charge.amount_refunded == 2000
    simulator.stripe.settle_refund(made["id"])
    assert stripe_api.v1.refunds.retrieve(made["id"]).status == "succeeded"
    simulator.stripe.fail_refund(made["id"])
    failed = stripe_api.v1.refunds.retrieve(made["id"])
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert read(paid.id).payment_intent.latest_charge.amount_refunded == 0
    assert told(stripe_api)[-1] == "refund.failed"
    [payment] = simulator.stripe.truth()["payments"].values()
    assert (payment["refunded"], payment["kept"]) == (0, 5000)


def test_a_refund_that_fails_by_itself_later(simulator, stripe_api, paid):
    simulator.stripe.refund_outcome("failed")
    made = stripe_api.v1.refunds.create({"payment_intent": paid.payment_intent.id})
    assert made.status == "succeeded"
    simulator.clock(61)
    assert stripe_api.v1.refunds.retrieve(made.id).status == "failed"


@pytest.mark.parametrize("how", ["debit", "declined"])
def test_only_money_that_is_there_can_be_refunded(simulator, stripe_api, make, read, how):
    id_ = make()
    simulator.stripe.pay(id_, how)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        stripe_api.v1.refunds.create({"payment_intent": read(id_).payment_intent.id})


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"payment_intent": "pi_none"},
        {"payment_intent": "pi_none", "charge": "ch_none"},
        {"charge": "ch_none"},
        {"charge": "ch_none", "reason": "expired_uncaptured_charge"},
        {"charge": "ch_none", "amount": 0},
    ],
)
def test_refunds_that_make_no_sense(stripe_api, params):
    with pytest.raises(stripe.InvalidRequestError):
        stripe_api.v1.refunds.create(params)


@pytest.mark.parametrize(("closed", "refundable"), [("lost", False), ("won", True)])
def test_a_disputed_charge_is_not_refunded(simulator, stripe_api, paid, read, closed, refundable):
    by = {"payment_intent": paid.payment_intent.id}
    simulator.stripe.dispute(paid.id)
    assert read(paid.id).payment_intent.latest_charge.disputed
    [open_one] = stripe_api.v1.disputes.list(by).data
    assert (open_one.status, open_one.amount) == ("needs_response", 5000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripe_api.v1.refunds.create(by)
    assert refused.value.code == "charge_disputed"
    simulator.stripe.close_dispute(paid.id, closed)
    closed_one = stripe_api.v1.disputes.retrieve(open_one.id)
    assert (closed_one.status, closed_one.is_charge_refundable) == (closed, refundable)
    assert told(stripe_api)[-2:] == ["charge.dispute.created", "charge.dispute.closed"]
    if refundable:
        assert stripe_api.v1.refunds.create(by).status == "succeeded"


def test_an_expired_session_takes_its_intent_with_it(simulator, stripe_api, make, read):
    id_ = make()
    simulator.stripe.decline(id_)
    simulator.stripe.expire(id_)
    assert read(id_).payment_intent.status == "canceled"
    refused = simulator.http.post("/control/stripe/pay", json={"session": id_})
    assert refused.status_code == 400


def test_the_truth_says_who_keeps_what(simulator, stripe_api, paid):
    simulator.stripe.refund(paid.id, 1500)
    before = len(simulator.requests())
    truth = simulator.stripe.truth()
    [(intent, payment)] = truth["payments"].items()
    assert intent == paid.payment_intent.id
    assert (payment["captured"], payment["refunded"], payment["kept"]) == (5000, 1500, 3500)
    assert truth["sessions"][paid.id]["payment_status"] == "paid"
    assert len(simulator.requests()) == before
    simulator.reset()
    assert simulator.stripe.truth() == {"sessions": {}, "payments": {}}
