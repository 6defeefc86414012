"""Session images: made on publishing, never by a page render."""

from __future__ import annotations

from typing import Any

import pytest

from tests.blocks.conftest import make_image, make_page, make_session, visit
from wagtail_calendly.snippets import images

pytestmark = pytest.mark.django_db


def test_publishing_makes_both_sizes(client: Any) -> None:
    session = make_session(image=make_image(), live=False)
    session.save_revision().publish()
    assert session.image.renditions.count() == 2
    html = visit(client, make_page({"sessions": [session]}))
    assert 'width="480" height="270"' in html
    assert " 480w, " in html
    assert " 960w" in html


def test_a_small_image_is_not_enlarged_nor_listed_twice(client: Any) -> None:
    session = make_session(image=make_image(400, 225))
    images.make(session.image)
    html = visit(client, make_page({"sessions": [session]}))
    assert html.count("400w") == 1
    assert 'width="400" height="225"' in html


def test_without_renditions_the_original_is_shown_in_the_same_shape(client: Any) -> None:
    session = make_session(image=make_image())
    html = visit(client, make_page({"sessions": [session]}))
    assert f'src="{session.image.file.url}" width="480" height="270"' in html


def test_a_new_focal_point_makes_new_renditions(django_capture_on_commit_callbacks: Any) -> None:
    session = make_session(image=make_image())
    images.make(session.image)
    image = session.image
    image.focal_point_x, image.focal_point_y = 100, 100
    image.focal_point_width = image.focal_point_height = 50
    with django_capture_on_commit_callbacks(execute=True):
        image.save()
    session.refresh_from_db()
    assert len(images.existing(session.image)) == 2


def test_renditions_deleted_with_a_replaced_file_are_made_again(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_session(image=make_image())
    images.make(session.image)
    with django_capture_on_commit_callbacks(execute=True):
        session.image.renditions.all().delete()
    session.refresh_from_db()
    assert len(images.existing(session.image)) == 2


def test_deleting_the_image_leaves_a_session_without_one(
    client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    session = make_session("Intro", image=make_image())
    images.make(session.image)
    with django_capture_on_commit_callbacks(execute=True):
        session.image.delete()
    html = visit(client, make_page({"sessions": [session]}))
    assert "Intro" in html
    assert "<img" not in html


def test_a_file_that_cannot_be_read_does_not_stop_publishing(caplog: Any) -> None:
    session = make_session(image=make_image(), live=False)
    session.image.file.storage.delete(session.image.file.name)
    session.save_revision().publish()
    session.refresh_from_db()
    assert session.live
    assert "cannot be read" in caplog.text
