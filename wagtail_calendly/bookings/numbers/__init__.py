"""The sums behind the report: what is counted as it happens, what is derived from facts, and when."""

from wagtail_calendly.bookings.numbers.counting import totals
from wagtail_calendly.bookings.numbers.days import day_of, start_of
from wagtail_calendly.bookings.numbers.openings import count_opening
from wagtail_calendly.bookings.numbers.recounting import count_if_due, missing_until, recount

__all__ = [
    "count_if_due",
    "count_opening",
    "day_of",
    "missing_until",
    "recount",
    "start_of",
    "totals",
]
