"""What editors may say in a mail in place of our own words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class Mail(models.TextChoices):
    """The mails of bookings, all of them where Calendly sends none."""

    COMPLETE_PAYMENT = "complete_payment", _("complete your payment")
    CHOOSE_TIME = "choose_time", _("paid: choose your time")
    CHOOSE_TIME_REMINDER = "choose_time_reminder", _("reminder to choose a time")
    PAID = "paid", _("paid: your session is booked")
    EXPIRED = "expired", _("not paid in time")
    REFUNDED = "refunded", _("money given back")
    STAFF = "staff", _("to staff: please look")


class MailTextBlock(blocks.StructBlock):
    """One mail's subject and opening words; what must be said is added below them."""

    mail = blocks.ChoiceBlock(choices=Mail.choices, label=_("mail"))
    language = blocks.CharBlock(
        required=False,
        max_length=12,
        label=_("language"),
        help_text=_("Its code, such as “de”. Empty: all languages."),
    )
    subject = blocks.CharBlock(required=False, max_length=120, label=_("subject"))
    opening = blocks.RichTextBlock(
        required=False, features=["bold", "italic", "link"], label=_("opening words")
    )

    class Meta:
        icon = "mail"
        label = _("mail")
