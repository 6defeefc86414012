"""What tests of bookings share: an offered session, and a teller of what Calendly says about it."""

from __future__ import annotations

import pytest

from tests.bookings.stories import START, Teller
from tests.factories import TermsFactory, default_site
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.reference import Reference
from wagtail_calendly.snippets.models import Terms


@pytest.fixture
def terms(db: None) -> Terms:
    """A free session type's terms."""
    return TermsFactory()


@pytest.fixture
def reference(terms: Terms) -> Reference:
    """Minted when the stories begin."""
    return references.mint(terms_id=terms.pk, site_id=default_site().pk, now=START)


@pytest.fixture
def tell(terms: Terms, reference: Reference) -> Teller:
    return Teller(event_type=terms.event_type.uri, reference=reference.text)
