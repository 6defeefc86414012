"""The choices of look that a site, a block and a session type share."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

hex_color = RegexValidator(
    r"^#[0-9a-fA-F]{6}\Z", _("Write the colour as # and six hexadecimal digits, such as #0a6c74.")
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
