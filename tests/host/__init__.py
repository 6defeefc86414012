"""The test host's own app: a page type that uses the booking block."""
