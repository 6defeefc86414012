"""Who may look at bookings: the one permission behind every screen of the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_calendly.models import Booking

booking_policy = ModelPermissionPolicy(Booking)


def may_view_bookings(user: Any) -> bool:
    """Whether this user has “Can view booking”."""
    return booking_policy.user_has_permission(user, "view")


class BookingsMenuItem(MenuItem):
    """A menu item for those who may look at bookings."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_view_bookings(request.user)
