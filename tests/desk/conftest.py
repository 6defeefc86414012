"""What tests of the desk share: members of staff with one permission each, and bookings with money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.timezone import now

from tests.bookings.conftest import both, calendly, stripe, vendors
from tests.factories import ConfirmedBookingFactory, SessionTypeFactory, TermsFactory
from wagtail_calendly.bookings.models import Booking, Payment
from wagtail_calendly.bookings.settle import settle
from wagtail_calendly.snippets.models import CancellationPolicy

__all__ = ["both", "calendly", "stripe", "vendors"]

PRICE = 6000


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """`signed_in("view", "manage")`: somebody who may do that with bookings, and nothing else."""

    def sign_in(*permissions: str) -> Client:
        codenames = ["access_admin", *(f"{one}_booking" for one in permissions)]
        user = User.objects.create_user("-".join(["staff", *permissions]))
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def owner(signed_in: Callable[..., Client]) -> Client:
    """May do everything with bookings."""
    return signed_in("view", "manage", "refund")


def priced_terms() -> Any:
    tiers = [("tier", {"hours": 24, "percent": 50})]
    policy, _ = CancellationPolicy.objects.get_or_create(name="Fair", defaults={"tiers": tiers})
    return TermsFactory(
        session_type=SessionTypeFactory(price=PRICE, currency="EUR", cancellation_policy=policy)
    )


def paid_booking(**payment: Any) -> Booking:
    """Booked and paid by card, in test mode."""
    booking = ConfirmedBookingFactory(terms=priced_terms())
    said = {
        "state": "paid",
        "captured": PRICE,
        "subtotal": PRICE,
        "total": PRICE,
        "said_currency": "EUR",
        "settled_at": now(),
        "observed_at": now(),
        "sent_at": now(),
        "mode": "test",
        "checkout_id": f"cs_{booking.pk}",
        "payment_intent": f"pi_{booking.pk}",
    }
    Payment.objects.create(booking=booking, amount=PRICE, currency="EUR", **{**said, **payment})
    return settle(booking.pk, because="test")
