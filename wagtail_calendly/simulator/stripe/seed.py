"""What a fresh stand-in Stripe begins with: one secret key and two promotion codes."""

from __future__ import annotations

from wagtail_calendly.simulator.stripe.state import Key, PromotionCode, Stripe

DEFAULT_KEY = "sk_test_simulator"


def plant(stripe: Stripe) -> None:
    stripe.keys[DEFAULT_KEY] = Key(DEFAULT_KEY)
    add_code(stripe, "TEN", 10)
    add_code(stripe, "FREE", 100)


def add_code(stripe: Stripe, code: str, percent_off: int, *, active: bool = True) -> PromotionCode:
    """A promotion code; one of that name is replaced."""
    code = code.upper()
    stripe.codes[code] = PromotionCode(f"promo_simulator{code}", code, percent_off, active)
    return stripe.codes[code]
