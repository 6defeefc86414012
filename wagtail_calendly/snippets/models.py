"""What is offered: the mirror of Calendly's event types, the session types editors make of them, their terms."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from wagtail_calendly.snippets import images


class EventType(index.Indexed, models.Model):
    """Our read-only mirror of a Calendly event type. Written by sync only; never deleted while referenced.

    Field names are Calendly's where the meaning is the same.
    https://developer.calendly.com/api-docs/calendly-api/event-types
    """

    account = models.CharField(_("account"), max_length=50, default="default", db_index=True)
    uri = models.CharField(_("URI"), max_length=255, unique=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    slug = models.CharField(_("slug"), max_length=255, blank=True)
    scheduling_url = models.URLField(_("scheduling page"), max_length=500)
    duration = models.PositiveIntegerField(_("duration in minutes"))
    duration_options = models.JSONField(_("duration options"), default=list, blank=True)
    kind = models.CharField(_("kind"), max_length=20, default="solo")
    pooling_type = models.CharField(_("pooling type"), max_length=20, blank=True)
    type = models.CharField(_("type"), max_length=50, blank=True)
    booking_method = models.CharField(_("booking method"), max_length=20, default="instant")
    color = models.CharField(_("colour"), max_length=20, blank=True)
    description_html = models.TextField(_("description"), blank=True)
    host_name = models.CharField(_("host"), max_length=255, blank=True)
    host_uri = models.CharField(_("host URI"), max_length=255, blank=True)
    active = models.BooleanField(_("active"), default=True)
    secret = models.BooleanField(_("secret"), default=False)
    is_paid = models.BooleanField(_("paid at Calendly"), default=False)
    admin_managed = models.BooleanField(_("managed by an administrator"), default=False)
    locations = models.JSONField(_("locations"), default=list, blank=True)
    custom_questions = models.JSONField(_("questions"), default=list, blank=True)
    locale = models.CharField(_("language of its page"), max_length=10, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    remote_updated_at = models.DateTimeField(_("changed at Calendly"), null=True, blank=True)
    missing_since = models.DateTimeField(_("missing since"), null=True, blank=True)

    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("host_name"),
        index.FilterField("account"),
        index.FilterField("active"),
        index.FilterField("kind"),
    ]

    class Meta:
        ordering = ["account", "position", "name", "pk"]
        verbose_name = _("event type")
        verbose_name_plural = _("event types")

    def __str__(self) -> str:
        return self.name or self.slug or self.uri.rsplit("/", 1)[-1]

    @property
    def is_group(self) -> bool:
        return self.kind == "group"


class PaymentOrder(models.TextChoices):
    """When a priced session is paid. Public values."""

    AFTER_SCHEDULING = "after", _("after choosing a time")
    BEFORE_SCHEDULING = "before", _("before choosing a time")


if TYPE_CHECKING:
    _SessionTypeManager = models.Manager["SessionType"]
else:
    _SessionTypeManager = models.Manager


class SessionTypeManager(_SessionTypeManager):
    """Carries what every face needs: one query, two with images. Wagtail's choosers load through it."""

    def get_queryset(self) -> models.QuerySet[SessionType]:
        rows = super().get_queryset().select_related("event_type", "image", "locale")
        return rows.prefetch_related(images.prefetch())


class SessionType(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
    """What the editor offers: text, image, price and look around one Calendly event type."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, allow_unicode=True)
    summary = models.CharField(_("summary"), max_length=255, blank=True)
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
    accent_color = models.CharField(_("accent colour"), max_length=7, blank=True)
    hide_event_type_details = models.BooleanField(_("hide Calendly's own details"), default=True)
    sort_order = models.IntegerField(_("order"), default=0, db_index=True, editable=False)

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="session_type",
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="session_type",
        for_concrete_model=False,
    )

    objects = SessionTypeManager()

    class Meta(TranslatableMixin.Meta):
        ordering = ["sort_order", "title", "pk"]
        verbose_name = _("session type")
        verbose_name_plural = _("session types")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "locale"], name="wagtail_calendly_session_type_slug"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def calendly_event_type_uri(self) -> str:
        return self.event_type.uri if self.event_type else ""

    @property
    def calendly_event_type_id(self) -> str:
        return self.calendly_event_type_uri.rsplit("/", 1)[-1]

    @property
    def is_priced(self) -> bool:
        return self.price > 0


class Terms(models.Model):
    """What was offered at one moment. Immutable and unique by content; references and bookings point here."""

    #: The columns that make two rows the same terms.
    CONTENT = ("session_type_id", "event_type_id", "price", "currency", "payment_order")

    session_type = models.ForeignKey(
        SessionType, verbose_name=_("session type"), on_delete=models.CASCADE, related_name="terms"
    )
    event_type = models.ForeignKey(
        EventType, verbose_name=_("event type"), on_delete=models.PROTECT, related_name="terms"
    )
    price = models.PositiveBigIntegerField(_("price"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    payment_order = models.CharField(_("payment"), max_length=10, choices=PaymentOrder.choices)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return f"{self.session_type_id}/{self.digest[:8]}"

    @classmethod
    def digest_of(cls, content: dict[str, Any]) -> str:
        """The key of one content: SHA-256 over its columns in a fixed order."""
        canonical = json.dumps([content[name] for name in cls.CONTENT], separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
