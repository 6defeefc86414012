"""What an `event_type.*` webhook does to the mirror, in any order of arrival."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from wagtail_calendly.calendly import WebhookEnvelope
from wagtail_calendly.snippets.models import EventType
from wagtail_calendly.snippets.sync import apply

pytestmark = pytest.mark.django_db

URI = "https://api.calendly.com/event_types/HOOKED"
START = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


def envelope(event: str, minute: int, **payload: object) -> WebhookEnvelope:
    at = (START + timedelta(minutes=minute)).isoformat()
    return WebhookEnvelope.model_validate(
        {
            "event": f"event_type.{event}",
            "created_at": at,
            "created_by": "https://api.calendly.com/users/USER",
            "payload": {
                "uri": URI,
                "name": f"Named at {minute}",
                "scheduling_url": "https://calendly.com/ada-host/hooked",
                "duration": 30,
                "updated_at": at,
                **payload,
            },
        }
    )


def hooked() -> EventType:
    return EventType.objects.get(uri=URI)


def test_a_created_type_appears_and_an_updated_one_changes() -> None:
    apply(envelope("created", 0), account="default")
    apply(envelope("updated", 1, duration=45), account="default")
    assert (hooked().name, hooked().duration) == ("Named at 1", 45)


def test_what_is_older_than_the_mirror_is_ignored() -> None:
    apply(envelope("updated", 5), account="default")
    apply(envelope("updated", 1), account="default")
    assert hooked().name == "Named at 5"


def test_the_description_that_webhooks_leave_out_is_kept() -> None:
    apply(envelope("created", 0), account="default")
    EventType.objects.filter(uri=URI).update(description_html="<p>From a sync</p>")
    apply(envelope("updated", 1), account="default")
    assert hooked().description_html == "<p>From a sync</p>"


def test_a_deleted_type_is_kept_and_marked() -> None:
    apply(envelope("created", 0), account="default")
    deleted_at = START + timedelta(minutes=2)
    apply(envelope("deleted", 2, deleted_at=deleted_at.isoformat()), account="default")
    assert hooked().missing_since == deleted_at


def test_deletion_of_a_type_that_we_never_saw_is_nothing() -> None:
    apply(envelope("deleted", 2), account="default")
    assert not EventType.objects.filter(uri=URI).exists()


@pytest.mark.parametrize("order", list(itertools.permutations(["updated", "renamed", "deleted"])))
def test_every_order_ends_the_same(order: tuple[str, ...]) -> None:
    story = {
        "updated": envelope("updated", 1),
        "renamed": envelope("updated", 2),
        "deleted": envelope("deleted", 3),
    }
    apply(envelope("created", 0), account="default")
    for name in order:
        apply(story[name], account="default")
        apply(story[name], account="default")
    assert hooked().missing_since == START + timedelta(minutes=3)
