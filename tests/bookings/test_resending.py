"""A mail is sent once more when staff ask for it, while it is true, and not too often."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from tests.bookings.paying import PRICE, book, later, learn, no_mail, paid, priced
from tests.fixtures.simulator import Simulator
from wagtail_calendly.bookings import effects
from wagtail_calendly.bookings.acts import by_staff, resending
from wagtail_calendly.bookings.mails import Mail
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.bookings.requests import standing
from wagtail_calendly.exceptions import NotPossible


@pytest.fixture
def staff(db: None) -> User:
    return get_user_model().objects.create_user("staff")


@pytest.fixture
def told(vendors: Simulator) -> Booking:
    """Booked and paid, and told so by mail."""
    booking = book(vendors, priced(), email="vi@example.org")
    paid(vendors, booking)
    learn(booking)
    learn(booking, "notify")
    mail.outbox.clear()
    return booking


def _offered(booking: Booking) -> list[Mail]:
    return resending.offered(standing(booking.pk, timezone.now()))


def test_a_mail_goes_to_the_same_address_again_and_not_at_once_once_more(
    vendors: Simulator, told: Booking, staff: User
) -> None:
    assert _offered(told) == [Mail.PAID]
    assert resending.masked_address(told, Mail.PAID) == "v…@example.org"
    assert resending.send_again(told, Mail.PAID, user=staff)
    assert [one.to for one in mail.outbox] == [["vi@example.org"]]
    with pytest.raises(NotPossible):
        resending.send_again(told, Mail.PAID, user=staff)
    for number in range(2, 5):
        with later(vendors, minutes=11 * number):
            if number < 4:
                resending.send_again(told, Mail.PAID, user=staff)
            assert _offered(told) == []
    assert len(mail.outbox) == 3


def test_what_is_not_so_any_more_is_not_said_again(told: Booking, staff: User) -> None:
    by_staff.cancel(told, total=0, captured=PRICE, user=staff)
    effects.perform_due()
    assert Mail.PAID not in _offered(told)
    with pytest.raises(NotPossible):
        resending.send_again(told, Mail.PAID, user=staff)


@pytest.mark.survives("mail-backend-down")
def test_what_the_mail_server_does_not_take_is_sent_later(
    told: Booking, staff: User, settings: object
) -> None:
    with no_mail(settings):
        assert not resending.send_again(told, Mail.PAID, user=staff)
    effect = told.effects.get(key__contains="/paid/again/")
    assert effect.state == "open"
    effects.perform(effect.pk)
    assert len(mail.outbox) == 1
