"""What a visitor reads in each language: words, prices, days, times and zones, written as it writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.translations import LANGUAGES
from wagtail_calendly.bookings import when
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.payments.money import display
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.snippets.price_words import in_words
from wagtail_calendly.snippets.terms import terms_for
from wagtail_calendly.visitor import memory

START = datetime(2027, 1, 5, 14, tzinfo=UTC)
PARIS = "Europe/Paris"


@pytest.fixture(autouse=True)
def languages_of_the_site(settings: Any) -> Iterator[None]:
    settings.LANGUAGES = [(code, code) for code in ("en", *LANGUAGES)]
    yield
    translation.deactivate()


@pytest.mark.parametrize(
    ("language", "day", "zone"),
    [
        ("de", "Dienstag, 5. Januar 2027", "Mitteleuropäische Normalzeit"),
        ("es", "Martes, 5 de enero de 2027", "hora estándar de Europa central"),
        ("fr", "Mardi 5 janvier 2027", "heure normale d’Europe centrale"),
        ("nl", "Dinsdag 5 januari 2027", "Midden-Europese standaardtijd"),
    ],
)
def test_a_booking_stands_as_its_language_writes_it(
    client: Client,
    make_session_type: Callable[..., SessionType],
    make_booking: Callable[..., Booking],
    language: str,
    day: str,
    zone: str,
) -> None:
    """The session's language counts, since it is that of the page where it was chosen."""
    terms = terms_for(make_session_type("Chosen", language=language))
    booking = make_booking(terms=terms, starts_at=START, said={"timezone": PARIS})
    page = unescape(client.get(f"/calendly/bookings/{booking.token}/").text)
    assert f'<html lang="{language}"' in page
    assert day in page
    assert "15:00–15:30" in page
    assert zone in page
    with translation.override(language):
        assert translation.gettext("Your session is booked.") in page
    assert "Your session is booked." not in page


def test_the_panel_after_booking_speaks_no_second_language(
    client: Client,
    make_session_type: Callable[..., SessionType],
    make_booking: Callable[..., Booking],
) -> None:
    session_type = make_session_type("Choisie", language="fr")
    address = f"/calendly/sessions/{session_type.pk}-x/"
    client.get(address)
    make_booking(
        reference=client.session[memory.KEY][-1]["reference"],
        terms=terms_for(session_type),
        said={"location": {"kind": "zoom", "join_url": "https://zoom.us/j/1"}},
    )
    panel = client.get(address, headers={"HX-Request": "true", "Accept-Language": "en"}).text
    assert "Votre séance est réservée." in panel
    assert "En ligne" in panel
    assert "Online" not in panel


@pytest.mark.parametrize(
    ("preferred", "language", "sentence"),
    [
        ("de-AT,de;q=0.9", "de", "Dieser Termin ist nicht mehr verfügbar."),
        ("es-MX,en;q=0.5", "es", "Esta sesión ya no está disponible."),
        ("fr", "fr", "Cette séance n’est plus disponible."),
        ("nl-BE,fr;q=0.8", "nl", "Deze sessie is niet meer beschikbaar."),
        ("da", "en", "This session is not available any more."),
    ],
)
@pytest.mark.django_db
def test_where_there_is_no_session_the_browser_says_which(
    client: Client, preferred: str, language: str, sentence: str
) -> None:
    page = client.get("/calendly/sessions/4711-gone/", headers={"Accept-Language": preferred})
    assert f'<html lang="{language}"' in page.text
    assert sentence in unescape(page.text)


@pytest.mark.parametrize(
    ("language", "whole", "parts", "words"),
    [
        ("de", "60 €", "1.234,50 €", "60 € zzgl. Steuer"),
        ("es", "60 €", "1.234,50 €", "60 € más impuestos"),
        ("fr", "60 €", "1\u202f234,50 €", "60 € hors taxes"),
        ("nl", "€ 60", "€ 1.234,50", "€ 60 exclusief btw"),
    ],
)
def test_money(language: str, whole: str, parts: str, words: str) -> None:
    def plain(text: str) -> str:
        return text.replace("\xa0", " ")

    assert plain(display(6000, "EUR", language)) == whole
    assert plain(display(123450, "EUR", language)) == parts
    with translation.override(language):
        assert plain(in_words(SessionType(price=6000, currency="EUR", adds_tax=True))) == words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tuesday, January 5, 2027, 3:00\u202fPM (Central European Standard Time)"),
        ("es", "martes, 5 de enero de 2027, 15:00 (hora estándar de Europa central)"),
        ("fr", "mardi 5 janvier 2027, 15:00 (heure normale d’Europe centrale)"),
        ("nl", "dinsdag 5 januari 2027, 15:00 (Midden-Europese standaardtijd)"),
    ],
)
def test_a_moment_within_a_sentence_has_no_capital_that_its_language_does_not_write(
    language: str, said: str
) -> None:
    with translation.override(language):
        assert when.moment(START, PARIS) == said
