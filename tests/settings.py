"""Settings of the test host: SQLite, or the PostgreSQL that DATABASE_URL names."""

import sys
from pathlib import Path

import dj_database_url

HERE = Path(__file__).resolve().parent
VAR = HERE.parent / "var"
VAR.mkdir(exist_ok=True)

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver", "other.testserver"]
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
LANGUAGE_CODE = "en"
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "German")]
ROOT_URLCONF = "tests.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "test-media"
WAGTAIL_SITE_NAME = "Test host"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_BASE_URL = "http://testserver"
# Django 6.1 has no default mailer; before it, tests get this one by themselves.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

DATABASES = {"default": dj_database_url.config(default="sqlite://:memory:")}
# Each environment's tests have a database of their own, so that two suites may run side by side.
TEST_DATABASE = f"test-{Path(sys.prefix).name}"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that threads and the live server see one database; see docs on SQLite.
    DATABASES["default"] |= {
        "NAME": str(VAR / "test.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }
    TEST_DATABASE = str(VAR / f"{TEST_DATABASE}.sqlite3")
DATABASES["default"]["TEST"] = {"NAME": TEST_DATABASE}

INSTALLED_APPS = [
    "tests.host",
    "wagtail_calendly",
    "django_htmx",
    "wagtail.contrib.settings",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "tests.host.policy.StrictPolicy",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

WAGTAIL_CALENDLY = {
    "ACCOUNTS": {
        "default": {
            "TOKEN": "simulator-token",
            "WEBHOOK_SIGNING_KEYS": ["test-signing-key-0123456789"],
        }
    },
}
