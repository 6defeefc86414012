"""The application: the vendors' endpoints, their pages, the control, and the layers around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.utils import format_datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from wagtail_calendly.simulator.calendly import routes as calendly_routes
from wagtail_calendly.simulator.calendly.access import RateLimitLayer, refuse
from wagtail_calendly.simulator.calendly.errors import ApiError, error_body
from wagtail_calendly.simulator.calendly.routes import is_api as is_calendly
from wagtail_calendly.simulator.control import routes as control_routes
from wagtail_calendly.simulator.faults import FaultLayer
from wagtail_calendly.simulator.pages import routes as page_routes
from wagtail_calendly.simulator.requestlog import RequestLogLayer
from wagtail_calendly.simulator.stripe import checkout
from wagtail_calendly.simulator.stripe import errors as stripe_errors
from wagtail_calendly.simulator.stripe import routes as stripe_routes
from wagtail_calendly.simulator.stripe.access import refuse as refuse_by_stripe
from wagtail_calendly.simulator.stripe.errors import StripeError
from wagtail_calendly.simulator.stripe.gateway import GatewayLayer
from wagtail_calendly.simulator.stripe.gateway import is_api as is_stripe
from wagtail_calendly.simulator.wire import App, Message, Receive, Scope, Send
from wagtail_calendly.simulator.world import World

STATIC = Path(__file__).parent / "static"
TICK = 2.0


def build(world: World) -> App:
    """The ASGI application for one world."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(_tick(world))
        yield
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        await world.deliveries.close()

    inner = Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=STATIC)),
            *control_routes.routes(),
            *stripe_routes.routes(),
            *calendly_routes.routes(),
            *page_routes.routes(),
        ],
        exception_handlers={ApiError: refuse, StripeError: refuse_by_stripe},
        lifespan=lifespan,
    )
    inner.state.world = world
    faulty = FaultLayer(inner, world.faults, is_api=_is_api, error_body=_error_body)
    limited = RateLimitLayer(faulty, world.rate, lambda: world.calendly, is_api=is_calendly)
    single = GatewayLayer(limited, world.answers)
    logged = RequestLogLayer(single, world.log, is_api=_is_api)
    return _dated(logged, world)


def _is_api(path: str) -> bool:
    return is_calendly(path) or is_stripe(path)


def _error_body(path: str, status: int, code: str) -> bytes:
    return stripe_errors.error_body(status, code) if is_stripe(path) else error_body(status)


async def _tick(world: World) -> None:
    """What happens at Stripe by itself, while nobody calls."""
    while True:
        await asyncio.sleep(TICK)
        checkout.sweep(world.stripe)


def _dated(app: App, world: World) -> App:
    """`Date` by the simulator's clock: readers take it for the time of what they read."""

    async def dated(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = format_datetime(world.clock.now(), usegmt=True)
                message["headers"] = [*message.get("headers", []), (b"date", now.encode())]
            await send(message)

        await app(scope, receive, sending)

    return dated
