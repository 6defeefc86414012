"""The API's page for developers: django-ninja's own, with its assets from this site and not from a CDN."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import ninja
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from wagtail_calendly import conf
from wagtail_calendly.api.errors import refuse

ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-init.js", "favicon.svg")
# Served from where they are installed, so that hosts need not add "ninja" to INSTALLED_APPS.
_FOLDER = Path(ninja.__file__).parent / "static" / "ninja"


class DocsPage(DocsBase):
    """Swagger UI. It holds a CSRF token, so that operations can be tried out."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        settings = {
            "layout": "BaseLayout",
            "deepLinking": True,
            "url": self.get_openapi_url(api, kwargs),
        }
        context = {"api": api, "settings": settings}
        return render(request, "wagtail_calendly/api/docs.html", context)


def if_switched_on(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The page and the document exist only while the setting API_DOCS says so."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if conf.load().api_docs else refuse(404)

    return shown


@if_switched_on
def asset(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file of the page."""
    if name not in ASSETS:
        return refuse(404)
    content_type = mimetypes.guess_type(name)[0]
    response = FileResponse((_FOLDER / name).open("rb"), content_type=content_type)
    response["Cache-Control"] = "max-age=86400"
    return response
