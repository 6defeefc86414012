"""A written mail with its headers and attachments."""

from __future__ import annotations

import hashlib

from django.core.mail import EmailMultiAlternatives

from wagtail_calendly.bookings.mails.facts import Facts
from wagtail_calendly.bookings.mails.rendering import Written
from wagtail_calendly.bookings.mails.sender import Sender


def message(
    written: Written, sender: Sender, *, to: str, key: str, told: Facts
) -> EmailMultiAlternatives:
    """The mail to one address. The same `key` gives the same Message-ID."""
    mail = EmailMultiAlternatives(
        subject=written.subject,
        body=written.text,
        from_email=sender.address,
        to=[to],
        reply_to=[sender.contact_email] if sender.contact_email else None,
        headers={
            "Message-ID": message_id(key, sender.site.hostname),
            # Asks holiday notices and the like not to answer. RFC 3834
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(written.html, "text/html")
    if told.calendar:
        mail.attach("session.ics", told.calendar, "text/calendar")
    return mail


def message_id(key: str, hostname: str) -> str:
    """An id that says nothing and is always the same for this key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{hostname}>"
