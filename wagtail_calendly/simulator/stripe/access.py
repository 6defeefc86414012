"""Who may call and how: keys and their permissions, the form, `expand`, idempotent answers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wagtail_calendly.simulator import brackets
from wagtail_calendly.simulator.faults import Instead
from wagtail_calendly.simulator.stripe import checkout, expanding
from wagtail_calendly.simulator.stripe.errors import InvalidError, MissingError, StripeError
from wagtail_calendly.simulator.stripe.idempotency import Answer, Asked
from wagtail_calendly.simulator.stripe.params import Kind, Many, Record, Text
from wagtail_calendly.simulator.stripe.state import VERSION, Key, Stripe

FORM = "application/x-www-form-urlencoded"
EXPAND = Many(Text(500))
Thing = TypeVar("Thing")


class Call:
    """One authenticated call; `sent` are its parameters, still texts."""

    def __init__(self, request: Request, stripe: Stripe, key: Key, sent: dict[str, Any]) -> None:
        self.request, self.stripe, self.key, self.sent = request, stripe, key, sent
        self.expand: list[str] = EXPAND.parse(sent.pop("expand", []), "expand")

    def read(self, fields: dict[str, Kind] | None = None, *required: str) -> dict[str, Any]:
        checked: dict[str, Any] = Record(fields or {}, required).parse(self.sent, "")
        return checked

    def named(self, kind: str, among: dict[str, Thing]) -> Thing:
        """What the path names."""
        return self.find(kind, among, str(self.request.path_params["id"]))

    def find(self, kind: str, among: dict[str, Thing], id_: str, param: str = "id") -> Thing:
        """By id, in the key's own mode only."""
        found: Any = among.get(id_)
        if found is None:
            raise MissingError(kind, id_, param)
        if found.livemode != self.key.livemode:
            modes = ("test", "live") if self.key.livemode else ("live", "test")
            hint = (
                f"; a similar object exists in {modes[0]} mode, but a {modes[1]} mode key was used"
            )
            raise MissingError(kind, id_, param, hint)
        thing: Thing = found
        return thing

    def visible(self, among: dict[str, Thing]) -> list[Thing]:
        """Of the key's own mode, newest first."""
        things: list[Any] = list(among.values())
        return [thing for thing in reversed(things) if thing.livemode == self.key.livemode]


View = Callable[[Call], dict[str, Any]]


def endpoint(view: View, permission: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """`view` behind a valid key that has `permission`; `kind` is what it answers with."""

    async def handler(request: Request) -> Response:
        world = request.app.state.world
        call = Call(request, world.stripe, _key(request, world.stripe), await _sent(request))
        _ensure_version(request)
        for needed in [permission, *sorted(expanding.check(call.expand, kind))]:
            _ensure_may(call.key, needed)
        checkout.sweep(call.stripe)
        asked = _asked(call)
        if asked is None:
            return _response(_perform(call, view))
        answer = world.answers.recall(asked, call.stripe.now())
        if answer is not None:
            return _response(answer, {"Idempotent-Replayed": "true"})
        answer = _perform(call, view)
        instead: Instead | None = request.scope.get("answered_instead")
        kept = Answer(instead.status, instead.body) if instead else answer
        world.answers.keep(asked, kept, call.stripe.now())
        return _response(answer)

    return handler


def _perform(call: Call, view: View) -> Answer:
    """The view's answer, or its refusal once the work had begun; what is invalid is raised."""
    instead: Instead | None = call.request.scope.get("answered_instead")
    if instead and not instead.performed:
        return Answer(instead.status, instead.body)
    try:
        shape = expanding.expand(call.stripe, view(call), call.expand)
    except StripeError as error:
        if not error.begun:
            raise
        return Answer(error.status, json.dumps(error.body).encode())
    return Answer(200, json.dumps(shape, indent=2).encode())


def _response(answer: Answer, headers: dict[str, str] | None = None) -> Response:
    return Response(answer.body, answer.status, headers, "application/json")


def _key(request: Request, stripe: Stripe) -> Key:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    key = stripe.keys.get(value)
    if scheme.lower() != "bearer" or not value:
        raise StripeError(401, "You did not provide an API key.")
    if key is None:
        raise StripeError(401, f"Invalid API Key provided: {value[:8]}****{value[-4:]}")
    if not key.valid:
        raise StripeError(401, "Expired API Key provided.", code="api_key_expired")
    return key


def _ensure_may(key: Key, permission: str) -> None:
    if not key.may(permission):
        raise StripeError(
            403,
            "The provided key does not have the required permissions for this endpoint. Having "
            f"the 'rak_{permission}' permission would allow this request to continue.",
        )


def _ensure_version(request: Request) -> None:
    version = request.headers.get("stripe-version", VERSION)
    if version != VERSION:
        raise InvalidError(f"Invalid Stripe API version: {version} (the simulator plays {VERSION})")


async def _sent(request: Request) -> dict[str, Any]:
    text = request.url.query
    body = (await request.body()).decode(errors="replace")
    if body and not request.headers.get("content-type", "").startswith(FORM):
        raise InvalidError(f"Invalid request (check that your POST content type is {FORM}).")
    try:
        return brackets.decode(body or text)
    except ValueError as why:
        raise InvalidError(f"Invalid request: {why}") from None


def _asked(call: Call) -> Asked | None:
    """What an idempotency key is used for; GET and DELETE need none."""
    key = call.request.headers.get("idempotency-key", "")
    if call.request.method != "POST" or not key:
        return None
    params = json.dumps([call.sent, call.expand], sort_keys=True)
    return Asked((call.key.livemode, key), call.request.url.path, params)


async def refuse(request: Request, error: Exception) -> Response:
    """Starlette's handler for StripeError."""
    assert isinstance(error, StripeError)  # noqa: S101 - registered for StripeError only
    return JSONResponse(error.body, status_code=error.status)
