"""Session types and blocks go through wagtail-localize; run with the settings `tests.hosts.localize`."""

import json
from uuid import uuid4

import django
from django.core.management import call_command

TITLE, SLUG = "Erstes Gespräch", "Erstes Gespräch!"


def main() -> None:
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from django.test.utils import setup_test_environment

    setup_test_environment()
    english, german, admin = _begin()
    session, page = _offer(english)
    _submit(admin, page, german)
    translated = session.get_translation(german)
    _check_that_the_offer_came_along(session, translated)
    _check_what_translators_are_asked(admin, session, translated)
    _translate(session, german)
    _check_the_page(admin, page.get_translation(german))
    _check_that_an_old_offer_does_not_come_back(session, german)
    _check_that_a_new_offer_is_brought_over(admin, session, german)


def _begin():
    from django.contrib.auth.models import User
    from django.test import Client
    from wagtail.models import Locale, Page, Site

    english, german = (Locale.objects.create(language_code=code) for code in ("en", "de"))
    for locale in (english, german):
        locale.root = Page.get_first_root_node() or Page.add_root(
            instance=Page(title="Root", slug="root", locale=english)
        )
    home = locale.root.add_child(instance=Page(title="Home", slug="home", locale=english))
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    home.copy_for_translation(german).save_revision().publish()
    admin = Client()
    admin.force_login(User.objects.create_superuser("root", "root@example.org", "x"))
    return english, german, admin


def _offer(english):
    from wagtail.models import Page

    from tests.factories import EventTypeFactory
    from tests.host.models import HostPage
    from wagtail_calendly.snippets.models import CancellationPolicy, SessionType

    session = SessionType.objects.create(
        title="First talk",
        slug="first-talk",
        summary="Half an hour",
        description="<p>All about <b>you</b>.</p>",
        event_type=EventTypeFactory(),
        price=6000,
        currency="EUR",
        payment_order="before",
        accent_color="#0a6c74",
        cancellation_policy=CancellationPolicy.objects.create(name="Usual"),
        locale=english,
    )
    chosen = [{"type": "item", "value": session.pk, "id": str(uuid4())}]
    body = [{"type": "booking", "value": {"heading": "Book", "sessions": chosen}}]
    page = HostPage(title="Offer", slug="offer", body=json.dumps(body), locale=english)
    Page.objects.get(slug="home", locale=english).add_child(instance=page)
    return session, page


def _submit(admin, page, german):
    from django.urls import reverse

    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    answer = admin.post(url, {"locales": [german.pk]})
    assert answer.status_code == 302, answer.content.decode()


def _check_that_the_offer_came_along(session, translated):
    from wagtail_calendly.snippets.localizing import OFFER
    from wagtail_calendly.snippets.terms import terms_for

    for name in (*OFFER, "slug", "sort_order", "live"):
        assert getattr(translated, name) == getattr(session, name), name
    assert terms_for(translated).price == 6000
    draft = translated.get_latest_revision_as_object()
    assert (draft.pk, draft.event_type) == (translated.pk, session.event_type)


def _check_what_translators_are_asked(admin, session, translated):
    from django.urls import reverse
    from wagtail_localize.models import TranslationSource

    source = TranslationSource.objects.get_for_instance(session)
    asked = source.stringsegment_set.values_list("context__path", flat=True)
    assert set(asked) == {"title", "slug", "summary", "description"}
    assert not source.overridablesegment_set.exists()
    form = admin.get(reverse(f"{session.snippet_viewset.url_namespace}:edit", args=[translated.pk]))
    assert b"js-translation-editor" in form.content
    preview = reverse("wagtail_localize:preview_translation", args=[_translation(session).pk])
    assert "60" in admin.get(preview).content.decode()


def _translate(session, german):
    _say(session, german, "title", TITLE)
    _say(session, german, "slug", SLUG)
    translated = _publish(session, german)
    assert (translated.title, translated.slug) == (TITLE, "erstes-gespräch")
    assert translated.summary == "Half an hour", "not translated yet"


def _say(session, german, path, words):
    from wagtail_localize.models import StringTranslation, TranslationSource

    source = TranslationSource.objects.get_for_instance(session)
    segment = source.stringsegment_set.get(context__path=path)
    StringTranslation.objects.create(
        translation_of=segment.string, locale=german, context=segment.context, data=words
    )


def _translation(session):
    from wagtail_localize.models import Translation

    return Translation.objects.get(source__object=session.translation_key)


def _publish(session, german):
    _translation(session).save_target(publish=True)
    return session.get_translation(german)


def _check_the_page(admin, page):
    [block] = page.body
    [chosen] = block.value["sessions"]
    assert chosen.title == TITLE, "the block chooses the translation"
    assert admin.get(f"/admin/pages/{page.pk}/edit/").status_code == 200


def _check_that_an_old_offer_does_not_come_back(session, german):
    """Translations are published from what was frozen when they were sent."""
    from tests.factories import EventTypeFactory
    from wagtail_calendly.snippets import replacing

    other = EventTypeFactory(name="Stands in")
    for each in (session, session.get_translation(german)):
        replacing.replace(each, each.event_type, other, None)
    assert _publish(session, german).event_type == other


def _check_that_a_new_offer_is_brought_over(admin, session, german):
    from django.urls import reverse
    from wagtail_localize.models import TranslationSource

    session.refresh_from_db()
    session.price, session.slug = 7000, "talk"
    session.save()
    source = TranslationSource.objects.get_for_instance(session)
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    assert admin.post(url, {"publish_translations": "on"}).status_code == 302
    translated = session.get_translation(german)
    assert (translated.price, translated.title, translated.live) == (7000, TITLE, True)


if __name__ == "__main__":
    main()
