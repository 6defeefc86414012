"""One mail address in all its spellings: in capitals or not, its accents written one way or another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def plain(address: str) -> str:
    """The spelling by which addresses are compared. Nothing is left out: straße and strasse are two people's."""
    return _composed(_composed(address.strip()).lower())


def spellings(address: str) -> set[str]:
    """How databases may keep the address in small letters. Not all of them know other letters than A to Z."""
    return set(_spellings(plain(address)))


def _spellings(address: str) -> Iterator[str]:
    for text in (address, address.upper()):
        for written in (_composed(text), unicodedata.normalize("NFD", text)):
            yield "".join(letter.lower() if letter.isascii() else letter for letter in written)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
