"""What a site, a block and a session type share of their look: its choices, and what reads on a colour."""

from __future__ import annotations

import re

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

HEX_COLOR = r"^#[0-9a-fA-F]{6}\Z"
hex_color = RegexValidator(
    HEX_COLOR, _("Write the colour as # and six hexadecimal digits, such as #0a6c74.")
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
#: The pages that buttons stand on: white, and what dark modes commonly make of it.
_LIGHT_PAGE, _DARK_PAGE = "ffffff", "121212"


def on_color(color: str) -> str:
    """Black or white, whichever reads better on this colour ("0a6c74"), by WCAG's contrast ratio."""
    return _BLACK if (_luminance(color) + 0.05) ** 2 > 1.05 * 0.05 else _WHITE


def is_pale(color: str) -> bool:
    """Whether a button of this colour ("#0a6c74") hardly stands out from a white page; no colour never does."""
    return _is_weak(color, _LIGHT_PAGE)


def is_dark(color: str) -> bool:
    """Whether it hardly stands out from a dark page."""
    return _is_weak(color, _DARK_PAGE)


def _is_weak(color: str, page: str) -> bool:
    if not re.fullmatch(HEX_COLOR, color):
        return False
    shades = sorted((_luminance(color.removeprefix("#")), _luminance(page)))
    return (shades[1] + 0.05) / (shades[0] + 0.05) < LEAST_CONTRAST


def _luminance(color: str) -> float:
    return sum(
        weight * _linear(int(color[start : start + 2], 16) / 255)
        for weight, start in ((0.2126, 0), (0.7152, 2), (0.0722, 4))
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
