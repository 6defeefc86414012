"""A host with nothing of its own, on the kind of database that the tests run on."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
else:
    INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.postgres"]
