"""What the stand-in Calendly knows: people, event types, bookings, links, tokens, subscriptions."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from wagtail_calendly.simulator.clock import Clock

API = "https://api.calendly.com"
TRACKING_KEYS = (
    "utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid",
)  # fmt: skip


def new_id() -> str:
    return str(uuid4())


@dataclass
class User:
    id: str
    name: str
    slug: str
    email: str
    timezone: str
    organization: str
    membership_id: str
    created_at: datetime
    role: Literal["user", "admin", "owner"] = "user"

    @property
    def uri(self) -> str:
        return f"{API}/users/{self.id}"


@dataclass
class EventType:
    """`seats` is the invitee limit of one event; `starts` limits the day to these times."""

    id: str
    slug: str
    name: str
    hosts: list[User]
    created_at: datetime
    updated_at: datetime
    duration: int = 30
    kind: str = "solo"
    pooling_type: str | None = None
    active: bool = True
    secret: bool = False
    is_paid: bool = False
    booking_method: str = "instant"
    color: str = "#0069ff"
    description_plain: str | None = None
    description_html: str | None = None
    internal_note: str | None = None
    locale: str = "en"
    position: int = 0
    locations: list[dict[str, Any]] | None = None
    custom_questions: list[dict[str, Any]] = field(default_factory=list)
    deleted_at: datetime | None = None
    seats: int = 1
    min_notice_minutes: int = 240
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    starts: tuple[str, ...] = ()

    @property
    def uri(self) -> str:
        return f"{API}/event_types/{self.id}"

    @property
    def bookable(self) -> bool:
        return self.active and self.deleted_at is None


@dataclass
class Cancellation:
    canceled_by: str
    reason: str | None
    canceler_type: Literal["host", "invitee"]
    created_at: datetime


@dataclass
class ScheduledEvent:
    id: str
    event_type: EventType
    host: User
    start: datetime
    end: datetime
    location: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
    guests: list[dict[str, Any]] = field(default_factory=list)
    cancellation: Cancellation | None = None
    invitees: list[Invitee] = field(default_factory=list)

    @property
    def uri(self) -> str:
        return f"{API}/scheduled_events/{self.id}"

    @property
    def status(self) -> str:
        return "canceled" if self.cancellation else "active"

    @property
    def active_invitees(self) -> list[Invitee]:
        return [invitee for invitee in self.invitees if not invitee.cancellation]


@dataclass
class NoShow:
    id: str
    created_at: datetime

    @property
    def uri(self) -> str:
        return f"{API}/invitee_no_shows/{self.id}"


@dataclass
class Invitee:
    id: str
    event: ScheduledEvent
    name: str
    email: str
    timezone: str
    created_at: datetime
    updated_at: datetime
    tracking: dict[str, str | None]
    first_name: str | None = None
    last_name: str | None = None
    text_reminder_number: str | None = None
    answers: list[dict[str, Any]] = field(default_factory=list)
    scheduling_method: str | None = None
    cancellation: Cancellation | None = None
    rescheduled: bool = False
    old: Invitee | None = None
    new: Invitee | None = None
    no_show: NoShow | None = None

    @property
    def uri(self) -> str:
        return f"{self.event.uri}/invitees/{self.id}"

    @property
    def status(self) -> str:
        return "canceled" if self.cancellation else "active"


@dataclass
class SchedulingLink:
    id: str
    event_type: EventType
    used: bool = False


@dataclass
class Token:
    """`scopes` None is an older token with full access."""

    value: str
    user: User
    valid: bool = True
    scopes: list[str] | None = None

    def may(self, scope: str) -> bool:
        domain = scope.partition(":")[0]
        return self.scopes is None or scope in self.scopes or f"{domain}:write" in self.scopes


@dataclass
class Subscription:
    id: str
    url: str
    events: list[str]
    scope: str
    user: User | None
    creator: User
    signing_key: str | None
    created_at: datetime
    updated_at: datetime
    stamp: Callable[[], datetime]
    state: Literal["active", "disabled"] = "active"
    retry_started_at: datetime | None = None
    deleted: bool = False

    @property
    def uri(self) -> str:
        return f"{API}/webhook_subscriptions/{self.id}"

    @property
    def accepting(self) -> bool:
        return self.state == "active" and not self.deleted

    def headers(self, body: bytes, at: int) -> dict[str, str]:
        """Without a key there is no signature."""
        headers = {"Content-Type": "application/json"}
        if self.signing_key:
            signed = f"{at}.".encode() + body
            digest = hmac.digest(self.signing_key.encode(), signed, "sha256").hex()
            headers["Calendly-Webhook-Signature"] = f"t={at},v1={digest}"
        return headers

    def succeeded(self) -> None:
        self.retry_started_at = None

    def failed(self) -> None:
        self.retry_started_at = self.retry_started_at or self.stamp()

    def gave_up(self) -> None:
        self.disable()

    def disable(self) -> None:
        self.state = "disabled"
        self.updated_at = self.stamp()


class Calendly:
    """Everything it knows; `seed.plant` fills it."""

    def __init__(self, clock: Clock, public_origin: str) -> None:
        self.clock = clock
        self.public_origin = public_origin
        self.organization = ""
        self.users: dict[str, User] = {}
        self.event_types: dict[str, EventType] = {}
        self.events: dict[str, ScheduledEvent] = {}
        self.invitees: dict[str, Invitee] = {}
        self.links: dict[str, SchedulingLink] = {}
        self.tokens: dict[str, Token] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.webhooks_in_plan = True
        self.deletion_in_plan = False
        self.carry_tracking = False
        #: Nothing is offered of a day that has begun, so that what is free does not depend on the hour.
        self.whole_days = False
        self.per_minute = 500
        self.invitees_per_minute: int | None = None

    @property
    def owner(self) -> User:
        return next(iter(self.users.values()))

    def event_type_by_slug(self, slug: str) -> EventType | None:
        return next((et for et in self.event_types.values() if et.slug == slug), None)
