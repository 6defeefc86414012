"""The pages of a small consultancy: a home page, what it does, and how to reach it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

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
