"""The sums of one day, derived from bookings, payments and refunds by indexed columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left

from wagtail_calendly.bookings.models import (
    Appointment,
    Booking,
    DailyTotal,
    Payment,
    PaymentStatus,
    Refund,
    RefundState,
    Status,
)
from wagtail_calendly.bookings.models.numbers import LONGEST_CAMPAIGN
from wagtail_calendly.bookings.numbers.days import span_of

#: What a row of sums is told apart by, beside its day; the names are those of the columns they end in.
Key = tuple[Any, ...]

PAID = Q(
    payment_status__in=[
        PaymentStatus.PAID,
        PaymentStatus.PARTIALLY_REFUNDED,
        PaymentStatus.REFUNDED,
        PaymentStatus.DISPUTED,
    ]
)
#: Others were only ordered, or announced by a browser.
BOOKED = Q(starts_at__isnull=False) | PAID
RETURNED = ~Q(state__in=[RefundState.FAILED, RefundState.CANCELED, RefundState.REFUSED])


def totals(day: date) -> list[DailyTotal]:
    """The derived sums of this day as unsaved rows, in the order of their keys."""
    sums: dict[Key, Counter[str]] = defaultdict(Counter)
    for count in (_bookings, _captured, _returned):
        for key, counted in count(day):
            sums[key].update(counted)
    return [
        DailyTotal(**dict(zip(DailyTotal.KEY, (day, *key), strict=True)), **sums[key])
        for key in sorted(sums)
    ]


def _bookings(day: date) -> Iterator[tuple[Key, dict[str, int]]]:
    start, end = span_of(day)
    made = Booking.objects.filter(BOOKED, created_at__gte=start, created_at__lt=end)
    charged = Case(
        When(terms__price__gt=0, then="terms__currency"),
        default=Value(""),
        output_field=CharField(),
    )
    yield from _grouped(
        made.order_by(),
        "",
        charged,
        {
            "booked": Count("pk"),
            "paid": Count("pk", filter=PAID),
            "canceled": Count("pk", filter=Q(status=Status.CANCELED)),
            "no_show": Count("pk", filter=Q(status=Status.NO_SHOW)),
        },
    )


def _captured(day: date) -> Iterator[tuple[Key, dict[str, int]]]:
    start, end = span_of(day)
    payments = Payment.objects.filter(settled_at__gte=start, settled_at__lt=end, captured__gt=0)
    yield from _grouped(
        payments.order_by(), "booking__", F("said_currency"), {"revenue": Sum("captured")}
    )


def _returned(day: date) -> Iterator[tuple[Key, dict[str, int]]]:
    start, end = span_of(day)
    refunds = Refund.objects.filter(RETURNED, created_at__gte=start, created_at__lt=end)
    yield from _grouped(
        refunds.order_by(),
        "payment__booking__",
        F("payment__said_currency"),
        {"refunded": Sum("amount")},
    )


def _grouped(
    rows: Any, booking: str, currency: Any, counts: dict[str, Any]
) -> Iterator[tuple[Key, dict[str, int]]]:
    """Rows summed by what their booking is told apart by; `booking` leads to it."""
    keys = {
        "of_session": F(f"{booking}terms__session_type_id"),
        "of_page": Coalesce(f"{booking}page_id", 0),
        "of_source": _campaign("utm_source", booking),
        "of_medium": _campaign("utm_medium", booking),
        "of_campaign": _campaign("utm_campaign", booking),
        "in_currency": currency,
    }
    for row in rows.values(**keys).annotate(
        **{f"sum_{name}": sum_ for name, sum_ in counts.items()}
    ):
        yield (
            tuple(row[name] for name in keys),
            {name: row[f"sum_{name}"] for name in counts},
        )


def _campaign(name: str, booking: str) -> Any:
    """As the site noted it; where no browser told the site, as Calendly carried it."""
    carried = Appointment.objects.filter(booking=OuterRef(f"{booking}pk")).order_by("pk")
    told = Subquery(carried.values(told=KeyTextTransform(name, "tracking"))[:1])
    noted = KeyTextTransform(name, f"{booking}tracking")
    return Left(Coalesce(noted, told, Value("")), LONGEST_CAMPAIGN)
