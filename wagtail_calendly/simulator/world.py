"""Everything one simulator process remembers, and how it forgets."""

from __future__ import annotations

from wagtail_calendly.simulator.calendly import seed
from wagtail_calendly.simulator.calendly.access import RateLimit
from wagtail_calendly.simulator.calendly.booking import Desk
from wagtail_calendly.simulator.calendly.state import Calendly
from wagtail_calendly.simulator.clock import Clock
from wagtail_calendly.simulator.deliveries import Deliveries
from wagtail_calendly.simulator.faults import Faults
from wagtail_calendly.simulator.requestlog import RequestLog
from wagtail_calendly.simulator.stripe import seed as stripe_seed
from wagtail_calendly.simulator.stripe.idempotency import Answers
from wagtail_calendly.simulator.stripe.state import Stripe


class World:
    """The shared parts (clock, faults, log, deliveries) and each sender's own memory."""

    def __init__(self, public_origin: str, tokens: tuple[str, ...] = ()) -> None:
        self.public_origin, self.start_tokens = public_origin, tokens
        self.clock = Clock()
        self.faults = Faults()
        self.log = RequestLog()
        self.rate = RateLimit()
        self.deliveries = Deliveries(self.clock)
        self.answers = Answers()
        self.reset()

    def reset(self, *, seeded: bool = True) -> None:
        """As at the start; without `seeded`, people and tokens but no event types."""
        self.clock.reset()
        self.faults.clear()
        self.log.clear()
        self.rate.clear()
        self.deliveries.reset()
        self.calendly = Calendly(self.clock, self.public_origin)
        seed.plant(self.calendly, full=seeded, tokens=self.start_tokens)
        self.desk = Desk(self.calendly, self.deliveries)
        self.answers.clear()
        self.stripe = Stripe(self.clock, self.public_origin, self.deliveries)
        stripe_seed.plant(self.stripe)
