"""The pages of a small consultancy: a home page, what it does, and how to reach it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Locale, Page

from demo.blocks import ContentBlock


class ConsultancyPage(Page):
    """What all pages share: a lead, a picture, and a body into which a booking block can be put."""

    lead = models.TextField()
    image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(ContentBlock(), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        home = HomePage.objects.get(locale=self.locale)
        return super().get_context(request, *args, **kwargs) | {
            "home": home,
            "menu": home.get_children().live().in_menu(),
            "languages": self._in_every_language(),
        }

    def _in_every_language(self) -> list[tuple[Locale, Page]]:
        pages = self.get_translations(inclusive=True).live().select_related("locale")
        return sorted(
            ((page.locale, page) for page in pages), key=lambda pair: pair[0].language_code
        )


class HomePage(ConsultancyPage):
    template = "demo/home_page.html"
    max_count_per_parent = 2


class ServicePage(ConsultancyPage):
    template = "demo/service_page.html"
    parent_page_types: ClassVar = [HomePage]


class ContactPage(ConsultancyPage):
    template = "demo/contact_page.html"
    parent_page_types: ClassVar = [HomePage]

    address = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    content_panels: ClassVar = [
        *ConsultancyPage.content_panels,
        FieldPanel("address"),
        FieldPanel("phone"),
        FieldPanel("email"),
    ]
