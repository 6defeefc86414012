"""Serves the application on a port of its own and says when it is ready."""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType

import uvicorn

from wagtail_calendly.simulator.app import build
from wagtail_calendly.simulator.wire import BreakableProtocol
from wagtail_calendly.simulator.world import World

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


class Announcing(uvicorn.Server):
    """Prints one line once it listens, for whoever started it."""

    origin = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"Simulator ready at {self.origin}", flush=True)  # noqa: T201


def serve(host: str, port: int, tokens: tuple[str, ...], public_origin: str | None) -> None:
    """Run until SIGTERM or SIGINT; port 0 takes a free one."""
    listening = _listen(host, port)
    own_port = listening.getsockname()[1]
    shown = "127.0.0.1" if host in ANYWHERE else host
    origin = f"http://[{shown}]:{own_port}" if ":" in shown else f"http://{shown}:{own_port}"
    world = World((public_origin or origin).rstrip("/"), tokens)
    config = uvicorn.Config(
        build(world),
        http=BreakableProtocol,
        loop="asyncio",
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        # Longer than clients keep connections, lest one is closed just as it is used again.
        timeout_keep_alive=30,
    )
    server = Announcing(config)
    server.origin = origin
    # uvicorn raises the signal again once it has stopped; this makes that a plain end.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with listening:
        server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol left out asyncio would not switch Nagle off: 40 ms more for each answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        sys.exit(f"Port {port} of {host} cannot be used ({error.strerror}). Choose another: --port")
    listening.listen(128)
    return listening


def _leave(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)
