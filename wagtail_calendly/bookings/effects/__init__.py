"""Performs effects: claimed by a lease, called outside any transaction, their answers recorded as facts."""

from wagtail_calendly.bookings.effects.patience import in_a_hurry
from wagtail_calendly.bookings.effects.performing import perform, perform_due, perform_now

__all__ = ["in_a_hurry", "perform", "perform_due", "perform_now"]
