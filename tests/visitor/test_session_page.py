"""Choosing a session: what is minted, kept, answered and never written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Booking, Connection, Status
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.settings import BookingSettings
from wagtail_calendly.visitor import memory

HTMX = {"HX-Request": "true"}


def minted(client: Client) -> list[str]:
    return [choice["reference"] for choice in client.session[memory.KEY]]


def frame_query(content: str) -> list[tuple[str, str]]:
    address = content.partition('data-address="')[2].partition('"')[0].replace("&amp;", "&")
    return parse_qsl(urlsplit(address).query)


def test_a_get_mints_a_reference_and_writes_no_row(client, address, session_type, site):
    response = client.get(address)
    assert response.status_code == 200
    parsed = references.read(minted(client)[0])
    assert parsed.site_id == site.pk
    assert not Booking.objects.exists()
    assert not BookingSettings.objects.exists()
    assert frame_query(response.text)[-1] == ("utm_content", parsed.text)


@pytest.mark.survives("framed")
def test_answers_are_private_and_never_framed(client, address):
    response = client.get(address)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Robots-Tag"] == "noindex"
    # Under "no-referrer" browsers send `Origin: null` with the form, and CSRF would refuse it.
    assert response["Referrer-Policy"] == "same-origin"
    assert "HX-Request" in response["Vary"]


def test_htmx_gets_the_fragment_alone_and_its_csrf_token(client, address):
    page, fragment = client.get(address), client.get(address, headers=HTMX)
    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert "csrfmiddlewaretoken" in fragment.text
    assert "csrftoken" in fragment.cookies


def test_the_marker_says_that_there_is_something_to_resume(client, address):
    cookie = client.get(address).cookies[memory.MARKER]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("1", "Lax", "")


def test_a_reload_keeps_the_reference_while_it_is_young(client, address):
    client.get(address)
    client.get(address)
    assert len(set(minted(client))) == 1
    with time_machine.travel(timezone.now() + memory.YOUNG + timedelta(minutes=2)):
        client.get(address)
    assert len(set(minted(client))) == 2


def test_another_page_gets_a_reference_of_its_own_and_both_stay_held(client, address, rf):
    client.get(address)
    client.get(f"{address}?page=7")
    first, second = minted(client)
    assert references.read(first).page_id is None
    assert references.read(second).page_id == 7


def test_what_is_remembered_is_bounded(client, address):
    for page in range(1, 2 * memory.MOST):
        client.get(f"{address}?page={page}")
    assert len(minted(client)) == memory.MOST


@pytest.mark.parametrize(
    "query",
    [
        "page=",
        "page=0",
        "page=x",
        "page=99999999999",
        "embed=evil",
        "consent=",
        "again=%3Cscript%3E",
        "page=-1",
    ],
)
def test_a_mangled_query_is_no_dead_end(client, address, query):
    assert client.get(f"{address}?{query}").status_code == 200


def test_campaign_values_go_along_but_cannot_replace_the_reference(client, address):
    query = {"utm_source": "news", "utm_content": "evil", "utm_evil": "x", "utm_term": "y" * 256}
    query["utm_campaign"] = "somebody@example.org"
    response = client.get(address, query)
    asked = dict(frame_query(response.text))
    assert asked["utm_source"] == "news"
    assert asked["utm_content"] == minted(client)[0]
    assert not {"utm_evil", "utm_term", "utm_campaign"} & set(asked)


@pytest.mark.survives("led-elsewhere")
@pytest.mark.parametrize(
    "page", ["//evil.example", "https://evil.example", "javascript:alert(1)", "1"]
)
def test_the_way_back_is_a_path_of_this_site(client, address, page):
    content = client.get(address, {"page": page, "next": page}).text
    assert "evil.example" not in content.partition("<body")[2]
    assert 'href="/" data-wc-change' in content


def test_what_cannot_be_booked_offers_others(client, address, session_type, make_session_type):
    make_session_type("Second talk")
    session_type.event_type.active = False
    session_type.event_type.save()
    response = client.get(address, {"embed": "popup"})
    assert response.status_code == 200
    assert "not available any more" in response.text
    assert "Second talk" in response.text
    assert "embed=popup" in response.text
    assert memory.KEY not in client.session


def test_a_session_that_never_was_offers_others_as_well(client, make_session_type):
    make_session_type("Second talk")
    response = client.get("/calendly/sessions/4711-gone/")
    assert "Second talk" in response.text


def test_a_troubled_account_gets_a_plain_link_instead_of_a_broken_frame(client, address):
    Connection.objects.create(account="default", problem="401")
    content = client.get(address).text
    assert "<calendly-embed" not in content
    assert f"utm_content={minted(client)[0]}" in content
    assert "I have booked my time" in content


def test_an_address_that_is_not_calendlys_is_never_framed(client, address, session_type):
    session_type.event_type.scheduling_url = "https://evil.example/x"
    session_type.event_type.save()
    assert "<calendly-embed" not in client.get(address).text


def test_the_session_speaks_its_own_language(client, make_session_type: Callable[..., SessionType]):
    german = make_session_type("Erstes Treffen", language="de")
    response = client.get(
        f"/calendly/sessions/{german.pk}-x/", headers={"Accept-Language": "en", **HTMX}
    )
    assert ("locale", "de") in frame_query(response.text)


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.AWAITING_PAYMENT])
def test_a_used_reference_leads_to_its_booking(client, address, reference, make_booking, status):
    booking = make_booking(status, reference=reference)
    page = client.get(address)
    assert page.status_code == 303
    assert booking.token in page["Location"]
    assert "See your booking" in client.get(address, headers=HTMX).text


def test_another_time_can_be_booked_after_a_used_reference(
    client, address, reference, make_booking
):
    make_booking(reference=reference)
    assert client.get(f"{address}?again={reference[-8:]}").status_code == 200
    assert minted(client)[-1] != reference
    # The new one is unused: a reload of the very same address keeps it.
    kept = minted(client)[-1]
    client.get(f"{address}?again={reference[-8:]}")
    assert minted(client)[-1] == kept


@pytest.mark.parametrize("status", [Status.CANCELED, Status.ABANDONED, Status.COMPLETED])
def test_after_a_booking_that_is_over_a_new_reference_is_minted(
    client, address, reference, make_booking, status
):
    make_booking(status, reference=reference)
    assert client.get(address).status_code == 200
    assert minted(client)[-1] != reference


def test_a_visitor_who_claimed_too_early_gets_the_calendar_again(
    client, address, reference, session_type, site
):
    terms = session_type.terms.get()
    Booking.objects.create(reference=reference, site=site, terms=terms, claimed_at=timezone.now())
    response = client.get(address)
    assert response.status_code == 200
    assert minted(client)[-1] == reference


def test_resume_offers_the_current_choice(client, address, reference):
    response = client.get("/calendly/resume/", headers=HTMX)
    assert "Continue where you were" in response.text
    assert address in response.text


def test_resume_offers_the_booking(client, reference, make_booking):
    booking = make_booking(reference=reference)
    assert booking.token in client.get("/calendly/resume/", headers=HTMX).text


def test_nothing_to_resume_takes_the_marker_back_and_sets_no_session(client, site):
    response = client.get("/calendly/resume/", headers=HTMX)
    assert response.status_code == 204
    assert response.cookies[memory.MARKER].value == ""
    assert set(response.cookies) == {memory.MARKER}


def test_what_another_key_signed_is_forgotten(client, address, reference, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", ["only-for-tests"]
    assert client.get(address).status_code == 200


@pytest.mark.survives("another-site")
def test_another_sites_choice_is_not_resumed(client, reference, site):
    Site.objects.create(hostname="other.testserver", root_page=site.root_page, port=80)
    response = client.get("/calendly/resume/", headers={"Host": "other.testserver", **HTMX})
    assert response.status_code == 204


def test_only_a_visitor_who_is_logged_in_is_prefilled(client, address, django_user_model):
    assert "data-prefill" not in client.get(address).text
    client.force_login(django_user_model.objects.create_user("vi", "vi@example.org", "x"))
    content = client.get(address).text
    assert "vi@example.org" in content
    assert "vi%40example.org" not in content
