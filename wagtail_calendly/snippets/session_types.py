"""Session types: what editors offer, each made of one of Calendly's event types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from wagtail_calendly.snippets import drift, images, pricing, slugs, terms
from wagtail_calendly.snippets.event_types import EventType
from wagtail_calendly.snippets.look import hex_color
from wagtail_calendly.snippets.policies import CancellationPolicy
from wagtail_calendly.snippets.terms import PaymentOrder
from wagtail_calendly.snippets.translating import TranslatedAsDraft

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    _SessionTypeManager = models.Manager["SessionType"]
else:
    _SessionTypeManager = models.Manager


class SessionTypeManager(_SessionTypeManager):
    """Carries what every face needs: one query, two with images. Wagtail's choosers load through it."""

    def get_queryset(self) -> models.QuerySet[SessionType]:
        rows = (
            super()
            .get_queryset()
            .select_related("event_type", "image", "locale", "cancellation_policy")
        )
        return rows.prefetch_related(images.prefetch())


class SessionType(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatedAsDraft,
    index.Indexed,
    models.Model,
):
    """What the editor offers: text, image, price and look around one Calendly event type."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, allow_unicode=True)
    summary = models.CharField(
        _("summary"), max_length=255, blank=True, help_text=_("One line, shown on the card.")
    )
    description = RichTextField(
        _("description"), blank=True, features=["bold", "italic", "link", "ol", "ul"]
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    event_type = models.ForeignKey(
        EventType,
        verbose_name=_("event type"),
        null=True,
        on_delete=models.PROTECT,
        related_name="session_types",
    )
    price = models.PositiveBigIntegerField(_("price"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    payment_order = models.CharField(
        _("payment"),
        max_length=10,
        choices=PaymentOrder.choices,
        default=PaymentOrder.AFTER_SCHEDULING,
    )
    deposit = models.PositiveBigIntegerField(
        _("deposit"),
        default=0,
        help_text=_(
            "Paid here; the rest is settled elsewhere. Empty: the whole price is paid here."
        ),
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("hold in minutes"),
        default=terms.HOLD_MINUTES,
        validators=[MinValueValidator(10), MaxValueValidator(120)],
        help_text=_("How long a chosen time is kept for payment, from 10 to 120 minutes."),
    )
    link_days = models.PositiveSmallIntegerField(
        _("days to choose a time"),
        default=terms.LINK_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Who paid and chose no time within these days is given the money back."),
    )
    allows_promotion_codes = models.BooleanField(
        _("promotion codes"),
        default=False,
        help_text=_("Visitors may enter codes that you made at Stripe."),
    )
    adds_tax = models.BooleanField(
        _("tax on top"),
        default=False,
        help_text=_("Stripe Tax reckons it. Your Stripe account must be registered for it."),
    )
    cancellation_policy = models.ForeignKey(
        CancellationPolicy,
        verbose_name=_("cancellation policy"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="session_types",
        help_text=_("What visitors get back when they cancel. Empty: nothing."),
    )
    accent_color = models.CharField(
        _("accent colour"), max_length=7, blank=True, validators=[hex_color]
    )
    hide_event_type_details = models.BooleanField(
        _("hide Calendly's own details"),
        default=True,
        help_text=_("The calendar then shows only the times; title and description are yours."),
    )
    # A property of the row, not of a revision: see `with_content_json`.
    sort_order = models.IntegerField(_("order"), blank=True, db_index=True, editable=False)

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="session_type",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="session_type",
        for_concrete_model=False,
    )

    objects = SessionTypeManager()

    search_fields: ClassVar = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("summary"),
        index.SearchField("description"),
        index.FilterField("live"),
        index.FilterField("locale"),
        index.FilterField("event_type"),
        index.FilterField("sort_order"),
    ]

    class Meta(TranslatedAsDraft.Meta):
        ordering = ["sort_order", "title", "pk"]
        verbose_name = _("session type")
        verbose_name_plural = _("session types")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "locale"],
                name="wagtail_calendly_session_type_slug",
                violation_error_message=_("Another session type already has this slug."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whatever makes a session type live, or changes a live one, writes the terms it is offered on.

        A form says that a slug is taken; a draft or a translation that comes later gets the next one.
        """
        fields = kwargs.get("update_fields")
        if getattr(self, "sort_order", None) is None:
            self.sort_order = self._last_sort_order() + 1
        with transaction.atomic():
            if fields is None or "slug" in fields:
                self.slug = slugs.available(self)
            super().save(*args, **kwargs)
            if terms.concern(fields):
                drift.forget_others(self)
                if self.live and self.event_type_id:
                    terms.publish(self)

    def clean(self) -> None:
        super().clean()
        found: dict[str, StrPromise | str] = {**pricing.problems(self)}
        if self.event_type and self.event_type.refusal:
            found["event_type"] = self.event_type.refusal
        if found:
            raise ValidationError(found)

    def with_content_json(self, content: dict[str, Any]) -> SessionType:
        """Publishing an older draft brings back its words, not its place in the list, nor a deleted policy."""
        policy = content.get("cancellation_policy")
        if policy and not CancellationPolicy.objects.filter(pk=policy).exists():
            content = {**content, "cancellation_policy": None}
        session_type: SessionType = super().with_content_json(content)
        session_type.sort_order = self.sort_order
        return session_type

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "wagtail_calendly/preview/session_type.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return {**context, "session_type": self, "sessions": [self]}

    @property
    def approved_schedule(self) -> bool:
        """Whether it goes live at a set time; lists ask for all rows at once, as Wagtail's own of pages do."""
        known: bool | None = getattr(self, "_approved_schedule", None)
        return super().approved_schedule if known is None else known

    @property
    def calendly_event_type_uri(self) -> str:
        return self.event_type.uri if self.event_type else ""

    @property
    def calendly_event_type_id(self) -> str:
        return self.calendly_event_type_uri.rsplit("/", 1)[-1]

    @property
    def is_priced(self) -> bool:
        return self.price > 0

    @staticmethod
    def _last_sort_order() -> int:
        last = SessionType.objects.aggregate(last=models.Max("sort_order"))["last"]
        return -1 if last is None else last
