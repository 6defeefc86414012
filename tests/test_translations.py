"""Every language is complete: no text without its translation, and gettext reads what translators wrote."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from tests.translations import LANGUAGES, PLACES, kept, po_of, translated, untranslated
from wagtail_calendly.bookings.models import Status

#: What a translation has to repeat as it is: values, HTML tags, and per cent signs.
REPEATED = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%|</?\w[^>]*>")
#: French puts a space that does not break before these, and inside its quotation marks.
BREAKING = re.compile(r" (?:[:;!?»]|%%)|« |[\w)](?:[;!?»]|:(?=\s|$))|«[^\xa0]")


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place.name)
def place(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(place: Path, language: str) -> Catalog:
    return kept(place, language)


def texts(catalogue: Catalog) -> set[tuple[str | None, object]]:
    return {(message.context, message.id) for message in catalogue if message.id}


def forms(words: object) -> tuple[str, ...]:
    """A text of one form or of several, always as several."""
    return (words,) if isinstance(words, str) else tuple(words)  # type: ignore[arg-type]


def repeated(words: object) -> list[set[str]]:
    return [set(REPEATED.findall(form)) for form in forms(words)]


def test_the_catalogue_holds_every_text_and_no_other(
    catalogue: Catalog, place: Path, language: str
) -> None:
    """`make messages` mends this, but for the translating."""
    assert texts(catalogue) == texts(translated(place, language))


def test_every_text_is_translated(catalogue: Catalog) -> None:
    assert untranslated(catalogue) == []


def test_translations_name_the_values_that_their_texts_do(catalogue: Catalog) -> None:
    assert [str(error) for message in catalogue for error in message.check(catalogue)] == []
    assert [m.id for m in catalogue if m.id and repeated(m.id) != repeated(m.string)] == []


def test_a_number_has_the_forms_that_its_language_knows(catalogue: Catalog, language: str) -> None:
    assert catalogue.plural_expr == ("(n > 1)" if language == "fr" else "(n != 1)")


def test_what_gettext_reads_is_what_translators_wrote(
    catalogue: Catalog, place: Path, language: str
) -> None:
    with po_of(place, language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue:
        if isinstance(message.id, tuple):
            read = tuple(compiled.ngettext(*message.id, number) for number in (1, 2))
            assert read == message.string
        elif message.context:
            assert compiled.pgettext(message.context, message.id) == message.string
        elif message.id:
            assert compiled.gettext(message.id) == message.string


def test_french_signs_are_not_torn_from_their_words(place: Path) -> None:
    """Where a line ends, neither a colon nor a quotation mark begins the next."""
    written = [form for m in kept(place, "fr") if m.id for form in forms(m.string)]
    assert written
    assert [form for form in written if BREAKING.search(form)] == []


def test_a_status_and_a_number_are_said_in_german() -> None:
    one, many = "%(seen)s event type", "%(seen)s event types"
    with translation.override("de"):
        assert Status.CONFIRMED.label == "bestätigt"
        assert ngettext(one, many, 1) % {"seen": 1} == "1 Event-Typ"
        assert ngettext(one, many, 3) % {"seen": 3} == "3 Event-Typen"


@pytest.mark.django_db
def test_headings_made_when_django_starts_are_said_in_the_readers_language(
    admin_client: Client,
) -> None:
    page = admin_client.get(
        reverse("wagtail_calendly_event_types:index"), headers={"accept-language": "de"}
    )
    assert {"Dauer", "Art", "Zustand", "Verwendet von"} <= {
        str(column.label) for column in page.context["table"].columns.values()
    }


def test_scripts_take_their_words_from_templates() -> None:
    """A script has no catalogue, so it may hold no sentence."""
    scripts = sorted((PLACES[0] / "static").rglob("*.js"))
    code = "\n".join(re.sub(r"(?m)(^|\s)//.*$|/\*.*?\*/", "", path.read_text()) for path in scripts)
    assert scripts
    assert re.findall(r"""["'`>][A-Z][\w’']* [\w ’'.,]+""", code) == []
