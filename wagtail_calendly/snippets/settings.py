"""What editors decide for a whole site: look, wording, contact. Secrets live in Django settings only."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField

from wagtail_calendly.snippets.accent import AccentRemark
from wagtail_calendly.snippets.look import EmbedMode, Layout, hex_color
from wagtail_calendly.snippets.mail_texts import MailTextBlock
from wagtail_calendly.snippets.pages import PageIdField, live_page

__all__ = ["BookingSettings", "EmbedMode", "Layout", "hex_color"]

#: Where blocks that offer all live session types point to in the reference index: a block does not know its
#: site, so it is the settings of none.
ALL_SESSIONS = "0"


@register_setting(icon="calendar-alt")
class BookingSettings(BaseSiteSetting):
    """Appearance and wording of bookings on one site."""

    accent_color = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[hex_color],
        help_text=_("For buttons and links of bookings. Empty: the colour that your site uses."),
    )
    corner_radius = models.PositiveSmallIntegerField(
        _("corner radius in pixels"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(40)],
        help_text=_("How round cards and buttons are, from 0 to 40. Empty: as your site has them."),
    )
    layout = models.CharField(
        _("layout"),
        max_length=10,
        choices=Layout.choices,
        default=Layout.CARDS,
        help_text=_("How sessions are shown. Each block can choose otherwise."),
    )
    embed_mode = models.CharField(
        _("calendar"),
        max_length=10,
        choices=EmbedMode.choices,
        default=EmbedMode.INLINE,
        help_text=_("Where the calendar opens. Each block can choose otherwise."),
    )
    consent_text = RichTextField(
        _("consent"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_(
            "Shown before anything is loaded from Calendly: what is loaded, from whom, and why. "
            "Empty: our own wording."
        ),
    )
    privacy_page_id = PageIdField(
        _("privacy page"),
        null=True,
        blank=True,
        help_text=_("Linked from the consent, for visitors who want to know more first."),
    )
    contact_email = models.EmailField(
        _("e-mail for trouble"),
        blank=True,
        help_text=_(
            "Shown to visitors when something cannot be booked, so that they are not lost."
        ),
    )
    contact_phone = models.CharField(_("telephone for trouble"), max_length=50, blank=True)
    staff_email = models.EmailField(
        _("e-mail of staff"),
        blank=True,
        help_text=_(
            "Told when a booking needs a person to look at it. Empty: the e-mail for trouble."
        ),
    )
    mail_texts = StreamField(
        [("mail", MailTextBlock())],
        verbose_name=_("wording of mails"),
        blank=True,
        help_text=_("Only for the mails that should say something else than ours."),
    )

    panels = [
        MultiFieldPanel(
            [
                AccentRemark(),
                FieldRowPanel([FieldPanel("accent_color"), FieldPanel("corner_radius")]),
            ],
            heading=_("Look"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("layout"), FieldPanel("embed_mode")])],
            heading=_("Defaults for blocks"),
        ),
        MultiFieldPanel(
            [FieldPanel("consent_text"), FieldPanel("privacy_page_id")],
            heading=pgettext_lazy("of visitors", "Privacy"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                FieldPanel("staff_email"),
            ],
            heading=_("Contact"),
        ),
        FieldPanel("mail_texts"),
    ]

    class Meta:
        verbose_name = _("booking settings")
        verbose_name_plural = _("booking settings")

    @cached_property
    def privacy_page(self) -> Any | None:
        """The live page that explains privacy; None when there is none or it is gone."""
        return live_page(self.privacy_page_id)
