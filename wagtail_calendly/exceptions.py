"""The errors of our own that callers may want to catch; Calendly's own are in `wagtail_calendly.calendly`."""


class WagtailCalendlyError(Exception):
    """Root of the package's errors."""


class NotConfigured(WagtailCalendlyError):
    """Something was asked for that `settings.WAGTAIL_CALENDLY` does not provide, such as an account without a token."""


class PaymentsNotConfigured(NotConfigured):
    """Money was asked for, and there is no payment provider, or none that can be used."""


class OtherMode(WagtailCalendlyError):
    """A payment of live mode, and a key of test mode, or the other way round: nothing was called."""

    def __init__(self, theirs: str, ours: str) -> None:
        super().__init__(
            f"There are payments made in {theirs} mode, and the key is of {ours} mode. "
            "They are left alone until the key is of their mode again."
        )


class OtherInstallation(WagtailCalendlyError):
    """The database belongs to a site at another address, so that this may be a copy of it: nothing was done."""

    def __init__(self, theirs: str, ours: str) -> None:
        super().__init__(
            f"This database serves {theirs}, and this is {ours}: a copy does nothing. "
            "If the site has moved, run: manage.py calendly_work --moved"
        )


class SharedEvent(WagtailCalendlyError):
    """An event that others are booked on, too: canceling it would cancel all of them."""


class InvalidReference(WagtailCalendlyError, ValueError):
    """A reference that we did not mint, or that was altered on its way."""


class NotOurBooking(WagtailCalendlyError):
    """What the visitor named exists, but it is not the booking that the reference stands for."""


class LimitReached(WagtailCalendlyError):
    """Too many requests from one visitor, or an account's budget is used up; try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class NotPossible(WagtailCalendlyError):
    """What was asked for cannot be done any more, or not yet; nothing has changed."""


class NotPayable(NotPossible):
    """There is nothing to pay for this booking now."""


class ShownChanged(NotPossible):
    """What somebody confirmed is not what stands any more: show `total` (minor units) and ask again."""

    def __init__(self, total: int) -> None:
        super().__init__(f"What is to stand refunded in all is {total} now.")
        self.total = total


class NotErasable(NotPossible):
    """Somebody's data are still needed; `steps` say in words why, and what to do first."""

    def __init__(self, steps: list[str]) -> None:
        super().__init__(" ".join(steps))
        self.steps = steps
