"""How Calendly writes its resources down.

https://developer.calendly.com/api-docs/calendly-api
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wagtail_calendly.simulator.calendly.state import (
    API,
    Calendly,
    Cancellation,
    EventType,
    Invitee,
    ScheduledEvent,
    Subscription,
    User,
)
from wagtail_calendly.simulator.clock import iso

# Input and event types say `kind`, scheduled events say `type`; for Zoom the examples say "zoom".
CONFERENCES = {
    "zoom_conference": "zoom",
    "google_conference": "google_conference",
    "gotomeeting_conference": "gotomeeting",
    "microsoft_teams_conference": "microsoft_teams_conference",
    "webex_conference": "webex_conference",
}


def _maybe(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None


def user(calendly: Calendly, user: User) -> dict[str, Any]:
    return {
        "uri": user.uri,
        "name": user.name,
        "slug": user.slug,
        "email": user.email,
        "scheduling_url": f"{calendly.public_origin}/{user.slug}",
        "timezone": user.timezone,
        "time_notation": "24h",
        "avatar_url": None,
        "locale": "en",
        "resource_type": "User",
        "current_organization": user.organization,
        "created_at": iso(user.created_at),
        "updated_at": iso(user.created_at),
    }


def membership(calendly: Calendly, member: User) -> dict[str, Any]:
    return {
        "uri": f"{API}/organization_memberships/{member.membership_id}",
        "role": member.role,
        "user": user(calendly, member),
        "organization": member.organization,
        "created_at": iso(member.created_at),
        "updated_at": iso(member.created_at),
    }


def event_type(calendly: Calendly, et: EventType) -> dict[str, Any]:
    host = et.hosts[0]
    team = et.pooling_type is not None
    return {
        "uri": et.uri,
        "name": et.name,
        "active": et.active,
        "slug": et.slug,
        "scheduling_url": f"{calendly.public_origin}/{host.slug}/{et.slug}",
        "duration": et.duration,
        "duration_options": None,
        "kind": et.kind,
        "pooling_type": et.pooling_type,
        "type": "StandardEventType",
        "booking_method": et.booking_method,
        "color": et.color,
        "internal_note": et.internal_note,
        "is_paid": et.is_paid,
        "description_plain": et.description_plain,
        "description_html": et.description_html,
        "profile": {
            "type": "Team" if team else "User",
            "name": "Northlight" if team else host.name,
            "owner": host.uri,
        },
        "secret": et.secret,
        "admin_managed": False,
        "locations": et.locations,
        "custom_questions": et.custom_questions,
        "position": et.position,
        "locale": et.locale,
        "deleted_at": _maybe(et.deleted_at),
        "created_at": iso(et.created_at),
        "updated_at": iso(et.updated_at),
    }


def cancellation(made: Cancellation) -> dict[str, Any]:
    return {
        "canceled_by": made.canceled_by,
        "reason": made.reason,
        "canceler_type": made.canceler_type,
        "created_at": iso(made.created_at),
    }


def location(event: ScheduledEvent, *, fresh: bool) -> dict[str, Any] | None:
    """`fresh`: as in the first webhook, where a conference has no address to join yet."""
    if event.location is None:
        return None
    kind = event.location["kind"]
    if kind not in CONFERENCES:
        return {"type": kind, "location": event.location.get("location")}
    join_url = None if fresh else f"https://meet.example.com/{event.id[:8]}"
    pushed = {"status": "processing" if fresh else "pushed", "join_url": join_url}
    return {"type": CONFERENCES[kind], **pushed, "data": None if fresh else {}}


def scheduled_event(event: ScheduledEvent, *, fresh: bool = False) -> dict[str, Any]:
    shape = {
        "uri": event.uri,
        "name": event.event_type.name,
        "status": event.status,
        "start_time": iso(event.start),
        "end_time": iso(event.end),
        "event_type": event.event_type.uri,
        "location": location(event, fresh=fresh),
        "invitees_counter": {
            "total": len(event.invitees),
            "active": len(event.active_invitees),
            "limit": event.event_type.seats,
        },
        "meeting_notes_plain": None,
        "meeting_notes_html": None,
        "event_memberships": [
            {
                "user": event.host.uri,
                "user_email": event.host.email,
                "user_name": event.host.name,
                "buffered_start_time": iso(event.start),
                "buffered_end_time": iso(event.end),
            }
        ],
        "event_guests": event.guests,
        "calendar_event": {"kind": "google", "external_id": event.id[:8]},
        "created_at": iso(event.created_at),
        "updated_at": iso(event.updated_at),
    }
    if event.cancellation:
        shape["cancellation"] = cancellation(event.cancellation)
    return shape


def invitee(calendly: Calendly, who: Invitee) -> dict[str, Any]:
    no_show = who.no_show
    shape = {
        "uri": who.uri,
        "email": who.email,
        "name": who.name,
        "first_name": who.first_name,
        "last_name": who.last_name,
        "status": who.status,
        "timezone": who.timezone,
        "text_reminder_number": who.text_reminder_number,
        "event": who.event.uri,
        "questions_and_answers": who.answers,
        "tracking": who.tracking,
        "rescheduled": who.rescheduled,
        "old_invitee": who.old.uri if who.old else None,
        "new_invitee": who.new.uri if who.new else None,
        "cancel_url": f"{calendly.public_origin}/cancellations/{who.id}",
        "reschedule_url": f"{calendly.public_origin}/reschedulings/{who.id}",
        "routing_form_submission": None,
        "payment": None,
        "no_show": no_show and {"uri": no_show.uri, "created_at": iso(no_show.created_at)},
        "reconfirmation": None,
        "scheduling_method": who.scheduling_method,
        "invitee_scheduled_by": None,
        "created_at": iso(who.created_at),
        "updated_at": iso(who.updated_at),
    }
    if who.cancellation:
        shape["cancellation"] = cancellation(who.cancellation)
    return shape


def no_show(who: Invitee) -> dict[str, Any]:
    assert who.no_show is not None  # noqa: S101 - callers come from a mark
    return {
        "uri": who.no_show.uri,
        "invitee": who.uri,
        "created_at": iso(who.no_show.created_at),
    }


def subscription(calendly: Calendly, hook: Subscription) -> dict[str, Any]:
    return {
        "uri": hook.uri,
        "callback_url": hook.url,
        "state": hook.state,
        "events": hook.events,
        "scope": hook.scope,
        "organization": calendly.organization,
        "user": hook.user.uri if hook.user else None,
        "group": None,
        "creator": hook.creator.uri,
        "retry_started_at": _maybe(hook.retry_started_at),
        "created_at": iso(hook.created_at),
        "updated_at": iso(hook.updated_at),
    }
