"""Editors' rich text for the plain part of a mail: paragraphs, and links with their addresses."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address = dict(attrs).get("href") or ""
        elif tag in {"br", "li"}:
            self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address and not self.text.endswith(self._address):
            self.text += f" ({self._address})"
        elif tag == "p":
            self.text += "\n\n"

    def handle_data(self, data: str) -> None:
        self.text += re.sub(r"\s+", " ", data)


def plain(html: str) -> str:
    """The same words without markup."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return parser.text.strip()
