"""Stories for tests: what Calendly would say, delivery by delivery, as signed bodies would carry it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from wagtail_calendly.calendly import Invitee, ScheduledEvent, WebhookEnvelope

API = "https://api.calendly.com"
#: When all stories begin; sessions start a day later, so that `LATER` is after all of them.
START = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
SOON = START + timedelta(hours=1)
LATER = START + timedelta(days=3)


def wire(moment: datetime | None) -> str | None:
    return moment and moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True)
class Teller:
    """Makes Calendly's deliveries about one event type. `minute` is when something was said."""

    event_type: str = f"{API}/event_types/ET"
    reference: str = ""

    def event(self, name: str, minute: int = 0, /, **changes: Any) -> dict[str, Any]:
        starts = START + timedelta(days=1)
        return {
            "uri": f"{API}/scheduled_events/EV{name}",
            "name": "Consultation",
            "status": "active",
            "start_time": wire(starts),
            "end_time": wire(starts + timedelta(minutes=30)),
            "event_type": self.event_type,
            "location": {"type": "physical", "location": "Main Street 1"},
            "invitees_counter": {"total": 1, "active": 1, "limit": 1},
            "event_memberships": [{"user": f"{API}/users/USER", "user_name": "Ada Host"}],
            "created_at": wire(START),
            "updated_at": wire(START + timedelta(minutes=minute)),
            **changes,
        }

    def invitee(self, name: str, minute: int = 0, /, **changes: Any) -> dict[str, Any]:
        return {
            "uri": invitee_uri(name),
            "event": f"{API}/scheduled_events/EV{name}",
            "email": "vi@example.org",
            "name": "Vi Sitor",
            "status": "active",
            "timezone": "Europe/Paris",
            "tracking": {"utm_content": self.reference or None},
            "rescheduled": False,
            "cancel_url": f"https://calendly.com/cancellations/IN{name}",
            "reschedule_url": f"https://calendly.com/reschedulings/IN{name}",
            "created_at": wire(START),
            "updated_at": wire(START + timedelta(minutes=minute)),
            **changes,
        }

    def delivery(
        self,
        kind: str,
        name: str,
        minute: int = 0,
        said: int | None = None,
        /,
        event: dict[str, Any] | None = None,
        **changes: Any,
    ) -> bytes:
        """A webhook's body: an invitee as of `minute`, said at minute `said`."""
        said_at = START + timedelta(minutes=minute if said is None else said, seconds=1)
        payload = self.invitee(name, minute, **changes)
        payload["scheduled_event"] = self.event(name, minute, **(event or {}))
        envelope = {"event": kind, "created_at": wire(said_at), "created_by": f"{API}/users/USER"}
        return json.dumps(envelope | {"payload": payload}).encode()

    def created(self, name: str = "1", minute: int = 0, /, **changes: Any) -> bytes:
        return self.delivery("invitee.created", name, minute, **changes)

    def canceled(
        self, name: str = "1", minute: int = 5, /, by: str = "invitee", **changes: Any
    ) -> bytes:
        cancellation = {
            "canceled_by": "Vi",
            "reason": "",
            "canceler_type": by,
            "created_at": wire(START + timedelta(minutes=minute)),
        }
        changes = {"status": "canceled", "cancellation": cancellation} | changes
        return self.delivery(
            "invitee.canceled", name, minute, event={"status": "canceled"}, **changes
        )

    def no_show(self, name: str = "1", minute: int = 0, said: int = 10, /, **changes: Any) -> bytes:
        """Marking may or may not change `updated_at`: here it does not."""
        changes = {"no_show": {"uri": f"{API}/invitee_no_shows/NS{name}"}} | changes
        return self.delivery("invitee_no_show.created", name, minute, said, **changes)

    def no_show_undone(
        self, name: str = "1", minute: int = 0, said: int = 11, /, **changes: Any
    ) -> bytes:
        return self.delivery("invitee_no_show.deleted", name, minute, said, **changes)

    def moved_away(
        self, name: str = "1", to: str = "2", minute: int = 5, /, **changes: Any
    ) -> bytes:
        moved = {"rescheduled": True, "new_invitee": invitee_uri(to)}
        return self.canceled(name, minute, **moved, **changes)

    def moved_here(
        self, name: str = "2", since: str = "1", minute: int = 5, /, **changes: Any
    ) -> bytes:
        """The new half of a reschedule; Calendly may not carry the tracking over."""
        starts = START + timedelta(days=2)
        event = {"start_time": wire(starts), "end_time": wire(starts + timedelta(minutes=30))}
        created = {"created_at": wire(START + timedelta(minutes=minute)), "tracking": {}}
        moved = created | {"old_invitee": invitee_uri(since)} | changes
        return self.delivery("invitee.created", name, minute, event=event, **moved)


def invitee_uri(name: str) -> str:
    return f"{API}/scheduled_events/EV{name}/invitees/IN{name}"


def read(body: bytes) -> tuple[Invitee, ScheduledEvent]:
    """A delivery as the inbox reads it."""
    invitee = WebhookEnvelope.from_body(body).invitee()
    assert invitee.scheduled_event is not None
    return invitee, invitee.scheduled_event


def stories(teller: Teller) -> dict[str, list[bytes]]:
    """Every story's deliveries in the order they happened. All but the twin times end differently if
    the order of arrival counts."""
    tell = teller
    carried = {"tracking": {"utm_content": teller.reference}}
    return {
        "booked": [tell.created()],
        "canceled by invitee": [tell.created(), tell.canceled()],
        "canceled by host": [tell.created(), tell.canceled(by="host")],
        "canceled in the same instant": [tell.created(), tell.canceled("1", 0)],
        "rescheduled": [tell.created(), tell.moved_away(), tell.moved_here()],
        "rescheduled, tracking carried": [
            tell.created(),
            tell.moved_away(),
            tell.moved_here(**carried),
        ],
        "rescheduled in the same instant": [
            tell.created(),
            tell.moved_away("1", "2", 0),
            tell.moved_here("2", "1", 0),
        ],
        "rescheduled, then canceled": [
            tell.created(),
            tell.moved_away(),
            tell.moved_here(),
            tell.canceled("2", 9, old_invitee=invitee_uri("1"), tracking={}),
        ],
        "rescheduled twice": [
            tell.created(),
            tell.moved_away(),
            tell.moved_here(),
            tell.moved_away("2", "3", 9, old_invitee=invitee_uri("1"), tracking={}),
            tell.moved_here("3", "2", 9),
        ],
        "moved, the new half lost": [tell.created(), tell.moved_away()],
        "moved, the old half lost": [tell.created(), tell.moved_here()],
        "moved, only the new half came, tracking carried": [tell.moved_here(**carried)],
        "no-show": [tell.created(), tell.no_show()],
        "no-show undone": [tell.created(), tell.no_show(), tell.no_show_undone()],
        "no-show undone, in new versions": [
            tell.created(),
            tell.no_show("1", 10),
            tell.no_show_undone("1", 11),
        ],
        "no-show undone in the same instant": [
            tell.created(),
            tell.no_show("1", 0, 0),
            tell.no_show_undone("1", 0, 0),
        ],
        "reference used twice": [
            tell.created("1", created_at=wire(START)),
            tell.created("2", 1, created_at=wire(START + timedelta(minutes=1))),
        ],
        "reference used twice in the same instant": [tell.created("1"), tell.created("2")],
        "reference used twice, the second moved": [
            tell.created("1"),
            tell.created("2", 1, created_at=wire(START + timedelta(minutes=1))),
            tell.moved_away("2", "3", 5, created_at=wire(START + timedelta(minutes=1))),
            tell.moved_here("3", "2", 5, **carried),
        ],
    }
