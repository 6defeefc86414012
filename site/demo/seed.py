"""Fills an empty demo site: an administrator, session types, pages in two languages. Never touches a filled one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from demo import pictures
from demo.models import ConsultancyPage, ContactPage, HomePage, ServicePage
from wagtail_calendly.snippets.models import (
    CancellationPolicy,
    EventType,
    PaymentOrder,
    SessionType,
)
from wagtail_calendly.snippets.settings import BookingSettings

LANGUAGES = ("en", "de")
TEXTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))
Sessions = dict[str, SessionType]

#: Both payment orders, and a deposit; the others are free. In cents.
PRICES: dict[str, dict[str, Any]] = {
    "site-review": {"price": 9000, "allows_promotion_codes": True},
    "workshop": {"price": 12000, "payment_order": PaymentOrder.BEFORE_SCHEDULING},
    "project-start": {"price": 24000, "deposit": 6000},
}


def is_empty() -> bool:
    return not HomePage.objects.exists()


@transaction.atomic
def fill() -> None:
    """Needs the synced event types."""
    _administrator()
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    sessions = _sessions(locales)
    home = _home(sessions["en"])
    site = Site.objects.create(
        hostname="localhost", site_name="Northlight", root_page=home, is_default_site=True
    )
    _booking_settings(site)
    _translate(home, locales["de"], _home_body, sessions["de"])
    for page, body in (
        (_service(home, sessions["en"]), _service_body),
        (_contact(home, sessions["en"]), _contact_body),
    ):
        _translate(page, locales["de"], body, sessions["de"])


def _administrator() -> None:
    users = get_user_model().objects
    if not users.filter(username="admin").exists():
        users.create_superuser("admin", "admin@example.org", "admin")


def _sessions(locales: dict[str, Locale]) -> dict[str, Sessions]:
    made: dict[str, Sessions] = {code: {} for code in LANGUAGES}
    policy = _policy()
    for order, (slug, text) in enumerate(TEXTS["sessions"].items()):
        event_type = EventType.objects.get(slug=slug)
        image = _image(text["picture"], text["en"]["title"])
        session = SessionType(
            event_type=event_type, image=image, sort_order=order, locale=locales["en"]
        )
        if slug in PRICES:
            _set_price(session, policy, **PRICES[slug])
        made["en"][slug] = _publish_session(session, slug, text["en"])
        translation = session.copy_for_translation(locales["de"])
        translation.sort_order = order
        made["de"][slug] = _publish_session(translation, slug, text["de"])
    return made


def _policy() -> CancellationPolicy:
    steps = [{"hours": 48, "percent": 100}, {"hours": 24, "percent": 50}]
    policy = CancellationPolicy(name="Two days")
    policy.tiers = [("tier", step) for step in steps]
    policy.save()
    return policy


def _set_price(session: SessionType, policy: CancellationPolicy, **terms: Any) -> None:
    session.currency, session.cancellation_policy = "EUR", policy
    for name, value in terms.items():
        setattr(session, name, value)


def _publish_session(session: SessionType, slug: str, text: dict[str, str]) -> SessionType:
    session.slug = slug
    for name, words in text.items():
        setattr(session, name, words)
    session.save()
    session.save_revision().publish()
    session.refresh_from_db()
    return session


def _image(picture: str, title: str) -> Any:
    drawn = ContentFile(getattr(pictures, picture)(), name=f"{picture}.jpg")
    return get_image_model().objects.create(title=title, file=drawn)


def _booking_settings(site: Site) -> None:
    settings = BookingSettings.for_site(site)
    settings.accent_color = "#17706c"
    settings.corner_radius = 14
    settings.contact_email = "hello@northlight.example"
    settings.save()


def _home(sessions: Sessions) -> HomePage:
    # Wagtail's own first page, and the site with it, makes room for ours.
    Page.objects.filter(depth=2).first().delete()
    root = Page.objects.get(depth=1)
    page = HomePage(slug="home", image=_image("studio", "The studio"))
    return _publish(page, root, _home_body("en", sessions))


def _service(home: HomePage, sessions: Sessions) -> ServicePage:
    image = get_image_model().objects.get(title=TEXTS["sessions"]["site-review"]["en"]["title"])
    page = ServicePage(slug="reviews", show_in_menus=True, image=image)
    return _publish(page, home, _service_body("en", sessions))


def _contact(home: HomePage, sessions: Sessions) -> ContactPage:
    page = ContactPage(
        slug="contact", show_in_menus=True, phone="030 23125 012", email="hello@northlight.example"
    )
    return _publish(page, home, _contact_body("en", sessions))


def _publish(page: Any, parent: Page, fields: dict[str, Any]) -> Any:
    _set(page, fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _translate(page: ConsultancyPage, locale: Locale, body: Any, sessions: Sessions) -> None:
    translation = page.copy_for_translation(locale)
    _set(translation, body(locale.language_code, sessions))
    translation.slug = page.slug if page.depth > 2 else f"{page.slug}-{locale.language_code}"
    translation.save_revision().publish()


def _set(page: ConsultancyPage, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(page, name, value)


def _home_body(code: str, sessions: Sessions) -> dict[str, Any]:
    text = TEXTS["home"][code]
    return _words(text) | {
        "body": [
            _booking(text, all_sessions=True, layout="cards", embed_mode="inline"),
            ("steps", text["steps"]),
            ("quote", text["quote"]),
        ]
    }


def _service_body(code: str, sessions: Sessions) -> dict[str, Any]:
    text = TEXTS["service"][code]
    chosen = [sessions[slug] for slug in ("site-review", "workshop", "project-start")]
    return _words(text) | {
        "body": [
            ("text", text["text"]),
            _booking(text, sessions=chosen, layout="list", embed_mode="popup"),
        ]
    }


def _contact_body(code: str, sessions: Sessions) -> dict[str, Any]:
    text = TEXTS["contact"][code]
    chosen = [sessions["consultation"]]
    return _words(text) | {
        "address": text["address"],
        "body": [_booking(text, sessions=chosen, layout="direct", consent="visible")],
    }


def _words(text: dict[str, Any]) -> dict[str, Any]:
    return {"title": text["title"], "draft_title": text["title"], "lead": text["lead"]}


def _booking(text: dict[str, Any], **choices: Any) -> tuple[str, dict[str, Any]]:
    blank = {
        "sessions": [],
        "all_sessions": False,
        "layout": "",
        "embed_mode": "",
        "consent": "click",
    }
    return ("booking", blank | text["booking"] | choices)
