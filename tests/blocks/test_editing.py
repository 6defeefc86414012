"""What editors get: help before visitors see a fault, and previews that need no network."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.blocks import CharBlock, StructBlockValidationError, StructValue

from tests.blocks.conftest import booking, make_page, make_session
from tests.host.models import HostPage
from wagtail_calendly.blocks import BookingBlock

pytestmark = pytest.mark.django_db


def block() -> BookingBlock:
    return HostPage.body.field.stream_block.child_blocks["booking"]  # type: ignore[no-any-return]


def clean(**values: Any) -> StructValue:
    return block().clean(block().normalize(booking(**values)))


def errors(**values: Any) -> dict[str, ValidationError]:
    with pytest.raises(StructBlockValidationError) as raised:
        clean(**values)
    return dict(raised.value.block_errors)


def test_an_empty_block_is_refused_with_the_mend() -> None:
    assert "Choose a session" in errors()["sessions"].message


def test_all_live_sessions_need_none_chosen() -> None:
    assert clean(all_sessions=True)["all_sessions"]


def test_the_direct_layout_takes_exactly_one_session() -> None:
    one, two = make_session(), make_session()
    assert clean(sessions=[one], layout="direct")
    assert "exactly one" in errors(sessions=[one, two], layout="direct")["layout"].message
    assert "exactly one" in errors(all_sessions=True, layout="direct")["layout"].message


def test_a_draft_may_be_saved_unfinished() -> None:
    own = BookingBlock()
    own.set_name("booking")
    own.defer_required_validation()
    try:
        own.clean(own.normalize(booking()))
    finally:
        own.restore_deferred_validation()


def test_the_editor_reads_beside_its_name_why_a_session_is_not_offered() -> None:
    good, off = make_session("Good"), make_session("Off", event={"active": False})
    state = block().get_form_state(block().normalize(booking(sessions=[good, off])))
    shown = [item["value"]["string"] for item in state["sessions"]]
    assert shown[0] == "Good"
    assert shown[1].startswith("Off – ")
    assert "switched off at Calendly" in shown[1]


def test_the_page_can_be_edited(admin_client: Any) -> None:
    page = make_page({"heading": "Book", "sessions": [make_session("Intro")]})
    response = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    assert "gives that promise up" in response.content.decode()


def test_the_preview_warns_of_what_visitors_do_not_see(admin_client: Any) -> None:
    draft, gone = make_session("Draft one", live=False), make_session("Gone")
    page = make_page({"sessions": [draft, gone, make_session("Good")]})
    page.save_revision()
    gone.delete()
    response = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    html = response.content.decode()
    assert "Only you see this" in html
    assert "Visitors do not see “Draft one”: It is a draft." in html
    assert "has been deleted" in html
    assert html.count("data-wc-choose") == 1


def test_the_inserter_shows_the_block_on_a_site_without_sessions(
    admin_client: Any, settings: Any
) -> None:
    settings.WAGTAIL_CALENDLY = {}
    response = admin_client.get(
        reverse("wagtailadmin_block_preview"), {"id": block().definition_prefix}
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert "Introductory call" in html
    assert html.count("wc-card__link") == 3
    assert "No session can be booked" not in html


def test_children_can_be_added_by_subclassing() -> None:
    class Longer(BookingBlock):
        note = CharBlock(required=False)

        class Meta:
            heading_level = 3

    longer = Longer()
    longer.set_name("longer")
    html = longer.render(
        longer.normalize(booking(heading="Deep", all_sessions=True) | {"note": ""})
    )
    assert "<h3" in html
    assert "note" in longer.get_preview_value()


def test_only_wagtail_s_own_blocks_are_frozen_into_a_host_s_migrations() -> None:
    path, args, _kwargs = block().deconstruct()
    assert path == "wagtail.blocks.StructBlock"
    assert all(
        child.deconstruct()[0].startswith(("wagtail.blocks.", "wagtail.snippets.blocks."))
        for _name, child in args[0]
    )
    assert all("help_text" not in child.deconstruct()[2] for _name, child in args[0])
