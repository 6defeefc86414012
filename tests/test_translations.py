"""German is complete: no text without its translation, and what gettext reads is what translators wrote."""

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

from tests.translations import PLACES, kept, po_of, translated, untranslated
from wagtail_calendly.bookings.models import Status

places = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


def texts(catalogue: Catalog) -> set[tuple[str | None, object]]:
    return {(message.context, message.id) for message in catalogue if message.id}


@places
def test_the_catalogue_holds_every_text_and_no_other(place: Path) -> None:
    """`make messages` mends this, but for the translating."""
    assert texts(kept(place)) == texts(translated(place))


@places
def test_every_text_is_translated(place: Path) -> None:
    assert untranslated(kept(place)) == []


@places
def test_translations_name_the_values_that_their_texts_do(place: Path) -> None:
    catalogue = kept(place)
    assert [str(error) for message in catalogue for error in message.check(catalogue)] == []


@places
def test_what_gettext_reads_is_what_translators_wrote(place: Path) -> None:
    with po_of(place).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in kept(place):
        if isinstance(message.id, tuple):
            forms = tuple(compiled.ngettext(*message.id, number) for number in (1, 2))
            assert forms == message.string
        elif message.context:
            assert compiled.pgettext(message.context, message.id) == message.string
        elif message.id:
            assert compiled.gettext(message.id) == message.string


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
