"""The mails in the admin: shown with an invented booking, sent as a test, and for whom."""

from __future__ import annotations

import smtplib
from typing import Any

import django
import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client

from tests.factories import default_site
from wagtail_calendly.snippets.mail_texts import Mail
from wagtail_calendly.snippets.settings import BookingSettings

pytestmark = pytest.mark.django_db

PAGE = "/admin/calendly/mails/"


class RefusingBackend(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"ed@example.org": (550, b"no")})


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ed", email="ed@example.org", password="secret")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(user: User, client: Client) -> Client:
    """Somebody who may change the booking settings, and nothing else."""
    names = ["access_admin", "change_bookingsettings"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return client


def test_each_mail_is_shown_in_each_language(editor: Client) -> None:
    for mail in Mail.values:
        for language, hello in (("en", "Hello,"), ("de", "Guten Tag,")):
            query = {"mail": mail, "language": language}
            page = editor.get(PAGE, query)
            assert hello in page.content.decode()
            assert f"html/?mail={mail}&amp;language={language}" in page.content.decode()
            assert hello in editor.get(f"{PAGE}html/", query).content.decode()


def test_editors_see_their_own_words(editor: Client) -> None:
    words = {"mail": "paid", "language": "", "subject": "See you soon", "opening": "<p>Lovely!</p>"}
    BookingSettings.objects.create(site=default_site(), mail_texts=[("mail", words)])
    page = editor.get(PAGE).content.decode()
    assert f'"{PAGE}"' in page.replace("&quot;", '"')  # the menu leads here
    assert "See you soon" in page
    assert "Lovely!" in page


def test_the_frame_has_no_rights(editor: Client) -> None:
    response = editor.get(f"{PAGE}html/")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Content-Security-Policy"].endswith("sandbox")


def test_a_test_goes_to_whoever_asks(editor: Client) -> None:
    url = f"{PAGE}test/?mail=expired&language=de"
    assert editor.get(url).status_code == 405
    page = editor.post(url, follow=True).content.decode()
    assert "Sent to ed@example.org." in page
    [mail] = outbox.outbox
    assert mail.to == ["ed@example.org"]
    assert mail.subject == "Nicht rechtzeitig bezahlt: Erstgespräch"


@pytest.mark.parametrize(
    ("email", "says"),
    [("", "has no e-mail address"), ("ed@example.org", "did not take it")],
)
def test_a_test_that_cannot_be_sent_says_so(
    email: str, says: str, editor: Client, user: User, settings: Any
) -> None:
    backend = f"{__name__}.RefusingBackend"
    if django.VERSION >= (6, 1):
        settings.MAILERS = {"default": {"BACKEND": backend}}
    else:
        settings.EMAIL_BACKEND = backend
    User.objects.filter(pk=user.pk).update(email=email)
    assert says in editor.post(f"{PAGE}test/", follow=True).content.decode()
    assert outbox.outbox == []


def test_it_is_for_nobody_else(client: Client, user: User) -> None:
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    answers = [client.get(PAGE), client.get(f"{PAGE}html/"), client.post(f"{PAGE}test/")]
    # Wagtail turns a refusal into a way home, with a message.
    assert [answer["Location"] for answer in answers] == ["/admin/"] * 3
    assert outbox.outbox == []
    assert PAGE not in client.get("/admin/").content.decode()


def test_what_is_not_offered_is_refused(editor: Client) -> None:
    for query in ({"mail": "secret"}, {"language": "../en"}, {"site": "0"}):
        assert editor.get(PAGE, query).status_code == 302
