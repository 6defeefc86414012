"""Forms whose keys nest in brackets, `line_items[0][price_data][currency]`, as nested values and back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(text: str) -> dict[str, Any]:
    """Texts in dicts and lists; ValueError where a key is malformed or is both text and more."""
    root: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        node = root
        *outer, last = _names(key)
        for name in outer:
            node = node.setdefault(_place(node, name), {})
            if not isinstance(node, dict):
                raise ValueError(f"{key} is given in two ways")
        if isinstance(node.get(last), dict):
            raise ValueError(f"{key} is given in two ways")
        node[_place(node, last)] = value
    return {name: _listed(value) for name, value in root.items()}


def _names(key: str) -> list[str]:
    found = KEY.fullmatch(key)
    if not found:
        raise ValueError(f"{key} cannot be read")
    return [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]


def _place(node: dict[str, Any], name: str) -> str:
    """`[]` stands for the next place."""
    return name or str(len(node))


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    nested = {name: _listed(inner) for name, inner in value.items()}
    if all(name.isdigit() for name in nested):
        return [nested[name] for name in sorted(nested, key=int)]
    return nested


def at(path: str, name: str | int) -> str:
    """The key of something inside, as Stripe names it in its errors."""
    return f"{path}[{name}]" if path else str(name)
