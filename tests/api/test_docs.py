"""The developers' page and the OpenAPI document: from this site alone, and only while switched on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as host
from django.test import Client

from tests.api.conftest import address, code

pytestmark = pytest.mark.django_db


@pytest.mark.survives("foreign-code")
def test_the_page_loads_nothing_from_elsewhere(client: Client) -> None:
    html = client.get(address("openapi-view")).content.decode()
    assert "ninja" not in host.INSTALLED_APPS
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)["']""", html)
    assert len(loaded) == 4
    for path in loaded:
        response = client.get(path)
        assert response.status_code == 200
        assert len(b"".join(response.streaming_content)) > 100


def test_scripts_and_styles_have_their_types(client: Client) -> None:
    types = {}
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "favicon.svg"):
        response = client.get(f"/calendly/api/docs/{name}")
        types[name] = response["Content-Type"].partition(";")[0]
        response.close()
    assert types["swagger-ui.css"] == "text/css"
    assert types["swagger-ui-bundle.js"] in {"text/javascript", "application/javascript"}
    assert types["favicon.svg"] == "image/svg+xml"


@pytest.mark.parametrize("name", ["../main.py", "redoc.standalone.js", "swagger-ui.css.map", ".."])
def test_nothing_else_can_be_loaded(client: Client, name: str) -> None:
    assert client.get(f"/calendly/api/docs/{name}").status_code == 404


def test_the_document_describes_every_failure(client: Client) -> None:
    document = client.get(address("openapi-json")).json()
    operation = document["paths"]["/calendly/api/bookings/confirm"]["post"]
    assert set(operation["responses"]) >= {"200", "400", "403", "404", "409", "429", "503"}
    body = operation["responses"]["429"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/ErrorBody"}


def test_it_can_be_switched_off(client: Client, settings: Any) -> None:
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"API_DOCS": False}
    for path in (
        address("openapi-view"),
        address("openapi-json"),
        "/calendly/api/docs/swagger-ui.css",
    ):
        response = client.get(path)
        assert (response.status_code, code(response)) == (404, "not_found")
