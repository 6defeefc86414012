"""What Calendly says, as frozen pydantic models with Calendly's own field names.

Read defensively: unknown fields are ignored, null counts as absent, and only what a resource cannot be
without is required. Values of enumerations are plain strings, because Calendly adds to them.
https://developer.calendly.com/api-docs/calendly-api
"""

from wagtail_calendly.calendly.schemas.base import ACTIVE, CANCELED
from wagtail_calendly.calendly.schemas.event_types import (
    AvailableTime,
    CustomQuestion,
    EventType,
    Profile,
    SchedulingLink,
)
from wagtail_calendly.calendly.schemas.invitees import (
    Invitee,
    InviteePayment,
    NewInvitee,
    NoShow,
    QuestionAndAnswer,
    Tracking,
)
from wagtail_calendly.calendly.schemas.locations import Location
from wagtail_calendly.calendly.schemas.members import OrganizationMembership, User
from wagtail_calendly.calendly.schemas.scheduled_events import (
    Cancellation,
    EventGuest,
    EventMembership,
    InviteesCounter,
    ScheduledEvent,
)
from wagtail_calendly.calendly.schemas.webhook_subscriptions import WebhookSubscription

__all__ = [
    "ACTIVE",
    "CANCELED",
    "AvailableTime",
    "Cancellation",
    "CustomQuestion",
    "EventGuest",
    "EventMembership",
    "EventType",
    "Invitee",
    "InviteePayment",
    "InviteesCounter",
    "Location",
    "NewInvitee",
    "NoShow",
    "OrganizationMembership",
    "Profile",
    "QuestionAndAnswer",
    "ScheduledEvent",
    "SchedulingLink",
    "Tracking",
    "User",
    "WebhookSubscription",
]
