"""What can go wrong with a payment provider. No text holds a secret, a body or personal data."""

from __future__ import annotations


class PaymentError(Exception):
    """Root of the errors of a payment provider. `request_id` is what its support asks for."""

    def __init__(self, message: str, *, request_id: str = "") -> None:
        super().__init__(message)
        self.request_id = request_id


class PaymentUnavailable(PaymentError):
    """No answer, or none that can be read: what was asked for may have happened all the same."""


class PaymentRateLimited(PaymentError):
    """Asked too often; try again after `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: float, request_id: str = "") -> None:
        super().__init__(message, request_id=request_id)
        self.retry_after = retry_after


class PaymentAuthenticationError(PaymentError):
    """The key is wrong, revoked, or may not do this."""


class PaymentNotFound(PaymentError):
    """There is no such object in this account and mode."""


class PaymentRefused(PaymentError):
    """Refused for good; the same request will never work. `code` is the provider's."""

    def __init__(self, message: str, *, code: str = "", request_id: str = "") -> None:
        super().__init__(message, request_id=request_id)
        self.code = code


class PaymentIdempotencyConflict(PaymentError):
    """The key was used with other parameters, or its first request failed at the provider: look, do not repeat."""


class InvalidPaymentSignature(PaymentError):
    """A webhook that the provider did not sign, or not just now.

    `reason`: no_key, missing, malformed, mismatch, too_old, too_new, no_event.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The signature of the webhook was refused: {reason}.")
        self.reason = reason


class PaymentSdkMissing(PaymentError):
    """The extra `[stripe]` is not installed."""
