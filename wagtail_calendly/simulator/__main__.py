"""The command line: python -m wagtail_calendly.simulator."""

from __future__ import annotations

import argparse

from wagtail_calendly.simulator.calendly.seed import DEFAULT_TOKEN
from wagtail_calendly.simulator.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m wagtail_calendly.simulator",
        description="Plays Calendly and Stripe over real HTTP, in memory, for development and tests.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free port")
    parser.add_argument(
        "--token",
        action="append",
        default=[],
        help=f"a token that is accepted, several times if need be ({DEFAULT_TOKEN})",
    )
    parser.add_argument("--public-origin", help="where browsers reach the booking pages")
    given = parser.parse_args()
    serve(given.host, given.port, tuple(given.token), given.public_origin)


if __name__ == "__main__":
    main()
