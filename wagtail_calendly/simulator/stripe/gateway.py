"""The door of the API: an id for every request, and one request at a time for an idempotency key."""

from __future__ import annotations

from starlette.datastructures import Headers

from wagtail_calendly.simulator.stripe.errors import error_body
from wagtail_calendly.simulator.stripe.idempotency import Answers
from wagtail_calendly.simulator.stripe.state import VERSION, new_id
from wagtail_calendly.simulator.wire import App, Message, Receive, Scope, Send, answer


def is_api(path: str) -> bool:
    return path == "/v1" or path.startswith("/v1/")


class GatewayLayer:
    """In front of the faults: a request that a fault delays is running, and its key is in use."""

    def __init__(self, app: App, answers: Answers) -> None:
        self.app, self.answers = app, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_api(scope["path"]):
            return await self.app(scope, receive, send)
        key = Headers(scope=scope).get("idempotency-key", "")
        key = key if scope["method"] == "POST" else ""
        labels = {"request-id": new_id("req"), "stripe-version": VERSION, "idempotency-key": key}

        async def labeled(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(k.encode(), v.encode()) for k, v in labels.items() if v]
                message["headers"] = [*message.get("headers", []), *added]
            await send(message)

        running = self.answers.running
        if key in running:
            return await answer(labeled, 409, error_body(409), "application/json")
        running |= {key} - {""}
        try:
            await self.app(scope, receive, labeled)
        finally:
            running.discard(key)
