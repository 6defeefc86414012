"""Which appointments hang together, by reschedules or a common reference, and which booking each names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from wagtail_calendly.bookings import linking
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Appointment
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.exceptions import InvalidReference
from wagtail_calendly.snippets.models import Terms

#: How far Calendly's clock may be behind ours.
CLOCK_TOLERANCE = timedelta(minutes=5)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def cluster(invitee_uri: str) -> dict[str, Appointment]:
    """By its URI, each appointment that reschedules or a common reference connect with this one."""
    uris, texts = {invitee_uri}, {""}
    while True:
        linked = Q(invitee_uri__in=uris) | Q(old_invitee_uri__in=uris) | Q(new_invitee_uri__in=uris)
        rows = list(
            Appointment.objects.filter(linked | _carries(texts - {""}))
            .select_related("booking")
            .defer("questions_and_answers", "location", "hosts")
        )
        wider = {row.invitee_uri for row in rows} | uris
        wider |= {uri for row in rows for uri in (row.old_invitee_uri, row.new_invitee_uri) if uri}
        carried = {text for row in rows for text in (row.reference, row.given_reference)}
        if wider == uris and texts >= carried:
            return {row.invitee_uri: row for row in rows}
        uris, texts = wider, texts | carried


def _carries(texts: set[str]) -> Q:
    return Q(reference__in=texts) | Q(given_reference__in=texts)


def reference_of(row: Appointment) -> str:
    """What staff or the booking's holder said counts more than what Calendly carried."""
    return row.given_reference or row.reference


def fits(
    reference: Reference,
    terms: Terms,
    *,
    account: str,
    event_type_uri: str,
    created_at: datetime | None,
) -> bool:
    """Whether an invitee of this event type, booked then, can have come of this reference."""
    return (
        event_type_uri == terms.event_type.uri
        and account == terms.event_type.account
        and (created_at or _END_OF_TIME) >= reference.minted_at - CLOCK_TOLERANCE
    )


def nodes(rows: Mapping[str, Appointment]) -> dict[str, linking.Node]:
    """The same appointments as `linking` wants them, each with the reference that it can have come of."""
    terms = _terms_of(rows.values())
    return {uri: _node(row, terms) for uri, row in rows.items()}


def _terms_of(rows: Iterable[Appointment]) -> dict[str, tuple[Reference, Terms]]:
    """By the text of each reference that can still be read: what it says, and its terms."""
    texts = {reference_of(row) for row in rows} - {""}
    read = {text: minted(text) for text in texts}
    found = Terms.objects.select_related("event_type").in_bulk(
        {reference.terms_id for reference in read.values() if reference}
    )
    return {
        text: (reference, found[reference.terms_id])
        for text, reference in read.items()
        if reference and reference.terms_id in found
    }


def _node(row: Appointment, terms: dict[str, tuple[Reference, Terms]]) -> linking.Node:
    meant = terms.get(reference_of(row))
    is_valid = meant and fits(
        *meant,
        account=row.account,
        event_type_uri=row.event_type_uri,
        created_at=row.invitee_created_at,
    )
    return linking.Node(
        uri=row.invitee_uri,
        old=row.old_invitee_uri,
        new=row.new_invitee_uri,
        reference=reference_of(row) if is_valid else "",
        created_at=row.invitee_created_at or _END_OF_TIME,
    )


def minted(text: str) -> Reference | None:
    """What this text says, if it is a reference of this site's."""
    try:
        return references.read(text)
    except InvalidReference:
        return None
