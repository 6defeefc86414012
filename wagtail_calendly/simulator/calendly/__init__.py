"""Calendly's half of the simulator: its memory, its API, and what a booking sets going."""
