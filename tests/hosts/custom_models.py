"""A host with its own user, image and, on Wagtail 8, base page models, and another DEFAULT_AUTO_FIELD."""

import wagtail

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [
    "wagtail.test.customuser",
    "tests.hosts.images",
    *(name for name in INSTALLED_APPS if name not in ("tests.host", "wagtail.contrib.forms")),
]
AUTH_USER_MODEL = "customuser.CustomUser"
WAGTAILIMAGES_IMAGE_MODEL = "host_images.HostImage"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
if wagtail.VERSION >= (8,):
    INSTALLED_APPS = ["wagtail.test.basepage", *INSTALLED_APPS]
    WAGTAIL_PAGE_MODEL = "basepage.BasePage"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
SILENCED_SYSTEM_CHECKS = ["fields.W342"]
