"""Which appointment belongs to which reference. A pure function of all that is known, so order cannot matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True)
class Node:
    """An appointment as linking sees it. `reference` is empty unless it is valid for this appointment."""

    uri: str
    old: str
    new: str
    reference: str
    created_at: datetime


class Place(NamedTuple):
    """Where an appointment belongs: the first of its chain, and the reference that chain has, if any."""

    top: str
    reference: str


def assign(nodes: Iterable[Node]) -> dict[str, Place]:
    """The place of each invitee URI.

    A chain of reschedules belongs to the reference of its first appointment. Where a reference was used
    twice, the chain that began first has it, for ever; one whose true beginning is unknown comes last.
    """
    known = {node.uri: node for node in nodes}
    before = _predecessors(known)
    top_of = {uri: _top(uri, before) for uri in known}
    winners: dict[str, str] = {}
    for top in sorted((known[uri] for uri in set(top_of.values())), key=_rank):
        winners.setdefault(top.reference, top.uri)
    return {
        uri: Place(top, known[top].reference if winners[known[top].reference] == top else "")
        for uri, top in top_of.items()
    }


def _rank(node: Node) -> tuple[bool, datetime, str]:
    return bool(node.old), node.created_at, node.uri


def _predecessors(known: Mapping[str, Node]) -> dict[str, str]:
    """Either half of a reschedule tells of the other; the newer half's word counts more."""
    named_by_older = {node.new: node.uri for node in sorted(known.values(), key=_rank) if node.new}
    named_by_newer = {node.uri: node.old for node in known.values() if node.old in known}
    return {uri: old for uri, old in (named_by_older | named_by_newer).items() if uri in known}


def _top(uri: str, before: Mapping[str, str]) -> str:
    """The first of the chain; in a circle, which Calendly never makes, the smallest of it."""
    seen = [uri]
    while (older := before.get(seen[-1])) is not None:
        if older in seen:
            return min(seen[seen.index(older) :])
        seen.append(older)
    return seen[-1]
