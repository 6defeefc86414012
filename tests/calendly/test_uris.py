"""Resource names are parsed strictly: nothing but a canonical URI passes, and nothing else comes out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_calendly.calendly import CalendlyError, InvalidCalendlyURI, uris

IDS = st.text("ABCabc019_-", min_size=1, max_size=64)

HOSTILE = [
    "",
    "EV",
    "http://api.calendly.com/scheduled_events/EV/invitees/IN",
    "https://api.calendly.com.evil.example/scheduled_events/EV/invitees/IN",
    "https://evil.example/scheduled_events/EV/invitees/IN",
    "//api.calendly.com/scheduled_events/EV/invitees/IN",
    "http://169.254.169.254/scheduled_events/EV/invitees/IN",
    "https://api.calendly.com@evil.example/scheduled_events/EV/invitees/IN",
    "https://me:pass@api.calendly.com/scheduled_events/EV/invitees/IN",
    "https://api.calendly.com:8443/scheduled_events/EV/invitees/IN",
    "https://api.calendly.com/scheduled_events/EV/invitees/../../users/me",
    "https://api.calendly.com/scheduled_events/../invitees/IN",
    "https://api.calendly.com/scheduled_events/./invitees/IN",
    "https://api.calendly.com/scheduled_events/%2e%2e/invitees/IN",
    "https://api.calendly.com/scheduled_events/EV%2f..%2f/invitees/IN",
    "https://api.calendly.com/scheduled_events/\u2024\u2024/invitees/IN",
    "https://api\uff0ecalendly\uff0ecom/scheduled_events/EV/invitees/IN",
    "https://api.calendly.com/scheduled_events/ＥＶ/invitees/IN",  # noqa: RUF001
    "https://api.calendly.com/scheduled_events/٣/invitees/IN",
    "https://api.calendly.com/scheduled_events/EV/invitees/IN\r\nHost: evil.example",
    "https://api.calendly.com/scheduled_events/EV/invitees/IN\n",
    " https://api.calendly.com/scheduled_events/EV/invitees/IN",
    "https://api.calendly.com/scheduled_events/EV/invitees/IN?x=1",
    "https://api.calendly.com/scheduled_events/EV/invitees/IN#x",
    "https://api.calendly.com/scheduled_events/EV/invitees/IN/",
    "https://api.calendly.com//scheduled_events/EV/invitees/IN",
    "https://api.calendly.com\\scheduled_events/EV/invitees/IN",
    "https://api.calendly.com/scheduled_events/EV/invitees/" + "A" * 65,
    "https://api.calendly.com/scheduled_events//invitees/IN",
    "https://API.CALENDLY.COM/scheduled_events/EV/invitees/IN",
    "https://api.calendly.com/scheduled_events/EV",
    "https://api.calendly.com/users/EV/invitees/IN",
]


@pytest.mark.survives("foreign-address")
@pytest.mark.parametrize("uri", HOSTILE)
def test_hostile_uris_are_refused(uri):
    with pytest.raises(InvalidCalendlyURI):
        uris.invitee_ids(uri)


def test_what_is_no_text_is_refused():
    with pytest.raises(InvalidCalendlyURI):
        uris.event_id(None)  # type: ignore[arg-type]


@given(event=IDS, invitee=IDS)
def test_what_is_built_is_read_back(event, invitee):
    assert uris.invitee_ids(uris.invitee_uri(event, invitee)) == (event, invitee)
    assert uris.event_id(uris.event_uri(event)) == event
    assert uris.event_type_id(uris.event_type_uri(event)) == event
    assert uris.user_id(uris.user_uri(event)) == event
    assert uris.organization_id(uris.organization_uri(event)) == event


@given(st.text())
def test_no_builder_makes_a_uri_of_what_is_no_id(text):
    try:
        built = uris.invitee_uri("EV", text)
    except InvalidCalendlyURI:
        assert not re.fullmatch("[A-Za-z0-9_-]{1,64}", text)
    else:
        assert built == f"https://api.calendly.com/scheduled_events/EV/invitees/{text}"
        assert re.fullmatch("[A-Za-z0-9_-]{1,64}", text)


@given(
    place=st.integers(0, 55),
    intruder=st.text(min_size=1, max_size=3).filter(
        lambda t: not re.fullmatch("[A-Za-z0-9_-]*", t)
    ),
)
def test_nothing_foreign_can_be_slipped_in(place, intruder):
    uri = "https://api.calendly.com/scheduled_events/EV/invitees/IN"
    altered = uri[:place] + intruder + uri[place:]
    with pytest.raises(InvalidCalendlyURI):
        uris.invitee_ids(altered)


def test_each_kind_of_resource_has_its_own_name():
    assert uris.no_show_id("https://api.calendly.com/invitee_no_shows/NS") == "NS"
    assert uris.subscription_id("https://api.calendly.com/webhook_subscriptions/WH") == "WH"
    for parse in (uris.event_type_id, uris.user_id, uris.organization_id, uris.no_show_id):
        with pytest.raises(InvalidCalendlyURI):
            parse("https://api.calendly.com/scheduled_events/EV")


def test_the_error_is_both_a_calendly_error_and_a_value_error():
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        uris.event_id("https://evil.example/EV")
    assert isinstance(caught.value, CalendlyError)
    assert "evil" not in str(caught.value)
