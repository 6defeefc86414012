"""Who may look at bookings, act on them, give money back, configure and erase: behind every screen of the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_calendly.models import Booking

VIEW = "view"
MANAGE = "manage"
REFUND = "refund"
CONFIGURE = "configure"
ERASE = "erase"

booking_policy = ModelPermissionPolicy(Booking)


def may(user: Any, permission: str) -> bool:
    """Whether this user has this one of the five permissions on bookings."""
    return bool(booking_policy.user_has_permission(user, permission))


class BookingsMenuItem(MenuItem):
    """A menu item for those who may look at bookings."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, VIEW)
