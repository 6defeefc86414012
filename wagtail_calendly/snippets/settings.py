"""What editors decide for a whole site: look, wording, contact. Secrets live in Django settings only."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

hex_color = RegexValidator(
    r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six hexadecimal digits, such as #0a6c74.")
)


class Layout(models.TextChoices):
    """How a block shows its sessions."""

    CARDS = "cards", _("Cards")
    LIST = "list", _("List")
    DIRECT = "direct", _("One session, opened at once")


class EmbedMode(models.TextChoices):
    """Where the calendar opens."""

    INLINE = "inline", _("In the page")
    POPUP = "popup", _("In a dialog")


@register_setting(icon="calendar-alt")
class BookingSettings(BaseSiteSetting):
    """Appearance and wording of bookings on one site."""

    accent_color = models.CharField(
        _("accent colour"), max_length=7, blank=True, validators=[hex_color]
    )
    corner_radius = models.PositiveSmallIntegerField(
        _("corner radius in pixels"), null=True, blank=True, validators=[MaxValueValidator(40)]
    )
    layout = models.CharField(
        _("layout"), max_length=10, choices=Layout.choices, default=Layout.CARDS
    )
    embed_mode = models.CharField(
        _("calendar"), max_length=10, choices=EmbedMode.choices, default=EmbedMode.INLINE
    )
    consent_text = RichTextField(_("consent"), blank=True, features=["bold", "italic", "link"])
    privacy_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("privacy page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    contact_email = models.EmailField(_("e-mail for trouble"), blank=True)
    contact_phone = models.CharField(_("telephone for trouble"), max_length=50, blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel("accent_color"), FieldPanel("corner_radius")], heading=_("Look")
        ),
        MultiFieldPanel([FieldPanel("layout"), FieldPanel("embed_mode")], heading=_("Defaults")),
        MultiFieldPanel(
            [FieldPanel("consent_text"), PageChooserPanel("privacy_page")], heading=_("Privacy")
        ),
        MultiFieldPanel(
            [FieldPanel("contact_email"), FieldPanel("contact_phone")], heading=_("Contact")
        ),
    ]

    class Meta:
        verbose_name = _("booking settings")
        verbose_name_plural = _("booking settings")
