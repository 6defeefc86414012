"""Gathers every word to translate and brings the catalogues up to date: `make messages` runs this.

Babel does all of it, so that neither a person nor a build needs the tools of GNU gettext.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
#: The languages that this package speaks besides English, each of them completely.
LANGUAGES = ("de", "es", "fr", "nl")
#: Where words stand, and where not: the simulator speaks as Calendly does, in English.
PLACES = (ROOT / "wagtail_calendly", ROOT / "site" / "demo")
EXCLUDED = {"simulator", "migrations"}
TEMPLATES = {".html", ".txt"}

LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}


class Words(Catalog):
    """A catalogue whose header holds what readers of it need, and neither dates, tools nor names."""

    def __init__(self, language: str) -> None:
        super().__init__(locale=language, fuzzy=False)
        self.header_comment = (
            f"# The words of this place in {self.locale.english_name};"
            " `make messages` keeps the list complete."
        )

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def po_of(place: Path, language: str) -> Path:
    """Where the words of this place are translated; the compiled file stands beside it."""
    return place / "locale" / language / "LC_MESSAGES" / "django.po"


def kept(place: Path, language: str) -> Catalog:
    """The catalogue as it stands in the repository; empty before there is one."""
    path = po_of(place, language)
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)


def translated(place: Path, language: str) -> Words:
    """All words of this place as they are now, with the translations that its catalogue has for them."""
    known = kept(place, language)
    words = Words(language)
    for message in _gathered(place):
        before = known.get(message.id, context=message.context)
        words.add(
            message.id,
            string=before.string if before else "",
            locations=message.locations,
            flags=before.flags if before else (),
            auto_comments=message.auto_comments,
            user_comments=before.user_comments if before else (),
            context=message.context,
        )
    return words


def po(words: Words) -> bytes:
    """As text for translators: with files and without lines, which would change all the time."""
    text = BytesIO()
    write_po(text, words, width=0, include_lineno=False)
    return text.getvalue()


def mo(words: Words) -> bytes:
    """As gettext reads it."""
    compiled = BytesIO()
    write_mo(compiled, words)
    return compiled.getvalue()


def untranslated(words: Catalog) -> list[str]:
    """The texts without a translation, with a doubtful one, or lacking one of its plural forms."""
    return [str(message.id) for message in words if message.id and not _is_translated(message)]


def _is_translated(message: Message) -> bool:
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return all(forms) and not message.fuzzy


@cache
def _gathered(place: Path) -> tuple[Message, ...]:
    """All texts of this place, in the order of its files: the same for every language."""
    return tuple(message for path in sorted(place.rglob("*")) for message in _texts(place, path))


def _texts(place: Path, path: Path) -> Iterator[Message]:
    if not _holds_words(place, path):
        return
    source = _as_python(path) if path.suffix in TEMPLATES else path.read_text("utf-8")
    where = [(path.relative_to(place).as_posix(), 0)]
    for _line, ids, comments, context in extract(
        "python", BytesIO(source.encode()), KEYWORDS, ["Translators"]
    ):
        yield Message(ids, locations=where, auto_comments=comments, context=context)


def _holds_words(place: Path, path: Path) -> bool:
    parts = path.relative_to(place).parts
    return EXCLUDED.isdisjoint(parts) and path.suffix in {".py", *TEMPLATES}


def _as_python(template: Path) -> str:
    """A template as Django shows it to gettext, each line begun at the margin, as Python would have it."""
    return re.sub(r"(?m)^\s+", "", templatize(template.read_text("utf-8"), origin=str(template)))


def bring_up_to_date(place: Path, language: str) -> None:
    """Write the list as it is now, keep what is translated, and name what is not."""
    words = translated(place, language)
    path = po_of(place, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po(words))
    path.with_suffix(".mo").write_bytes(mo(words))
    missing = untranslated(words)
    sys.stdout.write(
        f"{place.name}, {language}: {len(words)} texts, {len(missing)} to translate {missing or ''}\n"
    )


if __name__ == "__main__":
    for place in PLACES:
        for language in LANGUAGES:
            bring_up_to_date(place, language)
