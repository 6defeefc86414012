"""The mails that Calendly does not send: of money, of times still to choose, and to staff.

They say what is true at the moment they are sent. When one is due is decided elsewhere.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from wagtail.models import Site

from wagtail_calendly.bookings.mails import facts, recipients
from wagtail_calendly.bookings.mails.envelope import message
from wagtail_calendly.bookings.mails.rendering import render
from wagtail_calendly.bookings.mails.sender import sender_of
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.snippets.mail_texts import Mail

__all__ = ["Mail", "send"]


def send(booking: Booking, mail: str, *, key: str) -> bool:
    """Send one mail; False where there is nobody to send it to, or nothing to say any more.

    `mail` is one of `Mail`. Whoever sends again with the same `key` sends the same Message-ID, so that
    a mail sent twice after a crash is one mail to its reader. Raises what the mail backend raises.
    """
    kind = Mail(mail)
    sender = sender_of(booking.site or Site.objects.get(is_default_site=True))
    with translation.override(language_of(booking, kind)):
        address = recipients.of(booking, kind, sender)
        told = facts.of(booking, kind, sender) if address else None
        if told is None:
            return False
        message(render(kind, told, sender), sender, to=address, key=key, told=told).send()
    return True


def language_of(booking: Booking, mail: Mail) -> str:
    """Visitors read the language of the session they chose, staff the site's own."""
    if mail == Mail.STAFF:
        return settings.LANGUAGE_CODE
    language: str = booking.terms.session_type.locale.language_code
    return language
