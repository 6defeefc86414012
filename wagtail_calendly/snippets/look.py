"""What a site, a block and a session type share of their look: its choices, and what reads on a colour."""

from __future__ import annotations

import re

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

hex_color = RegexValidator(
    r"^#[0-9a-fA-F]{6}\Z", _("Write the colour as # and six hexadecimal digits, such as #0a6c74.")
)

_BLACK, _WHITE = "#000", "#fff"


class Layout(models.TextChoices):
    """How a block shows its sessions."""

    CARDS = "cards", _("Cards")
    LIST = "list", _("List")
    DIRECT = "direct", _("One session, opened at once")


class EmbedMode(models.TextChoices):
    """Where the calendar opens."""

    INLINE = "inline", _("In the page")
    POPUP = "popup", _("In a dialog")


#: What WCAG asks of the edges of buttons. https://www.w3.org/TR/WCAG22/#non-text-contrast
LEAST_CONTRAST = 3


def on_color(color: str) -> str:
    """Black or white, whichever reads better on this colour ("0a6c74"), by WCAG's contrast ratio."""
    return _BLACK if (_luminance(color) + 0.05) ** 2 > 1.05 * 0.05 else _WHITE


def is_pale(color: str) -> bool:
    """Whether a button of this colour ("#0a6c74") hardly stands out from a white page; no colour never does."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", color):
        return False
    return 1.05 / (_luminance(color.removeprefix("#")) + 0.05) < LEAST_CONTRAST


def _luminance(color: str) -> float:
    return sum(
        weight * _linear(int(color[start : start + 2], 16) / 255)
        for weight, start in ((0.2126, 0), (0.7152, 2), (0.0722, 4))
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
