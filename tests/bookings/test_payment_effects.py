"""What is done about money: in the right order, once, and only what is still called for when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.bookings.paying import (
    PRICE,
    book,
    calls,
    later,
    learn,
    no_mail,
    ordered,
    paid,
    priced,
    stands,
    truth,
)
from wagtail_calendly import accounts
from wagtail_calendly.bookings import effects, orders, record
from wagtail_calendly.bookings.acts import by_staff, by_visitors
from wagtail_calendly.bookings.models import Booking, Connection, Effect, Payment
from wagtail_calendly.bookings.reconcile import tick
from wagtail_calendly.bookings.settle import settle

OPEN = "POST /v1/checkout/sessions"


@pytest.fixture
def held(vendors):
    return book(vendors, priced())


@pytest.fixture
def confirmed(vendors, held):
    paid(vendors, held)
    learn(held)
    return held


def closings(vendors):
    """What was closed, in order: checkouts and events."""
    return [one["path"].split("/")[-1] for one in calls(vendors, "POST", "expire$|cancellation$")]


def opened(vendors):
    """The idempotency keys and bodies of every checkout that was asked for."""
    return [(one["idempotency_key"], one["body"]) for one in calls(vendors, "POST", "sessions$")]


# The hold ends


@pytest.mark.survives("hold-ends")
def test_the_checkout_is_closed_first_and_only_then_the_event_canceled(vendors, held):
    by_visitors.pay(held)
    with later(vendors, minutes=31):
        for _ in range(3):
            tick()
    assert stands(held) == ("expired", "unpaid", "")
    assert closings(vendors) == ["expire", "cancellation"]
    canceled = calls(vendors, "POST", "cancellation$")[0]
    assert "not paid in time" in str(canceled["body"])


@pytest.mark.survives("paid-at-the-last-moment")
def test_what_was_paid_at_the_last_moment_is_confirmed(vendors, held):
    paid(vendors, held)
    with later(vendors, minutes=31):
        for _ in range(3):
            tick()
    assert stands(held) == ("confirmed", "paid", "")
    assert "cancellation" not in closings(vendors)


def test_an_open_checkout_that_cannot_be_closed_keeps_the_event(vendors, held):
    by_visitors.pay(held)
    with later(vendors, minutes=31):
        vendors.fault("POST /v1/checkout/sessions/", status=503, times=99)
        for _ in range(3):
            tick()
        assert stands(held) == ("awaiting_payment", "unpaid", "")
        assert "cancellation" not in closings(vendors)


@pytest.mark.survives("paid-after-the-end")
def test_what_is_paid_after_the_end_is_given_back(vendors, held):
    """Its session was thought to be closed."""
    payment = by_visitors.pay(held)
    Payment.objects.update(state="expired")
    with later(vendors, minutes=31):
        tick()
        tick()
        assert stands(held)[0] == "expired"
        vendors.clock(timedelta(minutes=31, seconds=5).total_seconds())
        vendors.stripe.pay(payment.checkout_id)
        record.payment(accounts.payments().checkout(payment.checkout_id))
        tick()
        tick()
    assert stands(held) == ("expired", "refunded", "")
    assert truth(vendors) == [(PRICE, PRICE)]


# Look before acting


@pytest.mark.survives("looked-before")
def test_a_session_that_was_moved_meanwhile_is_canceled_at_its_new_time(vendors, held):
    moved = vendors.reschedule(held.calendly_invitee_uri)
    with later(vendors, minutes=31):
        for _ in range(4):
            tick()
    (canceled,) = calls(vendors, "POST", "cancellation$")
    assert moved["new"]["event"]["uri"].rsplit("/", 1)[-1] in canceled["path"]
    assert stands(held)[0] == "expired"


@pytest.mark.survives("looked-before")
def test_what_was_given_back_elsewhere_is_not_given_back_again(vendors, confirmed):
    by_visitors.cancel(confirmed, total=by_visitors.refund_if_canceled(confirmed, timezone.now()))
    settle(confirmed.pk, because="test")
    vendors.stripe.refund(confirmed.payments.get().checkout_id)
    effects.perform_due()
    assert stands(confirmed) == ("canceled", "refunded", "")
    assert truth(vendors) == [(PRICE, PRICE)]
    assert not calls(vendors, "POST", "v1/refunds$")


def test_a_cancellation_that_was_done_meanwhile_is_no_error(vendors, held):
    with later(vendors, minutes=31):
        vendors.cancel(held.calendly_invitee_uri, by="host")
        tick()
    assert stands(held)[0] == "expired"
    assert held.effects.get(kind="cancel_event").state == "ignored"
    assert not closings(vendors)


# Frozen


@pytest.mark.survives("answer-lost")
def test_a_lost_answer_is_asked_for_again_word_for_word(vendors, held):
    vendors.fault(OPEN, drop_connection=True, perform=True, times=9)
    payment = by_visitors.pay(held)
    assert (payment.state, payment.url) == ("opening", "")
    vendors.clear_faults()
    with later(vendors, minutes=2):
        effects.perform_due()
    payment.refresh_from_db()
    assert payment.state == "open"
    assert len(vendors.stripe.truth()["sessions"]) == 1
    assert len(set(map(str, opened(vendors)))) == 1
    assert opened(vendors)[0][0] == f"checkout:{payment.attempt}"


@pytest.mark.survives("answer-lost")
def test_a_day_later_it_is_looked_up_and_not_repeated(vendors):
    booking = ordered(priced(order="before"))
    vendors.fault(OPEN, drop_connection=True, perform=True, times=9)
    by_visitors.pay(booking)
    vendors.clear_faults()
    asked = len(opened(vendors))
    with later(vendors, hours=23, minutes=10):
        effects.perform_due()
    assert len(opened(vendors)) == asked
    assert booking.payments.get().checkout_id


@pytest.mark.survives("failure-stored")
def test_an_answer_that_stays_an_error_is_looked_up(vendors, held):
    """Stripe keeps the answer to a request that it began to work on."""
    vendors.fault(OPEN, status=500, perform=True, times=1)
    payment = by_visitors.pay(held)
    assert payment.checkout_id in vendors.stripe.truth()["sessions"]
    assert held.payments.count() == 1


@pytest.mark.survives("failure-stored")
def test_where_there_is_nothing_a_new_attempt_has_a_new_key(vendors, held):
    vendors.fault(OPEN, status=500, begun=True, times=1)
    by_visitors.pay(held)
    effects.perform_due()
    first, second = held.payments.all()
    assert (first.state, second.state) == ("refused", "open")
    assert len({key for key, _ in opened(vendors)}) == 2
    assert stands(held) == ("awaiting_payment", "unpaid", "")


def test_what_fails_every_time_is_left_to_a_person(vendors, held):
    for _ in range(4):
        vendors.fault(OPEN, status=500, begun=True, times=1)
        by_visitors.pay(held) if not held.payments.exists() else effects.perform_due()
    assert {one.state for one in held.payments.all()} == {"refused"}
    assert held.payments.count() == 3
    assert stands(held) == ("awaiting_payment", "unpaid", "payment_refused")


def test_what_the_provider_refuses_is_not_repeated(vendors, held):
    vendors.fault(OPEN, status=400, code="amount_too_small", times=1)
    payment = by_visitors.pay(held)
    assert payment.state == "refused"
    assert stands(held) == ("awaiting_payment", "unpaid", "payment_refused")
    again = by_visitors.pay(held)
    assert again.url
    assert again.attempt != payment.attempt
    assert stands(held) == ("awaiting_payment", "unpaid", "")


def test_an_attempt_that_nobody_heard_of_is_over_when_it_is_not_wanted(vendors, held, settings):
    with_payments = settings.WAGTAIL_CALENDLY
    settings.WAGTAIL_CALENDLY = {**with_payments, "PAYMENTS": {}}
    payment = by_visitors.pay(held)
    assert (payment.state, payment.sent_at) == ("opening", None)
    assert Connection.objects.get(account="stripe").problem
    settings.WAGTAIL_CALENDLY = with_payments
    with later(vendors, minutes=31):
        tick()
        tick()
    payment.refresh_from_db()
    assert payment.state == "expired"
    assert stands(held)[0] == "expired"
    assert not opened(vendors)


@pytest.mark.survives("clocks-differ")
@pytest.mark.parametrize("minutes", [-5, 5])
def test_clocks_may_differ(vendors, held, minutes):
    vendors.clock(minutes * 60)
    assert by_visitors.pay(held).url


def test_a_checkout_lasts_as_long_as_the_hold_within_what_stripe_allows(vendors, held):
    now = timezone.now()
    payment = Payment(booking=held, amount=PRICE, currency="EUR")
    for hold, lasts in (
        (timedelta(minutes=10), orders.SHORTEST),
        (timedelta(minutes=90), timedelta(minutes=90)),
        (timedelta(days=3), orders.LONGEST),
    ):
        held.hold_until = now + hold
        assert orders.order(held, payment, now).expires_at == now + lasts


# An expiry that was interrupted


@pytest.mark.survives("answer-lost")
@pytest.mark.parametrize("performed", [True, False])
def test_a_checkout_whose_name_is_not_known_is_closed_all_the_same(vendors, held, performed):
    vendors.fault(OPEN, drop_connection=True, perform=performed, times=9)
    by_visitors.pay(held)
    vendors.clear_faults()
    with later(vendors, minutes=31):
        for _ in range(3):
            tick()
    assert stands(held) == ("expired", "unpaid", "")
    assert all(one["status"] == "expired" for one in vendors.stripe.truth()["sessions"].values())


# Refunds


@pytest.mark.survives("paid-twice")
def test_a_second_payment_is_given_back_in_full(vendors, confirmed):
    """Two tabs, and an attempt that we thought closed."""
    second = Payment(booking=confirmed, amount=PRICE, currency="EUR")
    provider = accounts.payments()
    params = provider.checkout_params(orders.order(confirmed, second, timezone.now()))
    opened = provider.open_checkout(params, idempotency_key="x")
    vendors.stripe.pay(opened.id)
    record.payment(provider.checkout(opened.id))
    tick()
    tick()
    assert stands(confirmed) == ("confirmed", "paid", "")
    assert truth(vendors) == [(PRICE, 0), (PRICE, PRICE)]


@pytest.mark.survives("answer-lost")
def test_a_refund_whose_answer_was_lost_is_made_once(vendors, confirmed, django_user_model):
    staff = django_user_model.objects.create_user("staff")
    vendors.fault("POST /v1/refunds", drop_connection=True, perform=True, times=9)
    by_staff.refund(confirmed, total=1000, user=staff)
    vendors.clear_faults()
    with later(vendors, minutes=2):
        effects.perform_due()
    assert truth(vendors) == [(PRICE, 1000)]
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")
    assert confirmed.payments.get().refunds.count() == 1


@pytest.mark.survives("failure-stored")
@pytest.mark.parametrize("performed", [True, False])
def test_a_refund_that_stays_an_error_is_looked_for_before_it_is_made_anew(
    vendors, confirmed, django_user_model, performed
):
    staff = django_user_model.objects.create_user("staff")
    vendors.fault("POST /v1/refunds", status=500, perform=performed, begun=not performed, times=1)
    by_staff.refund(confirmed, total=1000, user=staff)
    with later(vendors, minutes=2):
        effects.perform_due()
    assert truth(vendors) == [(PRICE, 1000)]
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")


def test_a_refund_that_is_refused_is_for_a_person(vendors, confirmed, django_user_model):
    staff = django_user_model.objects.create_user("staff")
    vendors.fault("POST /v1/refunds", status=400, code="charge_already_refunded", times=1)
    by_staff.refund(confirmed, total=1000, user=staff)
    assert stands(confirmed) == ("confirmed", "paid", "refund_failed")
    tick()
    assert truth(vendors) == [(PRICE, 0)]
    by_staff.refund(confirmed, total=1000, user=staff)
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")


def test_what_was_given_up_is_tried_again_when_somebody_asks(
    vendors, confirmed, django_user_model, settings
):
    settings.WAGTAIL_CALENDLY = settings.WAGTAIL_CALENDLY | {"EFFECT_TRIES": 1}
    staff = django_user_model.objects.create_user("staff")
    vendors.fault("POST /v1/refunds", status=503, times=9)
    by_staff.refund(confirmed, total=1000, user=staff)
    assert stands(confirmed) == ("confirmed", "partially_refunded", "effect_failed")
    vendors.clear_faults()
    by_staff.refund(confirmed, total=1000, user=staff)
    assert stands(confirmed) == ("confirmed", "partially_refunded", "")
    assert truth(vendors) == [(PRICE, 1000)]


@pytest.mark.survives("disputed")
def test_what_is_disputed_is_not_given_back(vendors, confirmed, django_user_model):
    staff = django_user_model.objects.create_user("staff")
    vendors.stripe.dispute(confirmed.payments.get().checkout_id)
    by_staff.refund(confirmed, total=1000, user=staff)
    assert stands(confirmed) == ("confirmed", "disputed", "disputed")
    assert not calls(vendors, "POST", "v1/refunds$")


# Vendors in trouble


@pytest.mark.survives("stripe-key-refused")
def test_a_key_that_is_refused_stops_payments_only_and_is_told_once(vendors, caplog):
    first, second = book(vendors, priced()), book(vendors, priced())
    vendors.stripe.key(valid=False)
    for booking in (first, second):
        assert by_visitors.pay(booking).url == ""
    with later(vendors, minutes=6):
        vendors.cancel(first.calendly_invitee_uri)
        record.claim(_reference(priced()))
        tick()
        effects.perform_due()
    assert Connection.objects.get(account="stripe").problem
    assert Connection.objects.get(account="default").problem == ""
    assert sum("“stripe” does not work" in one.message for one in caplog.records) == 1
    vendors.stripe.key(valid=True)
    with later(vendors, minutes=12):
        effects.perform_due()
        assert by_visitors.pay(second).url
    assert Connection.objects.get(account="stripe").problem == ""


@pytest.mark.survives("stripe-does-not-answer")
def test_a_provider_that_is_down_does_not_stop_what_is_asked_of_calendly(vendors):
    waiting = [book(vendors, priced()) for _ in range(4)]
    vendors.fault("POST /v1", status=503, times=999)
    for booking in waiting:
        Payment.objects.create(booking=booking, amount=PRICE, currency="EUR")
        settle(booking.pk, because="test")
    free = ordered(priced(order="before"))
    Booking.objects.filter(pk=free.pk).mark_due(claimed_at=timezone.now() - timedelta(minutes=5))
    record.claim(_reference(priced(order="before", title="Other")))
    by_visitors.order(free.reference, site=free.site)
    Effect.objects.create(
        booking=free, kind="create_link", key=f"{free.pk}/create_link", next_try_at=timezone.now()
    )
    effects.perform_due()
    assert Effect.objects.get(kind="create_link").tries
    tried = Effect.objects.filter(kind="open_checkout", tries__gt=0).count()
    assert tried == 3


@pytest.mark.survives("other-mode")
def test_payments_of_another_mode_are_left_alone(vendors, held):
    payment = by_visitors.pay(held)
    Payment.objects.update(mode="live")
    vendors.clear_requests()
    with later(vendors, minutes=31):
        tick()
        tick()
    assert not calls(vendors, "POST", "v1/")
    assert not calls(vendors, "GET", f"sessions/{payment.checkout_id}")
    assert stands(held)[0] == "awaiting_payment"
    assert "live mode" in held.effects.get(kind="expire_checkout").error


# Links and mails


@pytest.mark.survives("link-not-made")
def test_a_link_whose_answer_was_lost_is_made_again(vendors):
    booking = ordered(priced(order="before"))
    paid(vendors, booking)
    learn(booking)
    vendors.fault("POST /scheduling_links", drop_connection=True, perform=True, times=9)
    effects.perform_due()
    vendors.clear_faults()
    assert stands(booking) == ("awaiting_schedule", "paid", "")
    assert not booking.link_made_at
    with later(vendors, minutes=2):
        effects.perform_due()
        effects.perform_due()
    booking.refresh_from_db()
    assert booking.scheduling_link
    assert booking.effects.get(kind="create_link").state == "done"


@pytest.mark.survives("mail-backend-down")
def test_a_mail_is_sent_once_and_a_backend_that_fails_is_tried_again(vendors, held, settings):
    by_visitors.pay(held)
    with no_mail(settings), later(vendors, minutes=5):
        tick()
    assert mail.outbox == []
    with later(vendors, minutes=9):
        tick()
        tick()
    (sent,) = mail.outbox
    assert "/bookings/" in sent.body
    assert held.effects.get(kind="notify").state == "done"


# Brought back


def test_what_was_dropped_and_is_wanted_again_is_done(vendors, held, django_user_model):
    staff = django_user_model.objects.create_user("staff")
    by_visitors.pay(held)
    vendors.fault("POST /v1/checkout/sessions/", status=503, times=99)
    with later(vendors, minutes=31):
        tick()
        closing = held.effects.get(kind="expire_checkout")
        assert closing.state == "open"
        by_staff.extend(held, until=timezone.now() + timedelta(minutes=20), user=staff)
        Effect.objects.filter(pk=closing.pk).update(next_try_at=timezone.now())
        tick()
        closing.refresh_from_db()
        assert closing.state == "ignored"
    vendors.clear_faults()
    with later(vendors, minutes=55):
        for _ in range(3):
            tick()
    assert stands(held) == ("expired", "unpaid", "")


def _reference(session_type):
    from tests.bookings.paying import mint

    return mint(session_type)
