"""The door for webhooks of any sender: what a delivery must pass, in this order, before one row is written."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.db import Error as AnyDatabaseError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from wagtail_calendly import tasks
from wagtail_calendly.bookings import inbox

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
_EVENT = re.compile(r"[A-Za-z0-9_.]{1,100}")


class Refused(Exception):
    """This delivery is not taken on: the HTTP status of the answer, and a short reason for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Accepted(HttpResponse):
    """An empty answer. `then` runs when it is sent and closed, so that no sender waits for our work."""

    def __init__(self, then: Callable[[], object] | None = None) -> None:
        # With its length known, the sender has the whole answer before the server closes it.
        super().__init__(headers={"Content-Length": "0"})
        self._then = then

    def close(self) -> None:
        then, self._then = self._then, None
        try:
            if then:
                then()
        except Exception:
            logger.exception("A webhook delivery is stored, but nobody was told to work on it.")
        finally:
            super().close()


@method_decorator(
    [csrf_exempt, login_not_required, transaction.non_atomic_requests, never_cache],
    name="dispatch",
)
class WebhookView(View):
    """What is the same for all senders. Any 2xx means "stored": the sender is done, the work is ours.

    404 wrong path · 405 · 411, 413 size · 400 not authentic or not JSON · 503 not stored, send it again.
    Subclasses say who sends, which paths exist, how to verify, and where the event's name is.
    """

    http_method_names = ["post", "head", "options"]
    sender: ClassVar[str]
    signature_header: ClassVar[str]

    def is_known(self, alias: str, segment: str) -> bool:
        """Whether this path was ever given to the sender."""
        raise NotImplementedError

    def verify(self, alias: str, header: str, body: bytes) -> None:
        """Raise `Refused` unless the sender signed this very body, just now."""
        raise NotImplementedError

    def event(self, said: dict[str, Any]) -> object:
        """What the body calls its event."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_known(kwargs["alias"], kwargs["segment"]):
            return HttpResponseNotFound()
        return super().dispatch(request, *args, **kwargs)

    def head(self, request: HttpRequest, alias: str, segment: str) -> HttpResponse:
        """Some senders ask first whether anybody is there."""
        return HttpResponse()

    def post(self, request: HttpRequest, alias: str, segment: str) -> HttpResponse:
        try:
            body = self._authentic(request, alias)
            event = self._named(body)
            delivery = inbox.accept(sender=self.sender, account=alias, body=body, event=event)
        except Refused as refusal:
            logger.warning("Refused a %s webhook for “%s”: %s", self.sender, alias, refusal)
            return HttpResponse(status=refusal.status)
        except AnyDatabaseError:
            logger.exception("Could not store a %s webhook for “%s”.", self.sender, alias)
            return HttpResponse(status=503)
        if delivery is None:  # seen before
            return Accepted()
        return Accepted(then=lambda: tasks.work_delivery.enqueue(delivery.pk))

    def _authentic(self, request: HttpRequest, alias: str) -> bytes:
        """The body, once its size and signature are in order."""
        length = _length(request)
        header = request.headers.get(self.signature_header, "")
        if not header:
            raise Refused(400, "no signature")
        body = _read(request, length)
        self.verify(alias, header, body)
        return body

    def _named(self, body: bytes) -> str:
        """The event's name, out of a body that must be a JSON object."""
        try:
            said = json.loads(body.decode())
        except (ValueError, RecursionError):
            raise Refused(400, "not JSON") from None
        if not isinstance(said, dict):
            raise Refused(400, "not a JSON object")
        name = self.event(said)
        return name if isinstance(name, str) and _EVENT.fullmatch(name) else "unknown"


def _length(request: HttpRequest) -> int:
    """The announced size of the body; nothing is read before it is known to be small."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not (announced.isascii() and announced.isdigit()):
        raise Refused(411, "no length")
    if len(announced) > 9 or int(announced) > MOST_BYTES:
        raise Refused(413, "too large")
    return int(announced)


def _read(request: HttpRequest, length: int) -> bytes:
    try:
        # Not request.body: the site's DATA_UPLOAD_MAX_MEMORY_SIZE is about forms.
        body: bytes = request.read(length)
    except UnreadablePostError:
        raise Refused(400, "broken off") from None
    if len(body) != length:
        raise Refused(400, "broken off")
    return body
