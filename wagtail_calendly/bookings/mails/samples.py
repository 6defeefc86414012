"""An invented booking for each mail, so that editors see what their visitors will read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_calendly.bookings import when
from wagtail_calendly.bookings.mails.facts import Facts, display
from wagtail_calendly.bookings.mails.sender import Sender
from wagtail_calendly.bookings.models import Attention
from wagtail_calendly.snippets.mail_texts import Mail


def sample(mail: Mail, sender: Sender) -> Facts:
    """Of a session of half an hour for 60 € in two days, in the active language and the site's time zone."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    start, paid = now + timedelta(days=2), display(6000, "EUR")
    facts = Facts(
        session=_("First talk"),
        url=sender.site.root_url,
        button=_("See your booking"),
        when=when.for_visitor(start, start + timedelta(minutes=30), ""),
    )
    to_choose = replace(
        facts,
        when=None,
        paid=paid,
        receipt_url=sender.site.root_url,
        choose_until=when.moment(now + timedelta(days=30), ""),
        button=_("Choose a time"),
    )
    return {
        Mail.COMPLETE_PAYMENT: replace(
            facts,
            amount=paid,
            pay_until=when.moment(now + timedelta(minutes=30), ""),
            button=_("Pay %(amount)s") % {"amount": paid},
        ),
        Mail.CHOOSE_TIME: to_choose,
        Mail.CHOOSE_TIME_REMINDER: to_choose,
        Mail.PAID: replace(facts, paid=paid, place=_("Online"), receipt_url=sender.site.root_url),
        Mail.EXPIRED: replace(facts, button=_("Choose another time")),
        Mail.REFUNDED: replace(
            facts,
            because="canceled",
            given_back=display(3000, "EUR"),
            given_back_in_all=_("%(back)s of %(paid)s")
            % {"back": display(3000, "EUR"), "paid": paid},
        ),
        Mail.STAFF: replace(
            facts,
            name="Ada Lovelace",
            reasons=(str(Attention.REFUND_FAILED.label),),
            button=_("Open the booking"),
        ),
    }[mail]
