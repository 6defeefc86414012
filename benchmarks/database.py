"""Every story at Calendly through the database, in all orders of its deliveries: the same rows in the end."""

from __future__ import annotations

import itertools
import time

from benchmarks.measure import Result
from tests.bookings.stories import START, Teller, stories
from tests.bookings.telling import CLAIM, ends
from tests.factories import TermsFactory, default_site
from wagtail_calendly.bookings.reference import mint

#: The browser's word counts as a delivery, too.
MOST_DELIVERIES = 5
#: So many orders there are of the stories that have no more.
MARK = 600


def run(*, quick: bool = False) -> list[Result]:
    """One row. Raises `AssertionError` where an order of a story leaves other rows than its first."""
    terms = TermsFactory()
    reference = mint(terms_id=terms.pk, site_id=default_site().pk, now=START).text
    teller = Teller(reference=reference, event_type=terms.event_type.uri)
    started, count, told = time.process_time(), 0, stories(teller)
    for name in list(told)[: 2 if quick else None]:
        for said in (told[name], [*told[name], CLAIM]):
            if len(said) <= MOST_DELIVERIES:
                count += _try(name, said, reference)
    seconds = time.process_time() - started
    what = (
        f"Orders of up to {MOST_DELIVERIES} deliveries tried through the database, "
        f"of {len(told)} stories at Calendly, each leaving the same rows"
    )
    return [
        Result(
            what,
            f"{count:,} in {seconds:.0f} s of a processor",
            f"≥ {MARK:,}",
            quick or count >= MARK,
        )
    ]


def _try(name: str, said: list[bytes], reference: str) -> int:
    expected = ends(said, reference)
    for number, order in enumerate(itertools.permutations(said), start=1):
        assert ends(order, reference) == expected, f"{name}: {number}"
    return number
