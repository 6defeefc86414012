"""One mail address in all its spellings: in capitals or not, its accents written one way or another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_COMPOSED, _APART = "NFC", "NFD"


def plain(address: str) -> str:
    """The spelling by which addresses are compared. Nothing is left out: straße and strasse are two people's."""
    return unicodedata.normalize(
        _COMPOSED, unicodedata.normalize(_COMPOSED, address.strip()).lower()
    )


def spellings(address: str) -> set[str]:
    """How databases may keep the address in small letters. Not all of them know other letters than A to Z."""
    return set(_spellings(plain(address)))


def _spellings(address: str) -> Iterator[str]:
    for form in (_COMPOSED, _APART):
        for text in (address, address.upper()):
            yield "".join(
                letter.lower() if letter.isascii() else letter
                for letter in unicodedata.normalize(form, text)
            )
