"""How a session type is translated: the copy for another language is a draft, for its words are to be translated."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from wagtail.models import TranslatableMixin


class TranslatedAsDraft(TranslatableMixin):
    """As Wagtail does it for pages. Of a snippet it would publish the copy, and with it what is only drafted."""

    #: How far the original is on its way; a copy begins anew.
    exclude_fields_in_copy: ClassVar = [
        "live_revision",
        "first_published_at",
        "last_published_at",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def copy_for_translation(
        self, locale: models.Model, exclude_fields: list[str] | None = None
    ) -> Any:
        """Not saved yet; what is neither live nor scheduled."""
        translated = super().copy_for_translation(locale, exclude_fields)
        translated.live, translated.has_unpublished_changes = False, True
        return translated
