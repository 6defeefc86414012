"""A host with its own user and image models and another DEFAULT_AUTO_FIELD."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [
    "wagtail.test.customuser",
    "tests.hosts.images",
    *(name for name in INSTALLED_APPS if name != "tests.host"),
]
AUTH_USER_MODEL = "customuser.CustomUser"
WAGTAILIMAGES_IMAGE_MODEL = "host_images.HostImage"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
SILENCED_SYSTEM_CHECKS = ["fields.W342"]
