"""The sums of one day, derived from bookings, payments and refunds by indexed columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from wagtail_calendly.bookings import campaigns
from wagtail_calendly.bookings.models import (
    Booking,
    DailyTotal,
    Payment,
    PaymentStatus,
    Refund,
    RefundState,
    Status,
)
from wagtail_calendly.bookings.numbers import modes
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
RETURNED = ~Q(state__in=[RefundState.FAILED, RefundState.CANCELED, RefundState.REFUSED])


def booked() -> Q:
    """The bookings that count; others were only ordered, announced by a browser, or made in test mode."""
    return (Q(starts_at__isnull=False) | PAID) & modes.of_bookings()


def totals(day: date) -> list[DailyTotal]:
    """The derived sums of this day as unsaved rows, in the order of their keys."""
    sums: dict[Key, Counter[str]] = defaultdict(Counter)
    for count in (_bookings, _captured, _returned, _lost):
        for key, counted in count(day):
            sums[key].update(counted)
    return [
        DailyTotal(**dict(zip(DailyTotal.KEY, (day, *key), strict=True)), **sums[key])
        for key in sorted(sums)
    ]


def _bookings(day: date) -> Iterator[tuple[Key, dict[str, int]]]:
    start, end = span_of(day)
    made = Booking.objects.filter(booked(), created_at__gte=start, created_at__lt=end)
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
    yield from _grouped(
        _paid_on(day), "booking__", F("said_currency"), {"revenue": Sum("captured")}
    )


def _returned(day: date) -> Iterator[tuple[Key, dict[str, int]]]:
    start, end = span_of(day)
    refunds = Refund.objects.filter(
        RETURNED, modes.of_payments("payment__"), created_at__gte=start, created_at__lt=end
    )
    yield from _grouped(
        refunds.order_by(),
        "payment__booking__",
        F("payment__said_currency"),
        {"refunded": Sum("amount")},
    )


def _lost(day: date) -> Iterator[tuple[Key, dict[str, int]]]:
    """What the bank took back in a dispute, of what was left. Nobody tells when: it stands where it was paid."""
    refunds = Refund.objects.filter(RETURNED, payment=OuterRef("pk")).order_by()
    returned = Subquery(refunds.values("payment").annotate(sum=Sum("amount")).values("sum"))
    left = Greatest(F("captured") - Coalesce(returned, 0), 0)
    lost = _paid_on(day).filter(dispute="lost").annotate(left=left)
    yield from _grouped(lost, "booking__", F("said_currency"), {"refunded": Sum("left")})


def _paid_on(day: date) -> Any:
    start, end = span_of(day)
    payments = Payment.objects.filter(
        modes.of_payments(), settled_at__gte=start, settled_at__lt=end
    )
    return payments.filter(captured__gt=0).order_by()


def _grouped(
    rows: Any, booking: str, currency: Any, counts: dict[str, Any]
) -> Iterator[tuple[Key, dict[str, int]]]:
    """Rows summed by what their booking is told apart by; `booking` leads to it."""
    keys = {
        "of_session": F(f"{booking}terms__session_type_id"),
        "of_page": Coalesce(f"{booking}page_id", 0),
        "of_source": campaigns.named("utm_source", booking),
        "of_medium": campaigns.named("utm_medium", booking),
        "of_campaign": campaigns.named("utm_campaign", booking),
        "in_currency": currency,
    }
    for row in rows.values(**keys).annotate(
        **{f"sum_{name}": sum_ for name, sum_ in counts.items()}
    ):
        yield (
            tuple(row[name] for name in keys),
            {name: row[f"sum_{name}"] for name in counts},
        )
