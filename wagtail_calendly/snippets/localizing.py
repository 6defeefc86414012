"""What wagtail-localize is told, where it is installed: words are translated, the offer is one in all languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

if TYPE_CHECKING:
    from wagtail_calendly.snippets.models import SessionType

WORDS = ("title", "slug", "summary", "description")
#: One picture may suit all languages, or each have its own.
LOOK = ("image",)
#: What is booked, and what it costs: no translator is asked, and none can sell it otherwise.
OFFER = (
    "event_type",
    "price",
    "currency",
    "payment_order",
    "deposit",
    "hold_minutes",
    "link_days",
    "allows_promotion_codes",
    "adds_tax",
    "cancellation_policy",
    "accent_color",
    "hide_event_type_details",
)


def fields() -> list[Any]:
    """For `SessionType.translatable_fields`; the order stays that of the row, schedules that of each language.

    https://wagtail-localize.org/stable/how-to/field-configuration/
    """
    from wagtail_localize.fields import SynchronizedField, TranslatableField

    return [
        *(TranslatableField(name) for name in WORDS),
        *(SynchronizedField(name) for name in LOOK),
        *(SynchronizedField(name, overridable=False) for name in OFFER),
    ]


def renew(instance: SessionType, **kwargs: Any) -> None:
    """Receiver of a session type's `post_save`: what is frozen for its translators gets the offer of now.

    Otherwise a translation published later would bring the price or the event type of then back.
    """
    from modelcluster.models import get_serializable_data_for_fields
    from wagtail_localize.models import TranslationSource

    source = TranslationSource.objects.get_for_instance_or_none(instance)
    if source is None:
        return
    frozen, now = json.loads(source.content_json), get_serializable_data_for_fields(instance)
    frozen |= {name: now[name] for name in OFFER}
    source.content_json = json.dumps(frozen, cls=DjangoJSONEncoder)
    source.save(update_fields=["content_json"])
