"""The sizes of session images: made when a session type is published, loaded with it, never made by a page render."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Prefetch
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter, SourceImageIOError

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage, AbstractRendition

    from wagtail_calendly.snippets.models import SessionType

logger = logging.getLogger(__name__)

#: Both have the same shape, so that a card never moves while its image loads.
WIDTH, HEIGHT = 480, 270
RASTER = (f"fill-{WIDTH}x{HEIGHT}|format-webp", f"fill-{2 * WIDTH}x{2 * HEIGHT}|format-webp")
VECTOR = (f"fill-{WIDTH}x{HEIGHT}",)


def prefetch() -> Prefetch[Any, Any, Any]:
    """For a queryset of session types: the renditions of their images, in one query for all."""
    renditions = get_image_model().get_rendition_model().objects
    return Prefetch(
        "image__renditions",
        queryset=renditions.filter(filter_spec__in=(*RASTER, *VECTOR)),
        to_attr="prefetched_renditions",
    )


def specs(image: AbstractImage) -> tuple[str, ...]:
    """The sizes of this image, smallest first."""
    return VECTOR if image.is_svg() else RASTER


def existing(image: AbstractImage) -> list[AbstractRendition]:
    """The renditions that were made, smallest first."""
    filters = [Filter(spec=spec) for spec in specs(image)]
    found = image.find_existing_renditions(*filters)
    return [found[wanted] for wanted in filters if wanted in found]


def make(image: AbstractImage) -> None:
    """Make the renditions that are missing. A file that cannot be read is logged, not raised."""
    try:
        image.get_renditions(*specs(image))
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        logger.warning("The image %s of a session type cannot be read.", image.pk)


def make_on_publish(instance: SessionType, **kwargs: Any) -> None:
    """Receiver of Wagtail's `published`."""
    if instance.image:
        make(instance.image)


def make_again(instance: AbstractImage | AbstractRendition, **kwargs: Any) -> None:
    """Receiver of an image's `post_save` (its focal point moved) and of a rendition's `post_delete` (new file)."""
    image_id = getattr(instance, "image_id", instance.pk)
    transaction.on_commit(lambda: _make_if_offered(image_id))


def _make_if_offered(image_id: int) -> None:
    from wagtail_calendly.snippets.models import SessionType

    session = SessionType.objects.filter(image=image_id, live=True).first()
    if session and session.image:
        make(session.image)
