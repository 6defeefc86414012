"""Calendly's published shapes, written down by hand: every field, its type, and none besides."""

from __future__ import annotations

from tests.contracts.grammar import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    Schema,
    address,
    items,
    maybe,
    one_of,
    record,
    uri,
    without,
)

EMAIL: Schema = {"type": "string", "format": "email"}
STAMPS = {"created_at": TIME, "updated_at": TIME}

USER = record(
    uri=uri("users/*"),
    name=TEXT,
    slug=TEXT,
    email=EMAIL,
    scheduling_url=address(),
    timezone=TEXT,
    time_notation=one_of("12h", "24h"),
    avatar_url=maybe(address()),
    locale=TEXT,
    resource_type=one_of("User"),
    current_organization=uri("organizations/*"),
    **STAMPS,
)

MEMBERSHIP = record(
    uri=uri("organization_memberships/*"),
    role=one_of("user", "admin", "owner"),
    user=USER,
    organization=uri("organizations/*"),
    **STAMPS,
)

KINDS = (
    "ask_invitee", "custom", "google_conference", "gotomeeting_conference", "inbound_call",
    "microsoft_teams_conference", "outbound_call", "physical", "webex_conference",
    "zoom_conference",
)  # fmt: skip

QUESTION = record(
    name=TEXT,
    type=one_of("string", "text", "phone_number", "single_select", "multi_select"),
    position=COUNT,
    enabled=FLAG,
    required=FLAG,
    answer_choices=items(TEXT),
    include_other=FLAG,
)

EVENT_TYPE = record(
    uri=uri("event_types/*"),
    name=maybe(TEXT),
    active=FLAG,
    slug=maybe(TEXT),
    scheduling_url=address(),
    duration={"type": "number", "exclusiveMinimum": 0},
    duration_options=maybe(items(COUNT)),
    kind=one_of("solo", "group"),
    pooling_type=one_of("round_robin", "collective", "multi_pool", None),
    type=one_of("StandardEventType", "AdhocEventType"),
    booking_method=one_of("instant", "poll"),
    color={"type": "string", "pattern": "^#[0-9a-f]{6}$"},
    internal_note=maybe(TEXT),
    is_paid=FLAG,
    description_plain=maybe(TEXT),
    description_html=maybe(TEXT),
    profile=maybe(record(type=one_of("User", "Team"), name=TEXT, owner=uri("users/*"))),
    secret=FLAG,
    admin_managed=FLAG,
    locations=maybe(
        items(
            record(
                kind=one_of(*KINDS),
                optional={"location": TEXT, "additional_info": TEXT, "phone_number": TEXT},
            )
        )
    ),
    custom_questions=items(QUESTION),
    position=COUNT,
    locale=one_of("en", "fr", "es", "de", "nl", "pt", "it", "uk"),
    deleted_at=maybe(TIME),
    **STAMPS,
)

AVAILABLE_TIME = record(
    status=one_of("available"),
    invitees_remaining={"type": "integer", "minimum": 1},
    start_time={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    scheduling_url=address(),
)

SCHEDULING_LINK = record(
    booking_url=address(), owner=uri("event_types/*"), owner_type=one_of("EventType")
)

CANCELLATION = record(
    canceled_by=TEXT,
    reason=maybe(TEXT),
    canceler_type=one_of("host", "invitee"),
    created_at=TIME,
)

CONFERENCE = record(
    type=one_of("zoom", "zoom_conference", "google_conference", "gotomeeting",
                "microsoft_teams_conference", "webex_conference"),
    status=one_of("initiated", "processing", "pushed", "failed"),
    join_url=maybe(address()),
    data=maybe({"type": "object"}),
)  # fmt: skip
PLACE = record(
    type=one_of("physical", "ask_invitee", "custom", "outbound_call", "inbound_call"),
    location=maybe(TEXT),
)

MEMBER = record(
    user=uri("users/*"),
    user_email=EMAIL,
    user_name=TEXT,
    buffered_start_time=TIME,
    buffered_end_time=TIME,
)

SCHEDULED_EVENT = record(
    uri=uri("scheduled_events/*"),
    name=maybe(TEXT),
    status=one_of("active", "canceled"),
    start_time=TIME,
    end_time=TIME,
    event_type=maybe(uri("event_types/*")),
    location=maybe({"anyOf": [CONFERENCE, PLACE]}),
    invitees_counter=record(total=COUNT, active=COUNT, limit=COUNT),
    meeting_notes_plain=maybe(TEXT),
    meeting_notes_html=maybe(TEXT),
    event_memberships=items(MEMBER),
    event_guests=items(record(email=EMAIL, **STAMPS)),
    calendar_event=maybe(record(kind=TEXT, external_id=TEXT)),
    optional={"cancellation": CANCELLATION},
    **STAMPS,
)

TRACKING = record(
    utm_campaign=maybe(TEXT),
    utm_source=maybe(TEXT),
    utm_medium=maybe(TEXT),
    utm_content=maybe(TEXT),
    utm_term=maybe(TEXT),
    salesforce_uuid=maybe(TEXT),
)
INVITEE_URI = uri("scheduled_events/*/invitees/*")

INVITEE = record(
    uri=INVITEE_URI,
    email=EMAIL,
    name=TEXT,
    first_name=maybe(TEXT),
    last_name=maybe(TEXT),
    status=one_of("active", "canceled"),
    timezone=maybe(TEXT),
    text_reminder_number=maybe(TEXT),
    event=uri("scheduled_events/*"),
    questions_and_answers=items(record(question=TEXT, answer=TEXT, position=COUNT)),
    tracking=TRACKING,
    rescheduled=FLAG,
    old_invitee=maybe(INVITEE_URI),
    new_invitee=maybe(INVITEE_URI),
    cancel_url=address(),
    reschedule_url=address(),
    routing_form_submission={"type": "null"},
    payment={"type": "null"},
    no_show=maybe(record(uri=uri("invitee_no_shows/*"), created_at=TIME)),
    reconfirmation={"type": "null"},
    scheduling_method=one_of("instant_book", "api", None),
    invitee_scheduled_by={"type": "null"},
    optional={"cancellation": CANCELLATION},
    **STAMPS,
)

NO_SHOW = record(uri=uri("invitee_no_shows/*"), invitee=INVITEE_URI, created_at=TIME)

SUBSCRIPTION = record(
    uri=uri("webhook_subscriptions/*"),
    callback_url=address(),
    state=one_of("active", "disabled"),
    events=items(TEXT),
    scope=one_of("organization", "user", "group"),
    organization=uri("organizations/*"),
    user=maybe(uri("users/*")),
    group=maybe(uri("groups/*")),
    creator=uri("users/*"),
    retry_started_at=maybe(TIME),
    **STAMPS,
)

PAGINATION = record(
    count=COUNT,
    next_page=maybe({"type": "string", "pattern": "^https://api\\.calendly\\.com/"}),
    previous_page=maybe({"type": "string", "pattern": "^https://api\\.calendly\\.com/"}),
    next_page_token=maybe(TEXT),
    previous_page_token=maybe(TEXT),
)
DETAIL = record(message=TEXT, optional={"parameter": TEXT, "code": TEXT})
ERROR = record(
    title=TEXT,
    message=TEXT,
    optional={"details": items(DETAIL), "required_scopes": items(TEXT)},
)

TOLD_EVENT = without(SCHEDULED_EVENT, "calendar_event")
TOLD_EVENT["properties"]["event_memberships"] = items(
    without(MEMBER, "buffered_start_time", "buffered_end_time")
)
TOLD_INVITEE: Schema = {
    **INVITEE,
    "properties": {**INVITEE["properties"], "scheduled_event": TOLD_EVENT},
    "required": [*INVITEE["required"], "scheduled_event"],
}
TOLD_EVENT_TYPE = without(EVENT_TYPE, "description_html")


def envelope(event: str, payload: Schema) -> Schema:
    return record(event=one_of(event), created_at=TIME, created_by=uri("users/*"), payload=payload)


def page(schema: Schema) -> Schema:
    return record(collection=items(schema), pagination=PAGINATION)
