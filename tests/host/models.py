"""A page as a host site would write it: a StreamField of text and booking blocks."""

from typing import ClassVar

from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RawHTMLBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from wagtail_calendly.blocks import BookingBlock


class HostPage(Page):
    """Any page of a site, with bookings among its blocks."""

    body = StreamField(
        [("text", RichTextBlock()), ("html", RawHTMLBlock()), ("booking", BookingBlock())],
        blank=True,
    )

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("body")]
    template = "host/host_page.html"
