"""Every mail in both languages: what it says, to whom, and that nothing foreign gets into it."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Locale

from tests.factories import (
    AppointmentFactory,
    BookingFactory,
    EventTypeFactory,
    SessionTypeFactory,
    TermsFactory,
    default_site,
)
from wagtail_calendly.bookings import mails
from wagtail_calendly.bookings.mails import Mail
from wagtail_calendly.bookings.models import (
    Attention,
    Booking,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Status,
)
from wagtail_calendly.snippets.settings import BookingSettings

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
MISSING = "A-VARIABLE-IS-MISSING"


@pytest.fixture(autouse=True)
def strict(settings: Any) -> None:
    """A variable that a template names and nobody gives shows up."""
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = MISSING
    settings.DEFAULT_FROM_EMAIL = "booking@example.org"


@pytest.fixture
def booking_settings() -> BookingSettings:
    return BookingSettings.objects.create(
        site=default_site(), contact_email="desk@example.org", accent_color="#ffcc00"
    )


@pytest.fixture
def make_booking(booking_settings: BookingSettings) -> Callable[..., Booking]:
    """A booking that is paid 60 € and given 30 € back, so that each mail has all it could say."""

    def make(
        language: str = "en", kind: str = "solo", title: str = "Counselling", **said: Any
    ) -> Booking:
        locale = Locale.objects.get_or_create(language_code=language)[0]
        session_type = SessionTypeFactory(
            title=title,
            locale=locale,
            event_type=EventTypeFactory(kind=kind),
            price=6000,
            currency="EUR",
        )
        booking = BookingFactory(
            terms=TermsFactory(session_type=session_type),
            hold_until=START - timedelta(days=2),
            starts_at=START,
            ends_at=START + timedelta(minutes=30),
            attention=f"{Attention.REFUND_FAILED} {Attention.DISPUTED}",
        )
        appointment = AppointmentFactory(booking=booking, **{"start_time": START, **said})
        Booking.objects.filter(pk=booking.pk).update(calendly_invitee_uri=appointment.invitee_uri)
        payment = pay(booking)
        refund(payment, 3000)
        booking.refresh_from_db()
        return booking

    return make


def pay(booking: Booking, **fields: Any) -> Payment:
    return Payment.objects.create(
        **{
            "booking": booking,
            "amount": 6000,
            "currency": "EUR",
            "state": PaymentState.PAID,
            "settled_at": START - timedelta(days=2),
            "subtotal": 6000,
            "captured": 6000,
            "said_currency": "EUR",
            "email": "payer@example.org",
            "receipt_url": "https://pay.example/receipts/1",
            **fields,
        }
    )


def refund(payment: Payment, amount: int) -> Refund:
    return Refund.objects.create(payment=payment, amount=amount, state=RefundState.SUCCEEDED)


def sent(booking: Booking, mail: str, key: str = "key") -> EmailMultiAlternatives:
    assert mails.send(booking, mail, key=key) is True
    return outbox.outbox[-1]


def html_of(message: EmailMultiAlternatives) -> str:
    [part] = message.alternatives
    assert part[1] == "text/html"
    return str(part[0])


GERMAN = {
    Mail.COMPLETE_PAYMENT: ["Jetzt zu zahlen: 60\xa0€", "Für Sie freigehalten bis"],
    Mail.CHOOSE_TIME: ["Bezahlt: 60\xa0€", "Zeit wählen", "Ihre Quittung"],
    Mail.CHOOSE_TIME_REMINDER: ["noch keine Zeit gewählt", "Zeit wählen"],
    Mail.PAID: ["Ihre Zahlung über 60\xa0€", "Wann: Freitag, 27. November 2026, 10:00–10:30"],
    Mail.EXPIRED: ["nichts abgebucht", "Andere Zeit wählen"],
    Mail.REFUNDED: ["Sie bekommen 30\xa0€", "30\xa0€ von 60\xa0€"],
    Mail.STAFF: ["eine Rückzahlung ist gescheitert", "Vi Sitor"],
}
ENGLISH = {
    Mail.COMPLETE_PAYMENT: [
        "To pay now: €60",
        "Kept for you until: Wednesday, November 25, 2026, 10:00",
    ],
    Mail.CHOOSE_TIME: [
        "Paid: €60",
        "Choose a time by: Friday, December 25, 2026, 10:00",
        "receipts/1",
    ],
    Mail.CHOOSE_TIME_REMINDER: ["you have not chosen a time yet", "Choose a time:\n"],
    Mail.PAID: [
        "Your payment of €60 has arrived",
        "Where: Online",
        "(Central European",
        "receipts/1",
    ],
    Mail.EXPIRED: [
        "Nothing was charged",
        "Choose another time:\nhttp://localhost/calendly/sessions/",
    ],
    Mail.REFUNDED: ["You get €30 back", "Given back in all: €30 of €60"],
    Mail.STAFF: [
        "a refund failed",
        "the payer disputes",
        "Name: Vi Sitor",
        "/admin/calendly/bookings/inspect/",
    ],
}


@pytest.mark.parametrize(
    ("language", "mail", "phrases"),
    [("en", *item) for item in ENGLISH.items()] + [("de", *item) for item in GERMAN.items()],
)
def test_each_mail_says_its_facts_in_both_parts(
    language: str,
    mail: Mail,
    phrases: list[str],
    make_booking: Callable[..., Booking],
    settings: Any,
) -> None:
    settings.LANGUAGE_CODE = language
    message = sent(make_booking(language), mail)
    html = html_of(message)
    for part in (message.subject, message.body, html):
        assert "Counselling" in part
        assert MISSING not in part
    assert f'<html lang="{language}"' in html
    for phrase in phrases:
        assert phrase in message.body
        # The HTML has the same words, each label and value in an element of its own.
        assert all(piece in html for piece in phrase.split(":")[0].split("\n"))


@pytest.mark.parametrize("mail", Mail.values)
def test_no_mail_holds_what_opens_something_at_a_vendor(
    mail: str, make_booking: Callable[..., Booking]
) -> None:
    booking = make_booking()
    written = sent(booking, mail).message().as_string()
    appointment = booking.current_appointment
    for secret in (
        booking.reference,
        appointment.cancel_url,
        appointment.reschedule_url,
        "zoom.example",
    ):
        assert secret not in written


def test_the_button_leads_to_the_booking_s_own_page(make_booking: Callable[..., Booking]) -> None:
    booking = make_booking()
    message = sent(booking, Mail.COMPLETE_PAYMENT)
    url = f"http://localhost/calendly/bookings/{booking.token}/"
    assert f"Pay €60:\n{url}\n" in message.body
    assert f'href="{url}"' in html_of(message)
    assert "background-color:#ffcc00;color:#000" in html_of(message)


def test_it_goes_to_the_invitee_and_answers_to_the_desk(
    make_booking: Callable[..., Booking],
) -> None:
    message = sent(make_booking(), Mail.PAID)
    assert message.to == ["vi@example.org"]
    assert message.reply_to == ["desk@example.org"]
    assert message.from_email == "Test host <booking@example.org>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_before_a_time_is_chosen_it_goes_to_the_payer(make_booking: Callable[..., Booking]) -> None:
    booking = make_booking()
    booking.appointments.all().delete()
    assert sent(booking, Mail.CHOOSE_TIME).to == ["payer@example.org"]


def test_staff_have_an_address_of_their_own(
    make_booking: Callable[..., Booking], booking_settings: BookingSettings
) -> None:
    booking = make_booking()
    assert sent(booking, Mail.STAFF).to == ["desk@example.org"]
    booking_settings.staff_email = "staff@example.org"
    booking_settings.save()
    assert sent(booking, Mail.STAFF).to == ["staff@example.org"]


def test_with_nobody_to_tell_nothing_is_sent(make_booking: Callable[..., Booking]) -> None:
    booking = make_booking()
    BookingSettings.objects.all().delete()
    booking.appointments.update(email="")
    booking.payments.update(email="")
    assert [mails.send(booking, mail, key="key") for mail in Mail.values] == [False] * len(Mail)
    assert outbox.outbox == []


def test_what_has_settled_by_itself_needs_no_staff(make_booking: Callable[..., Booking]) -> None:
    booking = make_booking()
    booking.attention = ""
    assert mails.send(booking, Mail.STAFF, key="key") is False


def test_money_that_is_not_given_back_after_all_is_not_announced(
    make_booking: Callable[..., Booking],
) -> None:
    booking = make_booking()
    Refund.objects.update(state=RefundState.FAILED)
    assert mails.send(booking, Mail.REFUNDED, key="key") is False


def test_a_mail_sent_twice_is_one_mail(make_booking: Callable[..., Booking]) -> None:
    booking = make_booking()
    first, again = (sent(booking, Mail.PAID, key="1/paid") for _ in range(2))
    other = sent(booking, Mail.PAID, key="2/paid")
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert other.extra_headers["Message-ID"] != first.extra_headers["Message-ID"]
    expected = hashlib.sha256(b"1/paid").hexdigest()[:40]
    assert first.message()["Message-ID"] == f"<{expected}@localhost>"


def test_the_calendar_file_of_a_group_session(make_booking: Callable[..., Booking]) -> None:
    message = sent(make_booking(kind="group"), Mail.PAID)
    [(name, content, kind)] = message.attachments
    assert (name, kind) == ("session.ics", "text/calendar")
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == "Counselling"
    assert event["DTSTART"].dt == START
    assert event["LOCATION"] == "https://zoom.example/j/123"
    assert "attached file" in message.body


def test_one_on_one_has_no_calendar_file(make_booking: Callable[..., Booking]) -> None:
    assert sent(make_booking(), Mail.PAID).attachments == []


def _late(booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(status=Status.EXPIRED)


def _twice(booking: Booking) -> None:
    refund(pay(booking, asked_at=timezone.now() + timedelta(hours=1)), 6000)


def _canceled_by(canceler: str) -> Callable[[Booking], None]:
    def cancel(booking: Booking) -> None:
        Booking.objects.filter(pk=booking.pk).update(status=Status.CANCELED)
        booking.appointments.update(canceler_type=canceler, canceled_at=START - timedelta(days=1))

    return cancel


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (_late, "arrived when the time was no longer yours"),
        (_twice, "was paid twice"),
        (_canceled_by("host"), "We had to cancel"),
        (_canceled_by("invitee"), "is canceled, and you get €30 back"),
    ],
)
def test_money_given_back_comes_with_its_reason(
    happens: Callable[[Booking], None], says: str, make_booking: Callable[..., Booking]
) -> None:
    booking = make_booking()
    happens(booking)
    booking.refresh_from_db()
    assert says in sent(booking, Mail.REFUNDED).body


def test_several_refunds_of_one_payment_are_added_up(make_booking: Callable[..., Booking]) -> None:
    booking = make_booking()
    refund(booking.payments.get(), 1050)
    body = sent(booking, Mail.REFUNDED).body
    assert "Given back: €10.50" in body
    assert "Given back in all: €40.50 of €60" in body


@pytest.mark.survives("words-in-our-mails")
@pytest.mark.parametrize("mail", Mail.values)
def test_what_strangers_typed_cannot_write_our_mails(
    mail: str, make_booking: Callable[..., Booking]
) -> None:
    hostile = '<img src=x onerror="alert(1)">\r\nBcc: all@example.org' + "x" * 200
    message = sent(make_booking(name=hostile), mail)
    written = message.message()
    assert written.get_all("Bcc") is None
    assert "Bcc" not in message.subject
    assert "<img" not in html_of(message)
    if mail == Mail.STAFF:
        assert "&lt;img src=x" in html_of(message)
        assert "x" * 80 not in message.body
    else:
        assert "onerror" not in message.body


@pytest.mark.survives("injected-lines")
def test_an_address_with_a_header_in_it_is_no_address(make_booking: Callable[..., Booking]) -> None:
    booking = make_booking(email="vi@example.org\r\nBcc: all@example.org")
    assert sent(booking, Mail.PAID).to == ["payer@example.org"]


def test_a_title_is_text_in_every_part(make_booking: Callable[..., Booking]) -> None:
    message = sent(make_booking(title="Tea & <b>biscuits</b>"), Mail.PAID)
    assert "Tea & <b>biscuits</b>" in message.subject
    assert "“Tea & <b>biscuits</b>”" in message.body
    assert "“Tea &amp; &lt;b&gt;biscuits&lt;/b&gt;”" in html_of(message)


def _say(booking_settings: BookingSettings, *texts: dict[str, str]) -> None:
    empty = {"mail": "paid", "language": "", "subject": "", "opening": ""}
    booking_settings.mail_texts = [("mail", empty | text) for text in texts]
    booking_settings.save()


def test_editors_words_come_first_and_ours_below(
    make_booking: Callable[..., Booking], booking_settings: BookingSettings
) -> None:
    opening = (
        '<p>Lovely, <b>see you</b>!<script>alert(1)</script></p><p><a href="/way/">The way</a></p>'
    )
    _say(booking_settings, {"subject": "See\nyou soon", "opening": opening})
    message = sent(make_booking(), Mail.PAID)
    html = html_of(message)
    assert message.subject == "See you soon"
    assert message.body.startswith(
        "Lovely, see you!\n\nThe way (http://localhost/way/)\n\nThank you!"
    )
    assert "<b>see you</b>" in html
    assert 'href="http://localhost/way/"' in html
    assert "<script" not in html
    assert "Hello," not in html + message.body


@pytest.mark.parametrize(("language", "expected"), [("de", "Deutsch"), ("en", "Any")])
def test_editors_words_for_the_language_win_over_those_for_all(
    language: str,
    expected: str,
    make_booking: Callable[..., Booking],
    booking_settings: BookingSettings,
) -> None:
    _say(booking_settings, {"subject": "Any"}, {"subject": "Deutsch", "language": "de"})
    assert sent(make_booking(language), Mail.PAID).subject == expected


def test_a_site_s_own_template_stands_in(
    make_booking: Callable[..., Booking], settings: Any, tmp_path: Any
) -> None:
    folder = tmp_path / "wagtail_calendly" / "mails"
    folder.mkdir(parents=True)
    own = '{% extends "wagtail_calendly/mails/base.html" %}{% block header %}<h1>Ours</h1>{% endblock %}'
    (folder / "paid.html").write_text(own)
    settings.TEMPLATES[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    booking = make_booking()
    assert "<h1>Ours</h1>" in html_of(sent(booking, Mail.PAID))
    assert "<h1>Ours</h1>" not in html_of(sent(booking, Mail.EXPIRED))
