"""Sessions, intents and charges as the API shows them: every reference as an id.

https://docs.stripe.com/api/checkout/sessions/object
"""

from __future__ import annotations

from typing import Any

from wagtail_calendly.simulator.stripe.state import (
    Charge,
    CheckoutSession,
    PaymentIntent,
    PromotionCode,
    Stripe,
)

Shape = dict[str, Any]


def session(stripe: Stripe, of: CheckoutSession) -> Shape:
    asked, is_open = of.asked, of.status == "open"
    return {
        **_always_so(asked),
        "id": of.id,
        "object": "checkout.session",
        "amount_subtotal": of.subtotal,
        "amount_total": of.total,
        "automatic_tax": _automatic_tax(of),
        "created": of.created,
        "currency": of.currency,
        "customer_details": _customer(of),
        "customer_email": asked.get("customer_email"),
        "discounts": [_discount(of.code)] if of.code else [],
        "expires_at": of.expires_at,
        "livemode": of.livemode,
        "payment_intent": of.intent.id if of.intent else None,
        "payment_status": of.payment_status,
        "status": of.status,
        "total_details": {
            "amount_discount": of.discount,
            "amount_shipping": 0,
            "amount_tax": of.tax,
        },
        "url": f"{stripe.public_origin}/pay/{of.id}" if is_open else None,
    }


def _always_so(asked: Shape) -> Shape:
    """What stays as it was asked for, and what we never ask for."""
    return {
        "adaptive_pricing": asked.get("adaptive_pricing", {"enabled": False}),
        "after_expiration": None,
        "allow_promotion_codes": asked.get("allow_promotion_codes"),
        "billing_address_collection": None,
        "cancel_url": asked.get("cancel_url"),
        "client_reference_id": asked.get("client_reference_id"),
        "client_secret": None,
        "consent": None,
        "custom_fields": [],
        "customer": None,
        "customer_creation": asked.get("customer_creation", "if_required"),
        "invoice": None,
        "locale": asked.get("locale"),
        "metadata": asked.get("metadata", {}),
        "mode": asked["mode"],
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_types": ["card", "sepa_debit"],
        "presentment_details": None,
        "recovered_from": None,
        "return_url": None,
        "setup_intent": None,
        "shipping_options": [],
        "submit_type": asked.get("submit_type"),
        "subscription": None,
        "success_url": asked["success_url"],
        "ui_mode": asked.get("ui_mode", "hosted_page"),
    }


def _automatic_tax(of: CheckoutSession) -> Shape:
    """The rate is known only once the payer has said where they live."""
    found = "requires_location_inputs" if of.status == "open" else "complete"
    return {
        "enabled": of.taxed,
        "liability": {"type": "self"} if of.taxed else None,
        "provider": "stripe" if of.taxed else None,
        "status": found if of.taxed else None,
    }


def _customer(of: CheckoutSession) -> Shape | None:
    email = of.email or of.asked.get("customer_email")
    if email is None:
        return None
    return {
        "address": None,
        "email": email,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": None,
    }


def _discount(code: PromotionCode) -> Shape:
    return {"coupon": None, "promotion_code": code.id}


def line_items(of: CheckoutSession) -> Shape:
    items = [_line_item(of, number, item) for number, item in enumerate(of.asked["line_items"])]
    url = f"/v1/checkout/sessions/{of.id}/line_items"
    return {"object": "list", "data": items, "has_more": False, "url": url}


def _line_item(of: CheckoutSession, number: int, item: Shape) -> Shape:
    total = item["price_data"]["unit_amount"] * item["quantity"]
    return {
        "id": f"li_{of.id[-20:]}{number}",
        "object": "item",
        "amount_subtotal": total,
        "amount_total": total,
        "currency": of.currency,
        "description": item["price_data"]["product_data"]["name"],
        "quantity": item["quantity"],
    }


def payment_intent(of: PaymentIntent) -> Shape:
    data = of.session.asked.get("payment_intent_data", {})
    canceled = of.status == "canceled"
    return {
        "id": of.id,
        "object": "payment_intent",
        "amount": of.amount,
        "amount_capturable": 0,
        "amount_received": of.received,
        "canceled_at": of.session.expires_at if canceled else None,
        "cancellation_reason": "expired" if canceled else None,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": of.created,
        "currency": of.session.currency,
        "customer": None,
        "description": data.get("description"),
        "last_payment_error": of.error,
        "latest_charge": of.charge.id if of.charge else None,
        "livemode": of.livemode,
        "metadata": data.get("metadata", {}),
        "next_action": None,
        "payment_method": None,
        "payment_method_types": ["card", "sepa_debit"],
        "receipt_email": None,
        "status": of.status,
    }


def charge(stripe: Stripe, of: Charge) -> Shape:
    """`refunds` is there only when it is expanded. The metadata is the intent's."""
    code, message = of.failure or (None, None)
    data = of.intent.session.asked.get("payment_intent_data", {})
    failed = of.status == "failed"
    return {
        "id": of.id,
        "object": "charge",
        "amount": of.amount,
        "amount_captured": 0 if failed else of.amount,
        "amount_refunded": of.refunded,
        "balance_transaction": of.balance.id if of.balance else None,
        "billing_details": {"address": None, "email": of.intent.session.email, "name": None,
                            "phone": None, "tax_id": None},
        "captured": not failed,
        "created": of.created,
        "currency": of.currency,
        "customer": None,
        "description": data.get("description"),
        "disputed": of.dispute is not None,
        "failure_code": code,
        "failure_message": message,
        "livemode": of.livemode,
        "metadata": data.get("metadata", {}),
        "paid": of.status == "succeeded",
        "payment_intent": of.intent.id,
        "payment_method_details": {"type": of.method, of.method: {"last4": "4242"}},
        "receipt_email": None,
        "receipt_url": f"{stripe.public_origin}/stripe/receipt/{of.id}" if not failed else None,
        "refunded": of.refunded == of.amount,
        "status": of.status,
    }  # fmt: skip
