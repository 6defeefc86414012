"""The site owner's desk in the Wagtail admin: bookings, what became of them, what waits for staff."""
