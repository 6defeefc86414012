"""One shape for every failure of the JSON API: `{"error": {"code", "message", "details"?}}`."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from wagtail_calendly.calendly import CalendlyError, CalendlyRateLimited
from wagtail_calendly.exceptions import (
    InvalidReference,
    LimitReached,
    NotConfigured,
    NotOurBooking,
    NotPayable,
    NotPossible,
    ShownChanged,
)


class Detail(Schema):
    """One thing wrong with what was sent: where, as `body.reference` or `query.limit`, and what."""

    where: str
    message: str


class Failure(Schema):
    """`code` is for programs and stays as it is; `message` is for people, in their language."""

    code: str
    message: str
    details: list[Detail] | None = None


class ErrorBody(Schema):
    """The body of every answer that is not a success."""

    error: Failure


class ApiError(Exception):
    """Refuse a request with this status; code and message default as in `refuse`."""

    def __init__(self, status: int, code: str = "", message: Any = "") -> None:
        super().__init__(code or status)
        self.status, self.code, self.message = status, code, message


DEFAULTS = {
    400: ("bad_request", _("The request could not be read. Compare it with the API's document.")),
    403: ("permission_denied", _("You may not do this.")),
    404: ("not_found", _("There is nothing here, or it is not offered any more.")),
    405: ("method_not_allowed", _("This address does not take that method.")),
    413: ("too_large", _("The request is too large.")),
    415: ("unsupported_media_type", _("Send JSON, as application/json.")),
}


def failures(*statuses: int) -> dict[int, type[ErrorBody]]:
    """For an operation's `response`: these statuses, all with the one shape."""
    return dict.fromkeys(statuses, ErrorBody)


def refuse(
    status: int,
    *,
    code: str = "",
    message: Any = "",
    details: list[dict[str, str]] | None = None,
    retry_after: int | None = None,
) -> HttpResponse:
    """The answer. Code and message default to those of the status; `retry_after` is in seconds."""
    usual_code, usual_message = DEFAULTS.get(status, ("refused", HTTPStatus(status).phrase))
    error: dict[str, Any] = {
        "code": code or usual_code,
        "message": str(message or usual_message),
    }
    if details:
        error["details"] = details
    response = JsonResponse({"error": error}, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def install(api: NinjaAPI) -> None:
    """Give each failure its answer."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
    return refuse(error.status, code=error.code, message=error.message)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """django-ninja's own, such as a body that is not JSON."""
    return refuse(error.status_code)


def _status(status: int) -> Callable[[HttpRequest, Exception], HttpResponse]:
    return lambda request, error: refuse(status)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Never repeats what was sent: it may be somebody's."""
    details = [
        {"where": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors
    ]
    return refuse(
        400, code="invalid", message=_("Some values do not fit. See details."), details=details
    )


def _limit_reached(request: HttpRequest, error: LimitReached) -> HttpResponse:
    return refuse(
        429,
        code="too_many_requests",
        message=_("Too many requests at once. Wait a moment, then try again."),
        retry_after=error.retry_after,
    )


def _unknown_reference(request: HttpRequest, error: InvalidReference) -> HttpResponse:
    return refuse(
        404,
        code="unknown_reference",
        message=_("This booking was not begun here. Choose the session again."),
    )


def _not_our_booking(request: HttpRequest, error: NotOurBooking) -> HttpResponse:
    return refuse(
        409,
        code="not_this_booking",
        message=_("Calendly knows another booking under this name. Nothing was changed."),
    )


def _not_payable(request: HttpRequest, error: NotPayable) -> HttpResponse:
    return refuse(
        409,
        code="not_payable",
        message=_("There is nothing to pay for this booking now. Nothing was charged."),
    )


def _shown_changed(request: HttpRequest, error: ShownChanged) -> HttpResponse:
    return refuse(
        409,
        code="shown_changed",
        message=_("What is given back has changed meanwhile. Nothing was canceled; look again."),
    )


def _not_possible(request: HttpRequest, error: NotPossible) -> HttpResponse:
    return refuse(
        409,
        code="not_possible",
        message=_("That cannot be done any more, or not yet. Nothing was changed."),
    )


def _no_calendly(request: HttpRequest, error: Exception) -> HttpResponse:
    """Calendly's own words are for the site's owner, not for visitors."""
    wait = error.retry_after if isinstance(error, CalendlyRateLimited) else None
    return refuse(
        503,
        code="calendly_unavailable",
        message=_("Calendly cannot be asked right now. Nothing was changed. Try again later."),
        retry_after=wait,
    )


def _database_down(request: HttpRequest, error: OperationalError) -> HttpResponse:
    return refuse(
        503,
        code="unavailable",
        message=_("This site is busy. Nothing was changed. Try again in a moment."),
        retry_after=5,
    )


_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    ApiError: _api_error,
    HttpError: _http_error,
    ValidationError: _invalid,
    Http404: _status(404),
    SuspiciousOperation: _status(400),
    UnreadablePostError: _status(400),
    RequestDataTooBig: _status(413),
    LimitReached: _limit_reached,
    InvalidReference: _unknown_reference,
    NotOurBooking: _not_our_booking,
    NotPayable: _not_payable,
    ShownChanged: _shown_changed,
    NotPossible: _not_possible,
    NotConfigured: _no_calendly,
    CalendlyError: _no_calendly,
    OperationalError: _database_down,
}
