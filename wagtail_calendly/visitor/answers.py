"""How the visitor's pages answer: a fragment to htmx, a whole page to everyone else; never cached, never framed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from wagtail.models import Site

from wagtail_calendly.snippets.models import SessionType

View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """After a POST: the browser fetches the next page with GET."""

    status_code = 303


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks. Read from the header, so that the host needs no middleware of htmx."""
    return request.headers.get("HX-Request") == "true"


def site_of(request: HttpRequest) -> Site:
    """The site of this host; 404 where there is none."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The fragment alone, or within the page that sites override."""
    template = f"wagtail_calendly/visitor/{template}"
    if is_fragment(request):
        return render(request, template, dict(context), status=status)
    page = {**context, "fragment": template}
    return render(request, "wagtail_calendly/visitor/page.html", page, status=status)


@contextmanager
def speaking(session_type: SessionType | None) -> Iterator[None]:
    """Answer in the language of the session, whatever the browser prefers: it is swapped into its page."""
    if session_type is None:
        yield
        return
    with translation.override(session_type.locale.language_code):
        yield


def private(*, referrer: str = "same-origin") -> Callable[[View], View]:
    """For views whose answer is one visitor's own.

    `referrer` is the page's Referrer-Policy. A page with a form needs "same-origin": under
    "no-referrer" browsers send `Origin: null` with the form, which Django's CSRF check refuses.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            response["X-Robots-Tag"] = "noindex"
            response["Referrer-Policy"] = referrer
            response["X-Frame-Options"] = "DENY"
            patch_vary_headers(response, ["HX-Request"])
            return response

        return login_not_required(answered)

    return decorate
