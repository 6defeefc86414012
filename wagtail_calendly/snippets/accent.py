"""The accent colour of a whole site: whether buttons stand out in it, said beside where it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel

from wagtail_calendly.snippets import look

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def remark(color: str) -> StrPromise | str:
    """For editors: where buttons of this colour hardly stand out; empty where they do everywhere."""
    if look.is_pale(color):
        return _(
            "The accent colour of the booking settings is so pale that buttons hardly stand out "
            "from a white page. Choose a darker one."
        )
    if look.is_dark(color):
        return _(
            "The accent colour of the booking settings is so dark that buttons hardly stand out "
            "from a dark page. Choose a lighter one if your site has a dark mode."
        )
    return ""


class AccentRemark(HelpPanel):
    """Says so in the form of the settings, as they are stored; otherwise it is not there."""

    def __init__(
        self, template: str = "wagtail_calendly/admin/accent_remark.html", **kwargs: object
    ) -> None:
        super().__init__(template=template, **kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        @property
        def remark(self) -> StrPromise | str:
            return remark(self.instance.accent_color)

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.remark)
