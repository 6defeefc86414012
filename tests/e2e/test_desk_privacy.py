"""A person is erased in the admin, and a delivery that comes late brings nothing of them back."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import Stage
from tests.e2e.test_site_owner import sign_in
from tests.faults.conftest import send
from wagtail_calendly.bookings import reference as references
from wagtail_calendly.bookings.models import Appointment, Booking, WebhookDelivery
from wagtail_calendly.snippets.terms import terms_for

EMAIL = "canary@example.org"


@pytest.mark.browser
@pytest.mark.survives("erased-comes-back")
def test_a_late_delivery_brings_nobody_back(
    page: Page, context: BrowserContext, stage: Stage
) -> None:
    created, canceled = booked_and_canceled(stage)
    assert send(canceled) == 200
    owner = show(sign_in(context, stage))
    expect(owner.get_by_role("cell", name="First talk")).to_be_visible()
    with owner.expect_download() as saved:
        owner.get_by_role("button", name="Export").click()
    assert "Canary Yellowfeather" in saved.value.path().read_text()
    owner.get_by_role("button", name="Erase…").click()
    expect(owner.get_by_text("1 booking no longer says whose it is.")).to_be_visible()
    owner.get_by_role("button", name="Erase for good").click()
    expect(owner.get_by_text("Data deletion")).to_be_visible()
    assert send(created) == 200
    assert WebhookDelivery.objects.get(event="invitee.created").state == "done"
    assert Appointment.objects.get().name == ""
    expect(show(owner).get_by_text("Nothing is kept under this address.")).to_be_visible()
    assert EMAIL not in "".join(other.url for other in context.pages)
    owner.goto(f"{stage.site_url}/admin/calendly/bookings/inspect/{Booking.objects.get().pk}/")
    expect(owner.get_by_text("Personal data erased")).to_be_visible()


def booked_and_canceled(stage: Stage) -> list[bytes]:
    """What Calendly would deliver of this, and does not yet."""
    stage.simulator.webhooks("hold")
    stage.subscribe()
    terms = terms_for(stage.sessions[0])
    reference = references.mint(terms_id=terms.pk, site_id=stage.page.get_site().pk)
    person = {"name": "Canary Yellowfeather", "email": EMAIL}
    carried = {"utm_content": reference.text}
    made = stage.simulator.book("consultation", tracking=carried, **person)
    stage.simulator.cancel(made["invitee"]["uri"], reason="The canary is ill")
    return [item["body"].encode() for item in stage.simulator.deliveries()]


def show(owner: Page) -> Page:
    """What is kept of the canary, by the menu."""
    owner.get_by_role("button", name="Bookings").click()
    owner.get_by_role("link", name="Personal data", exact=True).first.click()
    owner.get_by_label("E-mail address").fill(EMAIL)
    owner.get_by_role("button", name="Show what is kept").click()
    return owner
