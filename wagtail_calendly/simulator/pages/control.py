"""The control page: every switch, what has been booked, delivered and asked."""

from __future__ import annotations

from itertools import islice

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wagtail_calendly.simulator.control.forms import is_local
from wagtail_calendly.simulator.deliveries import MODES
from wagtail_calendly.simulator.pages.view import notice, render
from wagtail_calendly.simulator.stripe import checkout
from wagtail_calendly.simulator.stripe.giving_back import OUTCOMES

SHOWN = 50

# What usually goes wrong, ready to press: (words, fields of a fault).
PRESETS = [
    ("Next call: 429", {"status": 429}),
    ("Next 3 calls: 500", {"status": 500, "times": 3}),
    ("Next call: HTML 502", {"html": "true"}),
    ("Next call: 15 s late", {"delay": 15}),
    ("Next call: connection dropped", {"drop_connection": "true"}),
    ("Next call: done, but the answer lost", {"drop_connection": "true", "perform": "true"}),
    ("Next call: answer cut short", {"truncate": "true"}),
    ("All calls: 503", {"status": 503, "times": "null"}),
    ("Next booking page: 10 s late", {"match": "GET /ada-host", "delay": 10}),
]


async def home(request: Request) -> Response:
    return RedirectResponse("/control/", status_code=307)


async def overview(request: Request) -> Response:
    if not is_local(request):
        return notice(request, 403, "Not from here", "The control answers to this machine only.")
    world = request.app.state.world
    newest = islice(reversed(world.calendly.invitees.values()), SHOWN)
    checkout.sweep(world.stripe)
    context = {
        "stripe": world.stripe,
        "sessions": list(islice(reversed(world.stripe.sessions.values()), SHOWN)),
        "outcomes": OUTCOMES,
        "calendly": world.calendly,
        "invitees": list(newest),
        "deliveries": list(islice(reversed(world.deliveries.items.values()), SHOWN)),
        "requests": list(islice(reversed(world.log.calls), SHOWN)),
        "modes": MODES,
        "presets": PRESETS,
        "event_types": list(islice(world.calendly.event_types.values(), SHOWN)),
    }
    return render(request, "control.html", context)
