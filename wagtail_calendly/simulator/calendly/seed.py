"""The believable little consultancy that a fresh simulator plays: two hosts and seven event types.

Ids are derived from names, so that they stay the same from one start to the next.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from wagtail_calendly.simulator.calendly.state import API, Calendly, EventType, Token, User

DEFAULT_TOKEN = "simulator-token"  # noqa: S105 - public, for a stand-in
FOUNDED = datetime(2024, 1, 2, 3, 4, 5, 678123, tzinfo=UTC)

HOSTILE_HTML = (
    """<h2>A thorough look at your site</h2>
<p>We read your pages the way your visitors do: on a phone, in a hurry, with a screen reader,
and with half an eye on the clock. You get a list of what to mend first, and why.</p>
<script>document.title = "script ran"</script>
<p><img src="x" alt="" onerror="document.title = 'onerror ran'">What you send us beforehand:</p>
<ul><li>the address of the site</li><li>what it is for, in two sentences</li>
<li><a href="javascript:document.title='link ran'">the three pages that matter most</a></li></ul>
<p style="position:fixed;inset:0;background:red" onclick="alert(1)">What you get back:
a written report within a week.</p>
<iframe src="https://example.com/"></iframe><form action="https://example.com/"><input></form>
<p>"""
    + " ".join(["Plain words, no jargon, no sales talk."] * 30)
    + "</p>"
)


def stable_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://simulator.example/{name}"))


def question(name: str, position: int, kind: str = "string", **more: Any) -> dict[str, Any]:
    """A custom question; `more` changes `required`, `answer_choices`, `include_other`."""
    return {
        "name": name,
        "type": kind,
        "position": position,
        "enabled": True,
        "required": False,
        "answer_choices": [],
        "include_other": False,
        **more,
    }


def plant(calendly: Calendly, *, full: bool = True, tokens: tuple[str, ...] = ()) -> None:
    """The people and tokens, and unless `full` is false the event types too."""
    calendly.organization = f"{API}/organizations/{stable_id('northlight')}"
    ada = _user(calendly, "Ada Host", "ada-host", "ada@example.org", "owner")
    grace = _user(calendly, "Grace Guide", "grace-guide", "grace@example.org", "user")
    for value in tokens or (DEFAULT_TOKEN,):
        calendly.tokens[value] = Token(value, ada)
    if full:
        for position, fields in enumerate(_event_types(ada, grace)):
            add_event_type(calendly, position=position, **fields)


def add_event_type(calendly: Calendly, **fields: Any) -> EventType:
    """An event type of the first host, active unless the fields say otherwise."""
    given = {
        "id": stable_id(f"event-type/{fields['slug']}"),
        "hosts": [calendly.owner],
        "created_at": FOUNDED,
        "updated_at": FOUNDED,
        "locations": [{"kind": "zoom_conference"}],
        **fields,
    }
    event_type = EventType(**given)
    calendly.event_types[event_type.id] = event_type
    return event_type


def _user(calendly: Calendly, name: str, slug: str, email: str, role: Any) -> User:
    user = User(
        id=stable_id(f"user/{slug}"),
        name=name,
        slug=slug,
        email=email,
        timezone="Europe/Berlin",
        organization=calendly.organization,
        membership_id=stable_id(f"membership/{slug}"),
        created_at=FOUNDED,
        role=role,
    )
    calendly.users[user.id] = user
    return user


def _event_types(ada: User, grace: User) -> list[dict[str, Any]]:
    return [*_everyday_types(ada, grace), *_awkward_types()]


def _everyday_types(ada: User, grace: User) -> list[dict[str, Any]]:
    return [
        {
            "slug": "consultation",
            "name": "30 Minute Consultation",
            "description_plain": "A first talk about what you need.",
            "description_html": "<p>A first talk about what you need.</p>",
            "custom_questions": [question("What shall we talk about?", 0, "text")],
        },
        {
            # An old one: Calendly's early ids have 16 characters.
            "id": "GBGBDCAADAEDCRZ2",
            "slug": "workshop",
            "name": "Accessibility Workshop",
            "kind": "group",
            "seats": 8,
            "duration": 120,
            "weekdays": (1, 3),
            "starts": ("10:00", "14:00"),
            "color": "#0c8043",
            "description_plain": "Two hours, eight seats, one real site.",
            "description_html": "<p>Two hours, <b>eight seats</b>, one real site.</p>",
            "locations": [{"kind": "physical", "location": "Northlight, Uferweg 12, Berlin"}],
        },
        {
            "slug": "support",
            "name": "Support Call",
            "hosts": [ada, grace],
            "pooling_type": "round_robin",
            "duration": 45,
            "color": "#a25ddc",
            "description_plain": "With whoever of us is free.",
            "description_html": "<p>With whoever of us is free.</p>",
            "locations": [{"kind": "google_conference"}],
        },
    ]


def _awkward_types() -> list[dict[str, Any]]:
    """Inactive, full of questions, hostile, paid elsewhere."""
    return [
        {
            "slug": "summer-school",
            "name": "Summer School Interview",
            "active": False,
            "color": "#f8a72c",
            "description_plain": "Closed until spring.",
            "description_html": "<p>Closed until spring.</p>",
        },
        {
            "slug": "project-start",
            "name": "Project Kick-off",
            "duration": 60,
            "color": "#e55381",
            "description_plain": "The first hour of a project.",
            "description_html": "<p>The first hour of a project.</p>",
            "locations": [{"kind": "ask_invitee"}],
            "custom_questions": _kick_off_questions(),
        },
        {
            "slug": "site-review",
            "name": "Site Review",
            "duration": 60,
            "color": "#17a2b8",
            "description_plain": "A thorough look at your site.",
            "description_html": HOSTILE_HTML,
        },
        {
            "slug": "paid-coaching",
            "name": "Coaching, paid at Calendly",
            "duration": 60,
            "is_paid": True,
            "color": "#6c5ce7",
            "description_plain": "50 EUR, taken by Calendly.",
            "description_html": "<p>50 EUR, taken by Calendly.</p>",
        },
    ]


def _kick_off_questions() -> list[dict[str, Any]]:
    goals = ["A new site", "A relaunch", "Better accessibility"]
    return [
        question("Name of your organization", 0, required=True),
        question("What is the goal?", 1, "single_select", required=True, answer_choices=goals,
                 include_other=True),
        question("Who takes part?", 2, "multi_select",
                 answer_choices=["Editors", "Developers", "Management"]),
        question("Phone, in case the line breaks", 3, "phone_number"),
        question("Anything we should read first?", 4, "text"),
    ]  # fmt: skip
