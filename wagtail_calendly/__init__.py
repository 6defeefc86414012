"""Calendly bookings for Wagtail: session types, booking blocks and the bookings made through them."""

__version__ = "0.1.0"
