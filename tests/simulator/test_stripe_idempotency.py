"""Idempotency keys at the stand-in Stripe, with answers that get lost, break or take long."""

from __future__ import annotations

import threading

import httpx
import pytest
import stripe

from tests.fixtures.stripe import order, stripe_client

DAY = 24 * 3600
KEY = {"idempotency_key": "open:1"}


def sessions(simulator) -> list[str]:
    return list(simulator.stripe.truth()["sessions"])


def post(simulator, path: str, data: dict[str, str], key: str = "k") -> httpx.Response:
    headers = {"Authorization": f"Bearer {simulator.stripe.secret_key}", "Idempotency-Key": key}
    return simulator.http.post(path, data=data, headers=headers)


def test_the_same_key_gets_the_same_answer_and_does_nothing_more(simulator, stripe_api):
    create = stripe_api.v1.checkout.sessions.create
    first, again = create(order(), KEY), create(order(), KEY)
    assert first.id == again.id
    assert sessions(simulator) == [first.id]
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert first.last_response.request_id != again.last_response.request_id
    assert {call["idempotency_key"] for call in simulator.requests()} == {"open:1"}


def test_other_parameters_under_the_same_key_are_refused(simulator, stripe_api):
    made = stripe_api.v1.checkout.sessions.create(order(), KEY)
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        stripe_api.v1.checkout.sessions.create(order(amount=6000), KEY)
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        stripe_api.v1.refunds.create({"charge": "ch_none"}, KEY)
    assert sessions(simulator) == [made.id]


def test_after_a_day_a_key_is_new_again(simulator, stripe_api):
    first = stripe_api.v1.checkout.sessions.create(order(), KEY)
    simulator.clock(DAY - 10)
    assert stripe_api.v1.checkout.sessions.create(order(), KEY).id == first.id
    simulator.clock(DAY + 10)
    assert stripe_api.v1.checkout.sessions.create(order(), KEY).id != first.id


def test_what_was_invalid_is_not_kept(simulator, stripe_api):
    with pytest.raises(stripe.InvalidRequestError):
        stripe_api.v1.checkout.sessions.create(order(amount=10), KEY)
    assert stripe_api.v1.checkout.sessions.create(order(), KEY).status == "open"


def test_a_refusal_by_the_state_of_things_is_kept(simulator, stripe_api):
    made = stripe_api.v1.checkout.sessions.create(order())
    simulator.stripe.pay(made.id)
    simulator.stripe.dispute(made.id)
    intent = stripe_api.v1.checkout.sessions.retrieve(made.id).payment_intent

    def refund(key: str) -> object:
        return stripe_api.v1.refunds.create({"payment_intent": intent}, {"idempotency_key": key})

    with pytest.raises(stripe.InvalidRequestError):
        refund("refund:1")
    simulator.stripe.close_dispute(made.id, "won")
    with pytest.raises(stripe.InvalidRequestError):
        refund("refund:1")
    assert refund("refund:2").status == "succeeded"


@pytest.mark.parametrize(("fault", "made"), [({"perform": True}, 1), ({"begun": True}, 0)])
def test_a_500_of_begun_work_is_kept(simulator, stripe_api, fault, made):
    simulator.fault("POST /v1/checkout/sessions", status=500, **fault)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            stripe_api.v1.checkout.sessions.create(order(), KEY)
        assert failed.value.http_status == 500
    assert failed.value.headers["Idempotent-Replayed"] == "true"
    assert len(sessions(simulator)) == made
    with pytest.raises(stripe.IdempotencyError):
        stripe_api.v1.checkout.sessions.create(order(amount=6000), KEY)


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"status": 429}, {"status": 429, "code": "lock_timeout"}, {"html": True}],
)
def test_an_error_before_the_work_is_not_kept(simulator, stripe_api, fault):
    simulator.fault("POST /v1/", **fault)
    with pytest.raises(stripe.StripeError):
        stripe_api.v1.checkout.sessions.create(order(), KEY)
    assert stripe_api.v1.checkout.sessions.create(order(), KEY).status == "open"
    assert len(sessions(simulator)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"drop_connection": True},
        {"drop_connection": True, "perform": True},
        {"html": True, "perform": True},
        {"truncate": True},
    ],
)
def test_a_lost_answer_can_be_asked_for_again(simulator, stripe_api, fault):
    simulator.fault("POST /v1/checkout/sessions", **fault)
    with pytest.raises((stripe.APIConnectionError, stripe.APIError)):
        stripe_api.v1.checkout.sessions.create(order(), KEY)
    made = stripe_api.v1.checkout.sessions.create(order(), KEY)
    assert sessions(simulator) == [made.id]


def test_the_client_retries_with_one_key(simulator):
    simulator.fault("POST /v1/checkout/sessions", drop_connection=True, perform=True)
    made = stripe_client(simulator.url, retries=1).v1.checkout.sessions.create(order())
    assert sessions(simulator) == [made.id]
    first, second = (call["idempotency_key"] for call in simulator.requests())
    assert first == second


def test_a_key_whose_request_is_still_running(simulator):
    simulator.fault("POST /v1/refunds", delay=0.2)
    answers: list[httpx.Response] = []

    def slow() -> None:
        with httpx.Client(base_url=simulator.url, trust_env=False) as http:
            headers = {"Authorization": "Bearer sk_test_simulator", "Idempotency-Key": "k"}
            answers.append(http.post("/v1/refunds", data={"amount": "1"}, headers=headers))

    running = threading.Thread(target=slow)
    running.start()
    while not simulator.requests():
        """The first has not arrived yet."""
    busy = post(simulator, "/v1/refunds", {"amount": "1"})
    running.join()
    assert busy.status_code == 409
    assert busy.json()["error"]["code"] == "idempotency_key_in_use"
    assert answers[0].status_code == 400
    assert post(simulator, "/v1/refunds", {"amount": "1"}).status_code == 400


def test_a_key_has_at_most_255_characters(simulator):
    assert post(simulator, "/v1/refunds", {}, key="k" * 256).status_code == 400


def test_only_stripe_keeps_the_errors_of_begun_work(simulator):
    given = {"match": "POST /scheduling_links", "status": 500, "begun": True}
    assert simulator.http.post("/control/faults", json=given).status_code == 400
