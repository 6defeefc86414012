"""Who may call an operation. django-ninja exempts operations from CSRF checks; these put them back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.utils import check_csrf

from wagtail_calendly import limits
from wagtail_calendly.api.errors import ApiError

JSON = "application/json"


def visitor_post(request: HttpRequest) -> bool:
    """For what any visitor may post: JSON, from a page of this site, so many in a minute."""
    _same_site(request)
    limits.visitor(request)
    return True


def staff(permission: str) -> Callable[[HttpRequest], bool]:
    """For what staff may do who are logged in and have this permission."""

    def has_permission(request: HttpRequest) -> bool:
        if request.method not in {"GET", "HEAD"}:
            _same_site(request)
        if not request.user.has_perm(permission):
            raise ApiError(403)
        return True

    return has_permission


def _same_site(request: HttpRequest) -> None:
    """Raise `ApiError` for what a foreign page could make a browser send."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise ApiError(403, "cross_site", _("This can only be asked from a page of this site."))
    # Before the token is looked for: a form is not parsed, and foreign forms cannot send JSON.
    if request.content_type != JSON:
        raise ApiError(415)
    if check_csrf(request):
        raise ApiError(
            403,
            "csrf_failed",
            _("Your visit could not be recognised. Allow cookies, reload the page and try again."),
        )
