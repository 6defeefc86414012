"""What a delivery must pass, for every sender: forged, stale, replayed, huge, misdirected, in any site."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from tests.api.senders import CALENDLY, GARBAGE, SENDERS, STRIPE, TOLERANCE, Sender
from tests.fixtures.simulator import SIGNING_KEY
from wagtail_calendly import accounts
from wagtail_calendly.bookings import subscriptions
from wagtail_calendly.bookings.models import WebhookDelivery

pytestmark = pytest.mark.django_db

OTHER_KEY = "another-signing-key-0123456789"


@pytest.fixture(params=SENDERS, ids=lambda sender: sender.name)
def sender(request: pytest.FixtureRequest, settings: Any) -> Iterator[Sender]:
    settings.WAGTAIL_CALENDLY = request.param.settings(SIGNING_KEY)
    yield request.param
    accounts.close()


def rows() -> int:
    return WebhookDelivery.objects.count()


@pytest.fixture
def calendly(settings: Any) -> Sender:
    settings.WAGTAIL_CALENDLY = CALENDLY.settings(SIGNING_KEY)
    return CALENDLY


@pytest.fixture
def stripe(settings: Any) -> Iterator[Sender]:
    settings.WAGTAIL_CALENDLY = STRIPE.settings(SIGNING_KEY)
    yield STRIPE
    accounts.close()


# What is taken on


def test_an_authentic_delivery_is_stored(sender: Sender) -> None:
    response = sender.post(sender.body())
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == "0"
    assert "no-store" in response["Cache-Control"]
    row = WebhookDelivery.objects.get()
    assert (row.sender, row.account, row.event) == (sender.name, sender.account, "contact.created")
    # It is worked on by now; what it said is not kept longer than that.
    assert (row.digest, row.body) == (hashlib.sha256(sender.body()).hexdigest(), "")


@pytest.mark.survives("replayed-delivery")
def test_the_same_delivery_again_changes_nothing(sender: Sender) -> None:
    assert [sender.post(sender.body(), age=age).status_code for age in (9, 5, 0)] == [200] * 3
    assert rows() == 1


@pytest.mark.survives("not-for-us")
def test_an_event_nobody_knows_is_kept_and_ignored(sender: Sender) -> None:
    sender.post(sender.body())
    assert WebhookDelivery.objects.get().state == WebhookDelivery.State.IGNORED


@pytest.mark.parametrize(
    "body", [b"{}", b'{"event": null}', b'{"event": {}}', b'{"event": "\\u0000"}', b'{"event": ""}']
)
def test_a_delivery_without_an_event_is_kept(calendly: Sender, body: bytes) -> None:
    assert calendly.post(body).status_code == 200
    assert WebhookDelivery.objects.get().event == "unknown"


def test_a_broken_payload_is_kept_and_shown(calendly: Sender) -> None:
    assert calendly.post(b'{"event": "invitee.created", "payload": 1}').status_code == 200
    row = WebhookDelivery.objects.get()
    assert (row.tries, bool(row.error)) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_it_is_answered_before_it_is_worked_on(sender: Sender) -> None:
    body = sender.body()
    request = RequestFactory().post(
        sender.path(),
        body,
        content_type="application/json",
        headers={sender.header: sender.sign(body, SIGNING_KEY, int(time.time()))},
    )
    answered: list[str] = []
    result = WSGIHandler()(request.environ, lambda status, headers: answered.append(status))
    assert (answered, b"".join(result)) == (["200 OK"], b"")
    assert WebhookDelivery.objects.get().state == WebhookDelivery.State.OPEN
    result.close()
    assert WebhookDelivery.objects.get().state == WebhookDelivery.State.IGNORED


# What is not


@pytest.mark.survives("stale-signature")
@pytest.mark.parametrize("age", [TOLERANCE + 5, -TOLERANCE - 5, 10 * 365 * 86400])
def test_what_is_not_of_now_is_refused(sender: Sender, age: int) -> None:
    assert sender.post(sender.body(), age=age).status_code == 400
    assert rows() == 0


@pytest.mark.parametrize("age", [TOLERANCE - 5, 5 - TOLERANCE])
def test_clocks_may_differ_a_little(sender: Sender, age: int) -> None:
    assert sender.post(sender.body(), age=age).status_code == 200


def test_the_tolerance_is_a_setting(sender: Sender, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"WEBHOOK_TOLERANCE": 3600}
    assert sender.post(sender.body(), age=3000).status_code == 200


@pytest.mark.survives("forged-delivery")
def test_another_key_is_refused(sender: Sender) -> None:
    assert sender.post(sender.body(), key=OTHER_KEY).status_code == 400
    assert rows() == 0


@pytest.mark.survives("forged-delivery")
def test_a_changed_body_is_refused(sender: Sender) -> None:
    signature = sender.sign(sender.body(1), SIGNING_KEY, int(time.time()))
    assert sender.send(sender.body(2), {sender.header: signature}).status_code == 400
    assert rows() == 0


@pytest.mark.survives("flood")
def test_garbage_is_refused_without_a_query(sender: Sender) -> None:
    with CaptureQueriesContext(connection) as queries:
        for header in GARBAGE:
            assert sender.send(sender.body(), {sender.header: header}).status_code == 400
        assert sender.send(sender.body(), {}).status_code == 400
        for age in range(400, 500):
            assert sender.post(sender.body(), age=age).status_code == 400
    assert not queries.captured_queries
    assert rows() == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe{\x00}\x00", b"[" * 200_000])
def test_what_is_signed_and_still_no_json_is_refused(sender: Sender, body: bytes) -> None:
    assert sender.post(body).status_code == 400
    assert rows() == 0


def test_refusals_are_loud_and_tell_nothing_personal(
    sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sender.post(sender.body(), age=1000)
    loud = [record for record in caplog.records if record.name.startswith("wagtail_calendly")]
    assert "too_old" in loud[0].getMessage()
    assert loud[0].levelname == "WARNING"
    assert "canary" not in caplog.text
    assert SIGNING_KEY not in caplog.text


# Rotation


def test_while_keys_rotate_old_and_new_are_accepted(sender: Sender, settings: Any) -> None:
    old, new = "old-key-" * 4, "new-key-" * 4
    settings.WAGTAIL_CALENDLY = sender.settings(old)
    old_path = sender.path()
    settings.WAGTAIL_CALENDLY = sender.settings(new, old)
    first = sender.post(sender.body(1), key=old, path=old_path)
    second = sender.post(sender.body(2), key=new)
    assert (first.status_code, second.status_code) == (200, 200)
    settings.WAGTAIL_CALENDLY = sender.settings(new)
    assert sender.post(sender.body(3), key=old).status_code == 400
    assert rows() == 2


def test_the_path_to_calendlys_door_ends_with_its_key(calendly: Sender, settings: Any) -> None:
    path = calendly.path()
    settings.WAGTAIL_CALENDLY = calendly.settings(OTHER_KEY, SIGNING_KEY)
    assert calendly.path() != path
    assert calendly.post(calendly.body(1), path=path).status_code == 200
    settings.WAGTAIL_CALENDLY = calendly.settings(OTHER_KEY)
    assert calendly.post(calendly.body(2), path=path).status_code == 404


def test_the_path_to_stripes_door_ends_with_the_sites_key(stripe: Sender, settings: Any) -> None:
    path, old = stripe.path(), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-one", [old]
    assert stripe.path() != path
    assert [stripe.post(stripe.body(n), path=p).status_code for n, p in ((1, path), (2, ""))] == [
        200
    ] * 2
    settings.SECRET_KEY_FALLBACKS = []
    assert stripe.post(stripe.body(3), path=path).status_code == 404


@pytest.mark.parametrize("none", [[], [""]])
def test_without_a_key_there_is_no_address(sender: Sender, settings: Any, none: list[str]) -> None:
    path = sender.path()
    settings.WAGTAIL_CALENDLY = sender.settings(*none)
    assert sender.post(sender.body(), path=path).status_code == 404
    assert sender.post(sender.body(), path=path, key="").status_code == 404


# Addresses and methods


@pytest.mark.survives("wrong-door")
def test_a_wrong_address_is_not_found(sender: Sender) -> None:
    path = sender.path()
    for wrong in (path[:-2] + "x/", path[:-10] + "é/"):
        assert sender.post(sender.body(), path=wrong).status_code == 404
    assert rows() == 0


@pytest.mark.survives("wrong-door")
def test_an_account_that_is_not_there_has_no_address(calendly: Sender) -> None:
    wrong = calendly.path().replace("/default/", "/nobody/")
    assert calendly.post(calendly.body(), path=wrong).status_code == 404


@pytest.mark.survives("wrong-door")
def test_the_address_of_one_account_takes_no_delivery_of_another(
    calendly: Sender, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = {
        "ACCOUNTS": {
            "default": {"TOKEN": "t", "WEBHOOK_SIGNING_KEYS": [SIGNING_KEY]},
            "second": {"TOKEN": "t", "WEBHOOK_SIGNING_KEYS": [OTHER_KEY]},
        }
    }
    segment = subscriptions.segments("second")[0]
    assert segment != subscriptions.segments("default")[0]
    second = subscriptions.path("second", segment)
    assert calendly.post(calendly.body(), path=second).status_code == 400
    assert calendly.post(calendly.body(), path=second, key=OTHER_KEY).status_code == 200
    assert WebhookDelivery.objects.get().account == "second"


@pytest.mark.survives("wrong-door")
def test_no_sender_may_use_the_others_door(settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = CALENDLY.settings(SIGNING_KEY) | STRIPE.settings(SIGNING_KEY)
    for one, other in ((CALENDLY, STRIPE), (STRIPE, CALENDLY)):
        assert one.post(one.body(), path=other.path()).status_code == 400
    assert rows() == 0
    accounts.close()


# What Stripe's door asks for beside


@pytest.mark.parametrize(
    "body", [b"{}", b'{"object": "v2.core.event"}', b'{"object": "event", "data": {"object": 1}}']
)
def test_what_is_no_event_of_stripe_is_refused(stripe: Sender, body: bytes) -> None:
    assert stripe.post(body).status_code == 400
    assert rows() == 0


@pytest.mark.survives("other-mode")
def test_an_event_of_the_other_mode_is_taken_and_left_alone(
    stripe: Sender, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    live = json.dumps({**json.loads(stripe.body()), "livemode": True}).encode()
    assert stripe.post(live).status_code == 200
    assert rows() == 0
    assert "live mode" in caplog.text
    settings.WAGTAIL_CALENDLY["PAYMENTS"]["SECRET_KEY"] = "rk_live_1"
    assert stripe.post(live).status_code == 200
    assert rows() == 1


def test_without_a_key_for_stripe_there_is_no_door(stripe: Sender, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY["PAYMENTS"]["SECRET_KEY"] = ""
    assert stripe.post(stripe.body()).status_code == 404


def test_only_posts_are_deliveries(sender: Sender, client: Client) -> None:
    path = sender.path()
    assert client.head(path).status_code == 200
    assert client.options(path).status_code == 200
    for method in ("get", "put", "patch", "delete"):
        assert getattr(client, method)(path).status_code == 405
    assert rows() == 0


# Size


class Unread(io.BytesIO):
    """A body that must not be touched."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.survives("flood")
@pytest.mark.parametrize(
    ("length", "status"),
    [("", 411), ("x", 411), ("-1", 411), ("٣", 411), (str(256 * 1024 + 1), 413), ("9" * 30, 413)],
)
def test_size_is_refused_before_the_body_is_read(sender: Sender, length: str, status: int) -> None:
    body = sender.body()
    response = sender.post(body, CONTENT_LENGTH=length, **{"wsgi.input": Unread(body)})
    assert response.status_code == status
    assert rows() == 0


def test_a_large_delivery_is_taken_whatever_the_site_allows_for_forms(
    sender: Sender, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = sender.body(note="x" * (256 * 1024 - 400))
    assert sender.post(body).status_code == 200
    assert rows() == 1


@pytest.mark.survives("flood")
def test_a_delivery_that_breaks_off_is_refused(sender: Sender) -> None:
    body = sender.body()
    response = sender.post(body, **{"wsgi.input": io.BytesIO(body[:10])})
    assert response.status_code == 400
    assert rows() == 0


# Sites of every kind


@pytest.mark.survives("any-host")
@pytest.mark.parametrize(
    "middleware",
    [
        ["django.contrib.auth.middleware.LoginRequiredMiddleware"],
        [
            "django.middleware.cache.UpdateCacheMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.cache.FetchFromCacheMiddleware",
        ],
        [
            "django.middleware.gzip.GZipMiddleware",
            "django.middleware.http.ConditionalGetMiddleware",
        ],
    ],
)
def test_a_sites_middleware_is_in_no_delivery_s_way(
    sender: Sender, settings: Any, middleware: list[str]
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, *middleware]
    assert [sender.post(sender.body(n)).status_code for n in (1, 2)] == [200, 200]
    assert rows() == 2
    assert sender.post(sender.body(3), age=1000).status_code == 400


@pytest.mark.survives("any-host")
def test_https_only_sites_take_deliveries_by_https(sender: Sender, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert sender.post(sender.body(), secure=True).status_code == 200
    assert sender.post(sender.body(2)).status_code == 301


@pytest.mark.survives("any-host")
def test_the_address_needs_no_redirect_in_any_language(sender: Sender, settings: Any) -> None:
    settings.APPEND_SLASH = True
    client = Client(headers={"accept-language": "de"})
    assert sender.path().endswith("/")
    assert sender.post(sender.body(), client=client).status_code == 200


def test_a_session_or_a_token_is_not_asked_for(sender: Sender) -> None:
    response = sender.post(sender.body(), client=Client(enforce_csrf_checks=True))
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.survives("any-host")
@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_stored_outside_the_sites_transactions(sender: Sender) -> None:
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    try:
        with CaptureQueriesContext(connection) as queries:
            assert sender.post(sender.body()).status_code == 200
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False
    assert not [query for query in queries if "SAVEPOINT" in query["sql"]]
    assert resolve(sender.path()).func._non_atomic_requests == {"default"}


@pytest.mark.survives("database-down")
def test_while_the_database_is_down_the_sender_is_asked_to_come_again(sender: Sender) -> None:
    def down(execute: Any, sql: str, *args: Any) -> Any:
        raise OperationalError("the database is away")

    path = sender.path()
    with connection.execute_wrapper(down):
        assert sender.post(sender.body(), path=path).status_code == 503
    assert sender.post(sender.body(), path=path).status_code == 200
    assert rows() == 1


@pytest.mark.survives("delivered-twice")
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_are_one(sender: Sender) -> None:
    barrier = threading.Barrier(8)
    statuses: list[int] = []

    def deliver() -> None:
        try:
            barrier.wait(20)
            statuses.append(sender.post(sender.body()).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert rows() == 1
