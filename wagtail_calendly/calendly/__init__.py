"""A client for Calendly's API: what Calendly says, nothing of what it means to us.

It knows no Django, no settings and no models; the token, the transport and the base URL are arguments.
"""

from wagtail_calendly.calendly.budget import RateBudget
from wagtail_calendly.calendly.client import CalendlyClient
from wagtail_calendly.calendly.errors import (
    CalendlyAuthenticationError,
    CalendlyConflict,
    CalendlyError,
    CalendlyInvalidRequest,
    CalendlyNotFound,
    CalendlyPermissionError,
    CalendlyRateLimited,
    CalendlyUnavailable,
    CalendlyUnexpectedResponse,
    InvalidCalendlyURI,
)
from wagtail_calendly.calendly.schemas import (
    AvailableTime,
    Cancellation,
    EventType,
    Invitee,
    NewInvitee,
    NoShow,
    OrganizationMembership,
    ScheduledEvent,
    SchedulingLink,
    User,
    WebhookSubscription,
)
from wagtail_calendly.calendly.webhooks import (
    InvalidSignature,
    WebhookEnvelope,
    sign,
    verify_signature,
)

__all__ = [
    "AvailableTime",
    "CalendlyAuthenticationError",
    "CalendlyClient",
    "CalendlyConflict",
    "CalendlyError",
    "CalendlyInvalidRequest",
    "CalendlyNotFound",
    "CalendlyPermissionError",
    "CalendlyRateLimited",
    "CalendlyUnavailable",
    "CalendlyUnexpectedResponse",
    "Cancellation",
    "EventType",
    "InvalidCalendlyURI",
    "InvalidSignature",
    "Invitee",
    "NewInvitee",
    "NoShow",
    "OrganizationMembership",
    "RateBudget",
    "ScheduledEvent",
    "SchedulingLink",
    "User",
    "WebhookEnvelope",
    "WebhookSubscription",
    "sign",
    "verify_signature",
]
