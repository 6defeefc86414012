"""What can go wrong at Calendly. Each error's text says what happened and what to do.

No text holds a token, an id, or anything that was sent or answered, so that it may be logged and shown.
https://developer.calendly.com/api-docs/overview/api/api-conventions
"""

from __future__ import annotations

from typing import ClassVar


class CalendlyError(Exception):
    """Root of everything this client raises.

    `status` is the HTTP status, None when there was no answer; `title` is Calendly's own title of the
    error; `vendor_message` is its sentence, meant for comparing and not for showing.
    """

    advice: ClassVar[str] = "The call to Calendly failed."

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        title: str = "",
        vendor_message: str = "",
    ) -> None:
        super().__init__(message or self.advice)
        self.status = status
        self.title = title
        self.vendor_message = vendor_message


class CalendlyAuthenticationError(CalendlyError):
    """401: the access token is wrong, expired or revoked."""

    advice = (
        "Calendly does not accept the access token; it was revoked, or its owner changed the login. "
        "Create a new token at Calendly and put it in the settings."
    )


class CalendlyPermissionError(CalendlyError):
    """403: scopes, role or plan do not allow this. `missing_scopes` is empty when Calendly named none."""

    advice = (
        "Calendly does not allow this to the owner of the access token. "
        "Check their role in the organization, and the plan."
    )

    def __init__(
        self,
        message: str = "",
        *,
        missing_scopes: tuple[str, ...] = (),
        status: int | None = None,
        title: str = "",
        vendor_message: str = "",
    ) -> None:
        if missing_scopes and not message:
            message = (
                f"The access token lacks the scopes this needs: {', '.join(missing_scopes)}. "
                "Create a token that has them and put it in the settings."
            )
        super().__init__(message, status=status, title=title, vendor_message=vendor_message)
        self.missing_scopes = missing_scopes


class CalendlyNotFound(CalendlyError):
    """404: deleted, or not visible to the owner of the token."""

    advice = (
        "Calendly knows nothing under this name; it was deleted, or the owner of the access token "
        "may not see it. Check that the token belongs to the right account."
    )


class CalendlyConflict(CalendlyError):
    """409: it exists already, or the time is taken."""

    advice = (
        "Calendly has this already, or the time is taken. Read what is there before trying again."
    )


class CalendlyInvalidRequest(CalendlyError):
    """400: parameters refused. `details` has one dict per fault: message and perhaps parameter, code."""

    advice = "Calendly refused what was sent. Correct it before trying again."

    def __init__(
        self,
        message: str = "",
        *,
        details: tuple[dict[str, str], ...] = (),
        status: int | None = None,
        title: str = "",
        vendor_message: str = "",
    ) -> None:
        super().__init__(message, status=status, title=title, vendor_message=vendor_message)
        self.details = details


class CalendlyRateLimited(CalendlyError):
    """429, or refused here so that visitors keep their share (`status` None). `retry_after` in seconds."""

    advice = "Calendly allows no more calls for now. Try again later."

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: int = 60,
        status: int | None = None,
        title: str = "",
        vendor_message: str = "",
    ) -> None:
        message = message or (
            f"Calendly allows no more calls for now. Try again in {retry_after} seconds."
        )
        super().__init__(message, status=status, title=title, vendor_message=vendor_message)
        self.retry_after = retry_after


class CalendlyUnavailable(CalendlyError):
    """No answer, or 5xx. Whether the call took effect is unknown, unless `unsent`."""

    advice = "Calendly does not answer as it should. Try again in a minute."

    def __init__(
        self,
        message: str = "",
        *,
        unsent: bool = False,
        status: int | None = None,
        title: str = "",
        vendor_message: str = "",
    ) -> None:
        super().__init__(message, status=status, title=title, vendor_message=vendor_message)
        self.unsent = unsent


class CalendlyUnexpectedResponse(CalendlyError):
    """An answer that is not in Calendly's documentation, or not readable."""

    advice = (
        "Calendly answered with something that is not understood. Check the address of the API; "
        "if it is right, look for a newer version of this package."
    )


class InvalidCalendlyURI(CalendlyError, ValueError):
    """A text that is not the URI of such a resource. Nothing was requested."""

    advice = "This is not the name of such a resource at Calendly. Nothing was requested."
