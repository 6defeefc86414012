"""Both vendors for one effect: their clients with the time that it has, and whom an error concerns."""

from __future__ import annotations

import time
from functools import cached_property

from wagtail_calendly import accounts
from wagtail_calendly.bookings import health
from wagtail_calendly.bookings.models import Payment
from wagtail_calendly.calendly import CalendlyClient, CalendlyError
from wagtail_calendly.exceptions import NotConfigured, OtherInstallation, OtherMode
from wagtail_calendly.payments import PaymentProvider

#: What one effect may spend, well within its lease.
SECONDS = 120.0


class Vendors:
    """Clients are built when they are first asked for: most effects need one of them only.

    `seconds` is a visitor's patience; without it the calls yield to visitors.
    """

    def __init__(self, account: str, seconds: float | None) -> None:
        self.account = account
        self._is_background = seconds is None
        self._ends_at = time.monotonic() + (SECONDS if seconds is None else seconds)

    @cached_property
    def calendly(self) -> CalendlyClient:
        """Raises `NotConfigured`."""
        client = accounts.calendly(self.account)
        if self._is_background:
            client = client.for_background()
        return client.within(self._seconds)

    @cached_property
    def payments(self) -> PaymentProvider:
        """Raises `PaymentsNotConfigured`."""
        return accounts.payments().within(self._seconds)

    def payments_of(self, payment: Payment) -> PaymentProvider:
        """The provider that this payment is known to. Raises `OtherMode` for a copy of another site's database."""
        if payment.mode not in ("", self.payments.mode):
            raise OtherMode(payment.mode, self.payments.mode)
        return self.payments

    @property
    def used(self) -> set[str]:
        """The accounts that were asked for, by the names of their connections."""
        names = {"calendly": self.account, "payments": health.PAYMENTS}
        return {account for name, account in names.items() if name in vars(self)}

    def concerned(self, error: Exception) -> str:
        """The account whose trouble this is; empty where it is neither's."""
        if health.is_of_payments(error):
            return health.PAYMENTS
        own = (CalendlyError, NotConfigured, OtherInstallation)
        return self.account if isinstance(error, own) else ""

    @property
    def _seconds(self) -> float:
        return max(self._ends_at - time.monotonic(), 0.1)
