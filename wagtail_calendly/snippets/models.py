"""Gathers the models of what is offered, for whoever needs more than one of them."""

from wagtail_calendly.snippets.drift import Drift
from wagtail_calendly.snippets.event_types import EventType
from wagtail_calendly.snippets.policies import CancellationPolicy
from wagtail_calendly.snippets.session_types import SessionType, SessionTypeManager
from wagtail_calendly.snippets.terms import PaymentOrder, Terms

__all__ = [
    "CancellationPolicy",
    "Drift",
    "EventType",
    "PaymentOrder",
    "SessionType",
    "SessionTypeManager",
    "Terms",
]
