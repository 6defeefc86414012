"""Stripe's v1 endpoints at their paths, with the permission each needs and what it answers with."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wagtail_calendly.simulator.stripe import endpoints, payments, sessions
from wagtail_calendly.simulator.stripe.access import View, endpoint
from wagtail_calendly.simulator.stripe.errors import StripeError

SESSION = "checkout.session"
HOOK = "webhook_endpoint"
ENDPOINTS: list[tuple[str, str, View, str, str]] = [
    ("POST", "checkout/sessions", sessions.create, "checkout_session_write", SESSION),
    ("GET", "checkout/sessions", sessions.list_, "checkout_session_read", f"{SESSION}[]"),
    ("GET", "checkout/sessions/{id}", sessions.retrieve, "checkout_session_read", SESSION),
    ("POST", "checkout/sessions/{id}/expire", sessions.expire, "checkout_session_write", SESSION),
    ("GET", "payment_intents/{id}", payments.retrieve_intent, "payment_intent_read",
     "payment_intent"),
    ("GET", "charges/{id}", payments.retrieve_charge, "charge_read", "charge"),
    ("GET", "balance_transactions/{id}", payments.retrieve_balance, "balance_transaction_read",
     "balance_transaction"),
    ("POST", "refunds", payments.create_refund, "refund_write", "refund"),
    ("GET", "refunds", payments.list_refunds, "refund_read", "refund[]"),
    ("GET", "refunds/{id}", payments.retrieve_refund, "refund_read", "refund"),
    ("GET", "disputes", payments.list_disputes, "dispute_read", "dispute[]"),
    ("GET", "disputes/{id}", payments.retrieve_dispute, "dispute_read", "dispute"),
    ("GET", "events", endpoints.list_events, "event_read", "event[]"),
    ("GET", "events/{id}", endpoints.retrieve_event, "event_read", "event"),
    ("POST", "webhook_endpoints", endpoints.create, "webhook_write", HOOK),
    ("GET", "webhook_endpoints", endpoints.list_, "webhook_read", f"{HOOK}[]"),
    ("GET", "webhook_endpoints/{id}", endpoints.retrieve, "webhook_read", HOOK),
    ("POST", "webhook_endpoints/{id}", endpoints.update, "webhook_write", HOOK),
    ("DELETE", "webhook_endpoints/{id}", endpoints.delete, "webhook_write", HOOK),
]  # fmt: skip


async def _unknown(request: Request) -> Response:
    message = f"Unrecognized request URL ({request.method}: {request.url.path})."
    raise StripeError(404, message)


def routes() -> list[Route]:
    known = [
        Route(f"/v1/{path}", endpoint(view, permission, kind), methods=[method])
        for method, path, view, permission, kind in ENDPOINTS
    ]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [*known, Route("/v1/{rest:path}", _unknown, methods=methods)]
