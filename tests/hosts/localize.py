"""A host that translates with wagtail-localize. Its tables are made of the models: migrations are tested elsewhere."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [
    "wagtail_localize",
    "wagtail_localize.locales",
    *(name for name in INSTALLED_APPS if name != "wagtail.contrib.simple_translation"),
]


class _None(dict):
    """No app has any."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = _None()
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
