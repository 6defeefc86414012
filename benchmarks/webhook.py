"""Accepting a Calendly webhook, beside a bare Django view that checks the signature and inserts one row."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import time
from pathlib import Path
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path, reverse
from django.views.decorators.csrf import csrf_exempt

from benchmarks.host import Host
from benchmarks.measure import Result, Side, at_least, ratio
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.calendly.webhooks import SIGNATURE_HEADER, sign
from wagtail_calendly.models import WebhookDelivery

MARK = 0.7
KEY = "test-signing-key-0123456789"
HEADER = f"HTTP_{SIGNATURE_HEADER.upper().replace('-', '_')}"
#: The work itself is a worker's, after the answer.
QUEUE = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
ROOT = Path(__file__).resolve().parents[1]
PAYLOAD = (ROOT / "tests/payloads/webhook_invitee_created.json").read_text("utf-8")

_numbers = itertools.count(1)


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """The least that anybody could write."""
    timestamp, digest = (part.partition("=")[2] for part in request.META[HEADER].split(","))
    signed = f"{timestamp}.".encode() + request.body
    expected = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, digest) or abs(time.time() - int(timestamp)) > 300:
        return HttpResponse(status=400)
    WebhookDelivery.objects.create(
        sender="calendly", digest=uuid4().hex, body=request.body.decode()
    )
    return HttpResponse()


urlpatterns = [path("bare/", bare), path("", include("tests.urls"))]


def run(*, quick: bool = False) -> list[Result]:
    """One row: our rate, as a share of the bare view's."""
    with override_settings(ROOT_URLCONF=__name__, TASKS=QUEUE):
        host = Host()
        segment = subscriptions.segments("default")[0]
        ours = reverse("wagtail_calendly:calendly_webhook", args=["default", segment])
        share = 1 / ratio(
            _posting(host, ours),
            _posting(host, "/bare/"),
            rounds=3 if quick else 31,
            times=5 if quick else 60,
            clock=time.process_time,
        )
    what = "Webhooks accepted in a time, to a bare view that checks the signature and inserts a row"
    return [at_least(what, share, MARK)]


def _posting(host: Host, address: str) -> Side:
    """Posts to an address; every delivery is new and signed beforehand."""
    waiting: list[tuple[bytes, str]] = []

    def post() -> None:
        body, signature = waiting.pop()
        host.ask(address, body=body, **{HEADER: signature})

    return Side(post, lambda times: waiting.extend(_delivery() for _ in range(times)))


def _delivery() -> tuple[bytes, str]:
    body = PAYLOAD.replace("Vi Sitor", f"Vi Sitor {next(_numbers)}").encode()
    return body, sign(body, KEY, int(time.time()))
