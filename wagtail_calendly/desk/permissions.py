"""Who may look at bookings, act on them, and give money back: the permissions behind every screen of the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_calendly.models import Booking

VIEW = "view"
MANAGE = "manage"
REFUND = "refund"

booking_policy = ModelPermissionPolicy(Booking)


def may(user: Any, permission: str) -> bool:
    """Whether this user has “Can view booking”, “Can manage bookings” or “Can give money back”."""
    return bool(booking_policy.user_has_permission(user, permission))


class BookingsMenuItem(MenuItem):
    """A menu item for those who may look at bookings."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, VIEW)
