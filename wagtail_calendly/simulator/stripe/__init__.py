"""Stripe's half: Checkout, payments, refunds, disputes, events, as API version 2026-10-28.endive has them."""
