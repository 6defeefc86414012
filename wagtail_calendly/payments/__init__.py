"""What a payment provider can do and say, and Stripe Checkout behind it. Knows no model and no settings.

The SDK is loaded when the first provider is built, never with this package: `[stripe]` is an extra.
"""

from wagtail_calendly.payments.errors import (
    InvalidPaymentSignature,
    PaymentAuthenticationError,
    PaymentError,
    PaymentIdempotencyConflict,
    PaymentNotFound,
    PaymentRateLimited,
    PaymentRefused,
    PaymentSdkMissing,
    PaymentUnavailable,
)
from wagtail_calendly.payments.keys import mode_of
from wagtail_calendly.payments.provider import (
    ATTEMPT,
    EFFECT,
    REFERENCE,
    CheckoutPaymentStatus,
    CheckoutSaid,
    CheckoutStatus,
    Dispute,
    Endpoint,
    Hint,
    Mode,
    Order,
    PaymentProvider,
    RefundSaid,
    RefundStatus,
)
from wagtail_calendly.payments.reading import read_hint
from wagtail_calendly.payments.stripe_checkout import StripeCheckout
from wagtail_calendly.payments.stripe_params import API_VERSION, EVENTS

__all__ = [
    "API_VERSION",
    "ATTEMPT",
    "EFFECT",
    "EVENTS",
    "REFERENCE",
    "CheckoutPaymentStatus",
    "CheckoutSaid",
    "CheckoutStatus",
    "Dispute",
    "Endpoint",
    "Hint",
    "InvalidPaymentSignature",
    "Mode",
    "Order",
    "PaymentAuthenticationError",
    "PaymentError",
    "PaymentIdempotencyConflict",
    "PaymentNotFound",
    "PaymentProvider",
    "PaymentRateLimited",
    "PaymentRefused",
    "PaymentSdkMissing",
    "PaymentUnavailable",
    "RefundSaid",
    "RefundStatus",
    "StripeCheckout",
    "mode_of",
    "read_hint",
]
