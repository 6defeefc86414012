"""What visitors can book: session types that are live and bookable."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field
from wagtail.rich_text import expand_db_html

from wagtail_calendly.api.errors import failures
from wagtail_calendly.api.paging import Limit, Offset, Page
from wagtail_calendly.blocks import cards, facts
from wagtail_calendly.snippets import policy_words
from wagtail_calendly.snippets.models import PaymentOrder, SessionType
from wagtail_calendly.snippets.offer import is_bookable

router = Router(tags=["Session types"])

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Language = Annotated[
    str,
    Query(max_length=20, pattern=r"^[A-Za-z0-9-]*$", description="A language code, such as `de`"),
]


class Price(Schema):
    """What it costs, when it is paid, and what is given back; amounts count the currency's smallest unit.

    `deposit` is the part that is paid here, null when all of it is; `display` says it as people write it.
    """

    amount: int
    currency: str
    display: str
    deposit: int | None
    adds_tax: bool = Field(description="Whether tax comes on top")
    payment_order: PaymentOrder = Field(description="Paid after or before scheduling")
    cancellation_policy: list[str] = Field(description="Sentences for the visitor")


class Image(Schema):
    """The size that cards show; `srcset` is as in HTML."""

    src: str
    srcset: str
    width: int
    height: int


class SessionTypeOut(Schema):
    """A session that can be booked. `url` is its own page, with the calendar; `price` is null when free."""

    id: int
    title: str
    slug: str
    locale: str
    summary: str
    description: str = Field(description="HTML")
    url: str
    duration: int = Field(description="Minutes")
    duration_options: list[int]
    place: str
    host: str
    is_group: bool
    price: Price | None
    image: Image | None


class SessionTypePage(Page):
    """Some of the session types, in the editors' order."""

    items: list[SessionTypeOut]


@router.get(
    "session-types",
    response={200: SessionTypePage, **failures(400)},
    summary="List session types",
    url_name="session_types",
)
def list_session_types(
    request: HttpRequest,
    locale: Language = "",
    limit: Limit = 20,
    offset: Offset = 0,
) -> SessionTypePage:
    """Session types that visitors can book now; of one language, or of all."""
    rows = SessionType.objects.filter(live=True).select_related("locale")
    if locale:
        rows = rows.filter(locale__language_code=locale)
    bookable = [row for row in rows if is_bookable(row)]
    shown = bookable[offset : offset + limit]
    return SessionTypePage(total=len(bookable), items=[_out(row) for row in shown])


@router.get(
    "session-types/{session_type_id}",
    response={200: SessionTypeOut, **failures(400, 404)},
    summary="Read a session type",
    url_name="session_type",
)
def get_session_type(request: HttpRequest, session_type_id: Id) -> SessionTypeOut:
    """One session type; 404 when visitors cannot book it now."""
    return _out(bookable(session_type_id))


def bookable(pk: int) -> SessionType:
    """The session type with this key. Raises `Http404` unless visitors can book it."""
    row = SessionType.objects.filter(pk=pk, live=True).select_related("locale").first()
    if row is None or not is_bookable(row):
        raise Http404
    return row


def _out(row: SessionType) -> SessionTypeOut:
    event_type = row.event_type
    if event_type is None:  # is_bookable saw to it
        raise Http404
    return SessionTypeOut(
        id=row.pk,
        title=row.title,
        slug=row.slug,
        locale=row.locale.language_code,
        summary=row.summary,
        description=expand_db_html(row.description),
        url=cards.path(row),
        duration=event_type.duration,
        duration_options=event_type.duration_options,
        place=facts.place(event_type),
        host=event_type.host_name,
        is_group=event_type.is_group,
        price=_price(row),
        image=_image(row),
    )


def _price(row: SessionType) -> Price | None:
    if not row.is_priced:
        return None
    policy = row.cancellation_policy
    return Price(
        amount=row.price,
        currency=row.currency,
        display=facts.price(row),
        deposit=row.deposit or None,
        adds_tax=row.adds_tax,
        payment_order=PaymentOrder(row.payment_order),
        cancellation_policy=policy_words.sentences(policy.as_tiers() if policy else []),
    )


def _image(row: SessionType) -> Image | None:
    if row.image is None:
        return None
    shown = cards.card_image(row.image)
    return Image(src=shown.src, srcset=shown.srcset, width=shown.width, height=shown.height)
