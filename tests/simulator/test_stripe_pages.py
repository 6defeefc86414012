"""The stand-in Stripe's pay page and receipt, as a browser without JavaScript uses them; the control page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fixtures.stripe import order

EMAIL = {"email": "vi@example.org"}


@pytest.fixture
def checkout(stripe_api):
    """An open session: (its id, the path of its pay page)."""

    def checkout(**more: object) -> tuple[str, str]:
        made = stripe_api.v1.checkout.sessions.create(order(**more))
        return made.id, urlsplit(made.url).path

    return checkout


def words(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_says_what_is_bought_and_takes_the_money(simulator, stripe_api, checkout):
    id_, path = checkout(submit_type="book")
    page = simulator.http.get(path)
    assert "30 Minute Consultation" in words(page)
    assert "€50.00" in words(page)
    assert "<button>Book</button>" in page.text
    assert 'href="http://127.0.0.1/back/"' in page.text
    assert "<script" not in page.text
    assert "Promotion code" not in page.text
    done = simulator.http.post(path, data={**EMAIL, "how": "card"})
    assert (done.status_code, done.headers["Location"]) == (303, f"http://127.0.0.1/done/?s={id_}")
    session = stripe_api.v1.checkout.sessions.retrieve(id_)
    assert (session.payment_status, session.customer_details.email) == ("paid", EMAIL["email"])


def test_a_declined_card_says_so_and_keeps_what_was_typed(simulator, checkout):
    id_, path = checkout()
    page = simulator.http.post(path, data={**EMAIL, "how": "declined"})
    assert "Your card was declined. Nothing was charged." in words(page)
    assert f'value="{EMAIL["email"]}"' in page.text
    assert simulator.stripe.truth()["sessions"][id_]["status"] == "open"
    assert simulator.http.post(path, data={**EMAIL, "how": "debit_fails"}).status_code == 303


def test_an_address_is_asked_for_unless_it_is_given(simulator, checkout):
    _, path = checkout()
    page = simulator.http.post(path, data={"email": "vi", "how": "card"})
    assert (page.status_code, "Please enter an email address" in page.text) == (422, True)
    id_, path = checkout(customer_email="set@example.org")
    assert "readonly" in simulator.http.get(path).text
    simulator.http.post(path, data={**EMAIL, "how": "card"})
    session = simulator.stripe.truth()["sessions"][id_]
    assert session["customer_details"]["email"] == "set@example.org"


def test_codes_change_the_price_and_can_be_removed(simulator, checkout):
    id_, path = checkout(allow_promotion_codes=True)
    wrong = simulator.http.post(f"{path}/code", data={"code": "NONE"})
    assert (wrong.status_code, "This code is invalid." in wrong.text) == (422, True)
    simulator.http.post(f"{path}/code", data={"code": " ten "})
    assert "Pay €45.00" in simulator.http.get(path).text
    simulator.http.post(f"{path}/code", data={})
    assert "Pay €50.00" in simulator.http.get(path).text
    simulator.http.post(f"{path}/code", data={"code": "FREE"})
    page = simulator.http.get(path)
    assert "Nothing is to be paid." in page.text
    assert 'name="how"' not in page.text
    simulator.http.post(path, data=EMAIL)
    assert simulator.stripe.truth()["sessions"][id_]["payment_status"] == "no_payment_required"


def test_a_code_that_leaves_too_little_is_refused(simulator, checkout):
    simulator.stripe.code("MOST", 99)
    _, path = checkout(allow_promotion_codes=True, amount=1000)
    refused = simulator.http.post(f"{path}/code", data={"code": "MOST"})
    assert "cannot be used with this purchase" in refused.text


@pytest.mark.parametrize(("how", "says"), [("pay", "This is done"), ("expire", "has expired")])
def test_a_closed_checkout_says_so(simulator, checkout, how, says):
    id_, path = checkout(allow_promotion_codes=True)
    getattr(simulator.stripe, how)(id_)
    before = simulator.stripe.truth()
    for page in (
        simulator.http.get(path),
        simulator.http.post(path, data={**EMAIL, "how": "card"}),
        simulator.http.post(f"{path}/code", data={"code": "TEN"}),
    ):
        assert says in page.text
    assert simulator.stripe.truth() == before


def test_it_closes_by_the_clock(simulator, checkout):
    _, path = checkout()
    simulator.clock(24 * 3600 + 5)
    assert "You were not charged" in simulator.http.get(path).text


def test_the_receipt_counts_what_was_given_back(simulator, stripe_api, checkout):
    id_, _ = checkout(automatic_tax={"enabled": True}, allow_promotion_codes=True)
    simulator.stripe.pay(id_, code="TEN")
    simulator.stripe.refund(id_, 355)
    read = stripe_api.v1.checkout.sessions.retrieve(
        id_, {"expand": ["payment_intent.latest_charge"]}
    )
    page = words(simulator.http.get(read.payment_intent.latest_charge.receipt_url))
    for amount in ("€53.55", "€5.00", "€8.55", "€3.55", "€50.00"):
        assert amount in page


@pytest.mark.parametrize("path", ["/pay/cs_test_none", "/pay/cs_test_none/code",
                                  "/stripe/receipt/ch_none"])  # fmt: skip
def test_what_is_not_there(simulator, path):
    method = "POST" if path.endswith("code") else "GET"
    missing = simulator.http.request(method, path)
    assert (missing.status_code, "There is no" in missing.text) == (404, True)


def test_the_control_page_acts_on_payments(simulator, checkout):
    id_, path = checkout(client_reference_id="ref-9")
    page = simulator.http.get("/control/").text
    assert path in page
    assert "ref-9" in page
    done = simulator.http.post("/control/stripe/pay", data={"session": id_, "how": "debit"})
    assert (done.status_code, done.headers["Location"]) == (303, "/control/")
    assert "Debit succeeds" in simulator.http.get("/control/").text
    simulator.http.post("/control/stripe/settle", data={"session": id_})
    simulator.stripe.dispute(id_)
    page = simulator.http.get("/control/").text
    assert "Refund the rest" in page
    assert "Dispute won" in page


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("pay", {"session": "cs_none"}),
        ("pay", {"session": None, "how": "gold"}),
        ("settle", {"session": None}),
        ("refund", {"payment_intent": "pi_none"}),
        ("refund_outcome", {"outcome": "lost"}),
        ("dispute", {"session": None}),
        ("roll_secret", {"endpoint": "we_none"}),
    ],
)
def test_control_refuses_what_cannot_be(simulator, checkout, path, given):
    id_, _ = checkout()
    given = {name: id_ if value is None else value for name, value in given.items()}
    refused = simulator.http.post(f"/control/stripe/{path}", json=given)
    assert refused.status_code in (400, 404, 409)
    assert refused.json()["error"]
