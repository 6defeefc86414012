"""Gathers every word to translate and brings the catalogues up to date: `make messages` runs this.

Babel does all of it, so that neither a person nor a build needs the tools of GNU gettext.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "de"
#: Where words stand, and where not: the simulator speaks as Calendly does, in English.
PLACES = (ROOT / "wagtail_calendly", ROOT / "site" / "demo")
EXCLUDED = {"simulator", "migrations"}
TEMPLATES = {".html", ".txt"}

LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
HEADER_COMMENT = "# The words of this place in German; `make messages` keeps the list complete."
HEADER = [
    ("Language", LANGUAGE),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
]


class Words(Catalog):
    """A catalogue whose header holds what readers of it need, and neither dates, tools nor names."""

    mime_headers = property(lambda self: HEADER, lambda self, value: None)


def po_of(place: Path) -> Path:
    """Where the words of this place are translated; the compiled file stands beside it."""
    return place / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def kept(place: Path) -> Catalog:
    """The catalogue as it stands in the repository; empty before there is one."""
    path = po_of(place)
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=LANGUAGE)


def translated(place: Path) -> Words:
    """All words of this place as they are now, with the translations that its catalogue has for them."""
    known = kept(place)
    words = Words(locale=LANGUAGE, header_comment=HEADER_COMMENT, fuzzy=False)
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


def _gathered(place: Path) -> Iterator[Message]:
    for path in sorted(place.rglob("*")):
        if EXCLUDED.isdisjoint(path.relative_to(place).parts) and path.suffix in {
            ".py",
            *TEMPLATES,
        }:
            source = _as_python(path) if path.suffix in TEMPLATES else path.read_text("utf-8")
            for _line, ids, comments, context in extract(
                "python", BytesIO(source.encode()), KEYWORDS, ["Translators"]
            ):
                where = [(path.relative_to(place).as_posix(), 0)]
                yield Message(ids, locations=where, auto_comments=comments, context=context)


def _as_python(template: Path) -> str:
    """A template as Django shows it to gettext, each line begun at the margin, as Python would have it."""
    return re.sub(r"(?m)^\s+", "", templatize(template.read_text("utf-8"), origin=str(template)))


if __name__ == "__main__":
    for place in PLACES:
        words = translated(place)
        po_of(place).parent.mkdir(parents=True, exist_ok=True)
        po_of(place).write_bytes(po(words))
        po_of(place).with_suffix(".mo").write_bytes(mo(words))
        missing = untranslated(words)
        sys.stdout.write(
            f"{place.name}: {len(words)} texts, {len(missing)} to translate {missing or ''}\n"
        )
