"""Where sessions are offered: the booking block. Renders from the database, never from the network."""

from wagtail_calendly.blocks.booking import BookingBlock

__all__ = ["BookingBlock"]
