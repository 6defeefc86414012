"""A reference to a page that works with Wagtail's own page model and with a host's custom one.

Wagtail 7 writes a foreign key to Page into migrations as `wagtailcore.page`, Wagtail 8, where the base
model can be swapped, as a setting that 7 does not have. So the number is kept, with the page chooser in
forms and an entry in the reference index ("used on"), as a foreign key has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser


def page_model() -> Any:
    """The host's base page model."""
    return apps.get_model(getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"))


def live_page(page_id: int | None) -> Any | None:
    """The page of this number as its own class; None when it is gone or not published."""
    page = page_model().objects.live().filter(pk=page_id).first() if page_id else None
    return page.specific if page else None


class PageIdFormField(forms.IntegerField):
    """The page chooser, giving a page's number."""

    widget = AdminPageChooser

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and not page_model().objects.filter(pk=value).exists():
            raise forms.ValidationError(_("This page does not exist any more. Choose another."))


if TYPE_CHECKING:
    _PageId = models.PositiveBigIntegerField[int | None, int | None]
else:
    _PageId = models.PositiveBigIntegerField


class PageIdField(_PageId):
    """The number of a page; it stays when the page goes, so readers must expect that nothing is there."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PageIdFormField, **kwargs})

    def extract_references(self, value: int) -> Iterator[tuple[Any, str, str, str]]:
        """For Wagtail's reference index: model, id, path in the model, path in the content."""
        yield page_model(), str(value), "", ""

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Migrations see the plain column, so that they never depend on this class."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveBigIntegerField", args, kwargs
