"""What others keep of a person who was erased here, and how to have it deleted there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_calendly.bookings.privacy.erasing import Erased

#: For owners and admins of an organization, on every plan.
CALENDLY_URL = "https://help.calendly.com/hc/en-us/articles/4412601189911"
STRIPE_URL = "https://docs.stripe.com/privacy/deletion-requests"


@dataclass(frozen=True)
class Step:
    """Something that staff do; `url` says how, and is empty where nothing is to be done."""

    text: str
    url: str = ""


def steps(done: Erased) -> Iterator[Step]:
    """What is left after somebody was erased here."""
    if done.calendly_asked:
        yield Step(_("Calendly was asked to delete what it keeps. That takes up to seven days."))
    else:
        text = _(
            "Delete the person at Calendly as well: Admin center → Security → Data deletion. An owner or "
            "admin of your organization can do that."
        )
        yield Step(text, CALENDLY_URL)
    if done.paid:
        text = _(
            "Stripe keeps what the law requires of payments. What is to be redacted there, you choose there."
        )
        yield Step(text, STRIPE_URL)
    yield Step(
        _("Mails that were sent, and calendars and backups that hold copies, are not reached.")
    )
