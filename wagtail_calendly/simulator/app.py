"""The application: the vendors' endpoints, their pages, the control, and the layers around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import format_datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from wagtail_calendly.simulator.calendly import routes as calendly_routes
from wagtail_calendly.simulator.calendly.access import RateLimitLayer, refuse
from wagtail_calendly.simulator.calendly.errors import ApiError, error_body
from wagtail_calendly.simulator.calendly.routes import is_api
from wagtail_calendly.simulator.control import routes as control_routes
from wagtail_calendly.simulator.faults import FaultLayer
from wagtail_calendly.simulator.pages import routes as page_routes
from wagtail_calendly.simulator.requestlog import RequestLogLayer
from wagtail_calendly.simulator.wire import App, Message, Receive, Scope, Send
from wagtail_calendly.simulator.world import World

STATIC = Path(__file__).parent / "static"


def build(world: World) -> App:
    """The ASGI application for one world."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await world.deliveries.close()

    inner = Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=STATIC)),
            *control_routes.routes(),
            *calendly_routes.routes(),
            *page_routes.routes(),
        ],
        exception_handlers={ApiError: refuse},
        lifespan=lifespan,
    )
    inner.state.world = world
    faulty = FaultLayer(
        inner, world.faults, is_api=is_api, error_body=lambda path, status: error_body(status)
    )
    limited = RateLimitLayer(faulty, world.rate, lambda: world.calendly, is_api=is_api)
    logged = RequestLogLayer(limited, world.log, is_api=is_api)
    return _dated(logged, world)


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
