"""A host with its own base page model, which Wagtail 8 allows."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [
    "wagtail.test.basepage",
    *(name for name in INSTALLED_APPS if name not in ("tests.host", "wagtail.contrib.forms")),
]
WAGTAIL_PAGE_MODEL = "basepage.BasePage"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
