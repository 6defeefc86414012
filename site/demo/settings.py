"""Settings of the demo site: everything on this machine, nothing secret, only for looking around."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("DEMO_VAR", ROOT / "var"))
VAR.mkdir(exist_ok=True)

# These are the first that `manage.py demo` tries; where they are taken it begins anew with others.
SITE_PORT = int(os.environ.get("DEMO_SITE_PORT", "8000"))
SIMULATOR_PORT = int(os.environ.get("DEMO_SIMULATOR_PORT", "8001"))
SITE_ADDRESS = f"http://localhost:{SITE_PORT}"
# Another host name than the site's, so that the calendar is a different site, as in life.
SIMULATOR_ADDRESS = f"http://127.0.0.1:{SIMULATOR_PORT}"

DEBUG = True
SECRET_KEY = "only-for-the-demo-on-this-machine"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "demo.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "demo.sqlite3",
        # The site and the worker write side by side: WAL lets readers go on, IMMEDIATE makes writers queue.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

USE_TZ = True
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "Deutsch")]
WAGTAIL_I18N_ENABLED = True

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "demo-media"

WAGTAIL_SITE_NAME = "Northlight"
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# Each mail becomes a file, to be opened and read.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "demo-mails"
DEFAULT_FROM_EMAIL = "Northlight <hello@northlight.example>"

WAGTAIL_CALENDLY = {
    "ACCOUNTS": {
        "default": {
            "TOKEN": "simulator-token",
            "WEBHOOK_SIGNING_KEYS": ["demo-signing-key-0123456789abcdef"],
            "SCOPE": "organization",
            "BASE_URL": SIMULATOR_ADDRESS,
            "BOOKING_ORIGINS": [SIMULATOR_ADDRESS],
        }
    },
    "PAYMENTS": {
        "SECRET_KEY": "sk_test_simulator",
        "WEBHOOK_SECRETS": ["whsec_demo_0123456789abcdef"],
        "BASE_URL": SIMULATOR_ADDRESS,
        "CHECKOUT_ORIGINS": [SIMULATOR_ADDRESS],
    },
    "POLL_INTERVAL": 30,
    # Nobody wants to wait half an hour to see a hold end.
    "HOLD_SECONDS": 180,
}

INSTALLED_APPS = [
    "demo",
    "wagtail_calendly",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
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
    "django_htmx",
    "django_tasks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "demo.content_security.policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
