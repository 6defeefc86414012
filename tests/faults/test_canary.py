"""The personal data of one paid booking goes where it must and no further, in all that leaves us."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User

from tests.bookings.paying import PRICE, book, paid, priced, stands
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.reconcile import tick

NAME, EMAIL = "Canary Yellowfeather", "canary.yellow@example.org"
ANSWER, REASON = "My canary coughs", "The canary is better"


@pytest.mark.survives("personal-data-shown")
@pytest.mark.django_db
def test_nothing_of_a_person_is_in_logs_addresses_or_what_stripe_keeps_with_a_payment(
    vendors: Simulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    # By itself Stripe's library writes down all that is sent, and a check warns of that.
    caplog.set_level(logging.INFO, "stripe")
    addresses: list[str] = []
    send = httpx.HTTPTransport.handle_request

    def watched(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if "/control/" not in request.url.path:
            addresses.append(str(request.url))
        return send(transport, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", watched)
    question = vendors.event_type()["custom_questions"][0]["name"]
    person = {"name": NAME, "email": EMAIL, "answers": {question: ANSWER}}
    booking = book(vendors, priced(), **person)
    payment = paid(vendors, booking)
    by_visitors.look(booking)
    user = User.objects.create_user("staff")
    by_staff.refund(booking, total=1000, user=user, reason=REASON)
    by_staff.cancel(booking, total=PRICE, captured=PRICE, user=user, reason=REASON)
    for _ in range(3):
        tick()
    assert stands(booking) == ("canceled", "refunded", "")

    logged = "\n".join(
        f"{one.getMessage()} {one.exc_text or ''}"
        for one in caplog.records
        if not one.name.startswith(("django.db", "asyncio"))
    )
    sent = [one for one in vendors.requests() if one["path"].startswith("/v1/")]
    kept: list[Any] = [_without_prefill(one["body"]) for one in sent]
    session = vendors.stripe.truth()["sessions"][payment.checkout_id]
    kept += [session["metadata"], session["client_reference_id"], session["success_url"]]
    assert logged
    assert addresses
    assert len(sent) > 3
    for what in (logged, *addresses, str(kept)):
        assert not [one for one in (NAME, EMAIL, ANSWER, REASON, "anary") if one in what]
    # The address of mail alone is prefilled on the payment page, and nowhere else.
    assert str([one["body"] for one in sent]).count(EMAIL) == 1


def _without_prefill(body: Any) -> Any:
    return {k: v for k, v in body.items() if k != "customer_email"} if body else body
