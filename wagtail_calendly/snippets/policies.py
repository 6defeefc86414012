"""Cancellation policies: what visitors get back, as data that is shown to them, frozen, and enforced."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.coreutils import get_content_languages
from wagtail.fields import StreamField
from wagtail.models import PreviewableMixin
from wagtail.search import index

from wagtail_calendly.snippets import policy_words, terms


class TierBlock(blocks.StructBlock):
    """Until so many hours before the start, so much is given back."""

    hours = blocks.IntegerBlock(min_value=0, max_value=8760, label=_("Hours before the start"))
    percent = blocks.IntegerBlock(min_value=0, max_value=100, label=_("Percent given back"))

    class Meta:
        icon = "history"
        label = _("Step")


class CancellationPolicy(PreviewableMixin, index.Indexed, models.Model):
    """What is given back to visitors who cancel, by how long before the start they do.

    A host who cancels always gives back all; who does not come gets nothing.
    """

    name = models.CharField(
        _("name"), max_length=120, unique=True, help_text=_("For editors; visitors read the steps.")
    )
    tiers = StreamField(
        [("tier", TierBlock())],
        verbose_name=_("steps"),
        blank=True,
        help_text=_("Later than the last step, nothing is given back."),
    )

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("cancellation policy")
        verbose_name_plural = _("cancellation policies")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Session types that are live are offered on the new terms from now on; bookings keep theirs."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            for session_type in self.session_types.filter(live=True, event_type__isnull=False):
                terms.publish(session_type)

    def clean(self) -> None:
        super().clean()
        steps = self.as_tiers()
        if len({hours for hours, _percent in steps}) < len(steps):
            raise ValidationError(
                {"tiers": _("Two steps begin at the same hour. Keep one of them.")}
            )
        percents = [percent for _hours, percent in steps]
        if percents != sorted(percents, reverse=True):
            raise ValidationError(
                {"tiers": _("Nearer to the start, less is given back, not more. Check the steps.")}
            )

    def as_tiers(self) -> list[list[int]]:
        """[[hours, percent], …], most hours first, as terms keep it."""
        steps = [[step.value["hours"], step.value["percent"]] for step in self.tiers]
        return sorted(steps, reverse=True)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """What visitors read, in each language of the content; the editor's own first."""
        languages = get_content_languages()
        return sorted(languages.items(), key=lambda language: language[0] != get_language())

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "wagtail_calendly/preview/cancellation_policy.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        with translation.override(mode_name):
            said = policy_words.sentences(self.as_tiers())
        return {**context, "language": mode_name, "sentences": said}
