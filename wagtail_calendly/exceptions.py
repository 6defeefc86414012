"""The errors of our own that callers may want to catch; Calendly's own are in `wagtail_calendly.calendly`."""


class WagtailCalendlyError(Exception):
    """Root of the package's errors."""


class NotConfigured(WagtailCalendlyError):
    """Something was asked for that `settings.WAGTAIL_CALENDLY` does not provide, such as an account without a token."""


class InvalidReference(WagtailCalendlyError, ValueError):
    """A reference that we did not mint, or that was altered on its way."""


class NotOurBooking(WagtailCalendlyError):
    """What the visitor named exists, but it is not the booking that the reference stands for."""


class LimitReached(WagtailCalendlyError):
    """Too many requests from one visitor, or an account's budget is used up; try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after} seconds.")
        self.retry_after = retry_after
