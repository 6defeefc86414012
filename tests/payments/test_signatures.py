"""Only what Stripe signed, just now, is a hint; nothing else does more than being refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import WebhookSignature

from tests.payments.said import event
from wagtail_calendly.payments import InvalidPaymentSignature, StripeCheckout

NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
SECRET = "whsec_canary"
BODY = json.dumps(event(note="Jürgen")).encode()
PROVIDER = StripeCheckout("sk_test_1")
ROOT = Path(__file__).resolve().parents[2]


def signed(body: bytes = BODY, secret: str = SECRET, age: int = 0) -> str:
    return WebhookSignature.generate_signature_header(
        body.decode(), secret, int(NOW.timestamp()) - age
    )


def refusal(
    header: str, body: bytes = BODY, secrets: Sequence[str] = (SECRET,), tolerance: int = 300
) -> str:
    """Why it is refused; empty where it is not."""
    try:
        PROVIDER.hint(body, header, secrets=secrets, tolerance=tolerance, now=NOW)
    except InvalidPaymentSignature as error:
        return error.reason if "canary" not in str(error) else str(error)
    return ""


def test_what_stripe_signed_is_a_hint() -> None:
    hint = PROVIDER.hint(BODY, signed(), secrets=[SECRET], tolerance=300, now=NOW)
    assert (hint.id, hint.type) == ("evt_1", "checkout.session.completed")


@pytest.mark.parametrize(
    ("age", "reason"),
    [(0, ""), (299, ""), (301, "too_old"), (-299, ""), (-301, "too_new"), (-86400, "too_new"),
     (365 * 86400, "too_old")],
)  # fmt: skip
@pytest.mark.survives("stale-signature")
def test_it_must_be_of_now(age: int, reason: str) -> None:
    assert refusal(signed(age=age)) == reason


def test_no_tolerance_is_none() -> None:
    assert refusal(signed(age=1), tolerance=0) == "too_old"
    assert refusal(signed(age=-1), tolerance=0) == "too_new"
    assert refusal(signed(), tolerance=0) == ""


@pytest.mark.parametrize("secrets", [[], [""], ["  "], ["\n", ""]])
def test_without_a_secret_nothing_is_believed(secrets: list[str]) -> None:
    assert refusal(signed(), secrets=secrets) == "no_key"
    assert refusal(signed(secret=""), secrets=secrets) == "no_key"


def test_any_of_several_secrets_will_do() -> None:
    assert refusal(signed(), secrets=["whsec_new", "", SECRET]) == ""
    assert refusal(signed(), secrets=["whsec_new", "whsec_newer"]) == "mismatch"


def test_any_of_several_signatures_will_do() -> None:
    rolled = signed(secret="whsec_old") + ",v1=" + signed().split("v1=")[1] + ",v0=" + "0" * 64
    assert refusal(rolled) == ""


@pytest.mark.survives("forged-delivery")
@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "missing"),
        ("x", "malformed"),
        ("t=1", "malformed"),
        (f"v1={'0' * 64}", "malformed"),
        (f"t=,v1={'0' * 64}", "malformed"),
        (f"t=-1,v1={'0' * 64}", "malformed"),
        (f"t=١٢,v1={'0' * 64}", "malformed"),
        (f"t=1,t=2,v1={'0' * 64}", "malformed"),
        (f"t={2**70},v1={'0' * 64}", "malformed"),
        (f"t=1,v1={'é' * 64}", "malformed"),
        (f"t=1,v0={'0' * 64}", "malformed"),
        ("t=1,v1=" + "0" * 2000, "malformed"),
        (f"t=1,v1={'0' * 64}", "mismatch"),
        (signed(secret="whsec_other"), "mismatch"),
        (signed(body=BODY + b" "), "mismatch"),
    ],
)
def test_what_is_not_signed_is_refused(header: str, reason: str) -> None:
    assert refusal(header) == reason


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refusal(signed(), body=b"\xff\xfe") == "mismatch"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"1", b"{}", b'{"object": "v2.core.event"}', b"[" * 100_000]
)
def test_what_is_signed_and_no_event_is_refused(body: bytes) -> None:
    assert refusal(signed(body), body=body) == "no_event"


@given(st.text(max_size=200), st.binary(max_size=50))
def test_no_header_and_no_body_do_more_than_being_refused(header: str, body: bytes) -> None:
    assert refusal(header, body=body)


def test_nothing_of_ours_skips_the_check() -> None:
    forbidden = "without_" + "verification"
    for folder in ("wagtail_calendly", "site", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            assert forbidden not in path.read_text("utf-8"), path
