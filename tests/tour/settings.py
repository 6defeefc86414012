"""The demo site as it is photographed: its bookings are written, not made, so nothing is done about them."""

from demo.settings import *  # noqa: F403
from demo.settings import VAR, WAGTAIL_CALENDLY

TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING_CONFIG = None
# A file, so that the server's threads see it; nobody needs it afterwards.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "tour.sqlite3",
        "OPTIONS": {"init_command": "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"},
    }
}
WAGTAIL_CALENDLY = {
    name: value for name, value in WAGTAIL_CALENDLY.items() if name != "HOLD_SECONDS"
}
