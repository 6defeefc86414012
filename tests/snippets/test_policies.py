"""Cancellation policies: in plain words, offered by session types, kept by bookings, never lost by accident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from wagtail_calendly.bookings import reference
from wagtail_calendly.bookings.rules.policy import by_tier
from wagtail_calendly.snippets import policy_words
from wagtail_calendly.snippets.models import CancellationPolicy, SessionType, Terms
from wagtail_calendly.snippets.terms import terms_for

Make = Callable[..., SessionType]

POLICIES = "wagtailsnippets_wagtail_calendly_cancellationpolicy"
SESSIONS = "wagtailsnippets_wagtail_calendly_sessiontype"
OURS = "If we cancel, you always get everything back."
FAIR = [[48, 100], [24, 50]]


def policy(name: str = "Fair", tiers: list[list[int]] = FAIR) -> CancellationPolicy:
    return CancellationPolicy.objects.create(name=name, tiers=stream(tiers))


def stream(tiers: list[list[int]]) -> list[tuple[str, dict[str, int]]]:
    return [("tier", {"hours": hours, "percent": percent}) for hours, percent in tiers]


def fields(name: str, tiers: list[list[int]]) -> dict[str, Any]:
    """What the form of a policy posts."""
    posted: dict[str, Any] = {"name": name, "tiers-count": len(tiers)}
    for number, (hours, percent) in enumerate(tiers):
        step = f"tiers-{number}"
        posted |= {f"{step}-type": "tier", f"{step}-order": number, f"{step}-deleted": ""}
        posted |= {f"{step}-value-hours": hours, f"{step}-value-percent": percent}
    return posted


class TestWords:
    @pytest.mark.parametrize(
        ("tiers", "said"),
        [
            ([], ["If you cancel, you get nothing back."]),
            ([[24, 0]], ["If you cancel, you get nothing back."]),
            (
                FAIR,
                [
                    "Cancel until 48 hours before the start: you get everything back.",
                    "Until 24 hours before the start: 50%.",
                    "Later: nothing.",
                ],
            ),
            (
                [[168, 80], [1, 10]],
                [
                    "Cancel until 7 days before the start: you get 80% back.",
                    "Until 1 hour before the start: 10%.",
                    "Later: nothing.",
                ],
            ),
            (
                [[0, 100]],
                [
                    "Cancel until the start: you get everything back.",
                    "If you do not come: nothing.",
                ],
            ),
            (
                [[72, 50], [50, 50]],
                ["Cancel until 50 hours before the start: you get 50% back.", "Later: nothing."],
            ),
        ],
    )
    def test_every_step_is_a_sentence(self, tiers: list[list[int]], said: list[str]) -> None:
        assert policy_words.sentences(tiers) == [*said, OURS]

    def test_german_has_its_own_plurals(self) -> None:
        with translation.override("de"):
            assert policy_words.in_words([[72, 100], [24, 50], [1, 10]]) == (
                "Bis 3 Tage vor Beginn stornieren: Sie erhalten alles zurück. "
                "Bis 24 Stunden vor Beginn: 50 %. Bis 1 Stunde vor Beginn: 10 %. "
                "Später: nichts. Wenn wir absagen, erhalten Sie immer alles zurück."
            )

    def test_with_a_start_the_deadlines_are_dates_that_heed_summer_time(self) -> None:
        start = datetime(2027, 3, 28, 10, tzinfo=ZoneInfo("Europe/Berlin"))
        with translation.override("de"):
            first, second, *_rest = policy_words.sentences(FAIR, start=start)
        assert "Fr., 26. März, 09:00" in first
        assert "Sa., 27. März, 09:00" in second

    def test_deadlines_that_are_over_are_left_out(self) -> None:
        start = datetime(2027, 6, 10, 10, tzinfo=ZoneInfo("UTC"))

        def said(hours: float) -> list[str]:
            now = start - timedelta(hours=hours)
            return policy_words.sentences(FAIR, start=start, now=now)

        assert len(said(48)) == 4
        assert said(47.9)[0].startswith("Cancel until Wed, Jun 9, 10:00")
        assert said(23.9) == ["If you cancel, you get nothing back.", OURS]

    def test_the_words_hold_to_the_minute_what_the_refund_is_reckoned_by(self) -> None:
        start = datetime(2027, 6, 10, 10, tzinfo=ZoneInfo("UTC"))
        for hours, percent in FAIR:
            deadline = start - timedelta(hours=hours)
            for now, is_in_time in ((deadline, True), (deadline + timedelta(seconds=1), False)):
                words = policy_words.in_words(FAIR, start=start, now=now)
                back = by_tier(tuple((h, p) for h, p in FAIR), 10_000, start, now)
                assert (back == percent * 100) is is_in_time
                assert (deadline.strftime("%a, %b %-d") in words) is is_in_time

    def test_one_line_is_enough_for_a_panel(self) -> None:
        assert policy_words.in_short(FAIR) == (
            "Free cancellation until 48 hours before the start, "
            "50% back until 24 hours before the start"
        )
        assert policy_words.in_short([]) == "No money back for cancellations"


@pytest.mark.django_db
class TestTerms:
    def test_saving_a_policy_offers_its_live_sessions_anew_and_keeps_what_was_handed_out(
        self, make_session_type: Make
    ) -> None:
        fair = policy()
        priced = {"price": 6000, "currency": "EUR", "cancellation_policy": fair}
        live, draft = make_session_type(**priced), make_session_type(live=False, **priced)
        before = terms_for(live)
        handed_out = reference.mint(terms_id=before.pk, site_id=1)

        fair.tiers = stream([[12, 100]])
        fair.save()

        assert terms_for(SessionType.objects.get(pk=live.pk)).tiers == [[12, 100]]
        assert Terms.objects.get(pk=handed_out.terms_id).tiers == FAIR
        assert not draft.terms.exists()

    def test_another_name_makes_no_other_terms(self, make_session_type: Make) -> None:
        fair = policy()
        make_session_type(price=6000, currency="EUR", cancellation_policy=fair)
        fair.name = "Kind"
        fair.save()
        assert Terms.objects.count() == 1

    def test_steps_are_kept_most_hours_first_in_whatever_order_they_were_written(self) -> None:
        assert policy(tiers=[[24, 50], [48, 100]]).as_tiers() == FAIR

    @pytest.mark.parametrize("tiers", [[[24, 50], [24, 100]], [[48, 50], [24, 100]]])
    def test_steps_that_contradict_each_other_are_refused(self, tiers: list[list[int]]) -> None:
        with pytest.raises(ValidationError) as refusal:
            CancellationPolicy(name="Odd", tiers=stream(tiers)).full_clean()
        assert list(refusal.value.message_dict) == ["tiers"]


@pytest.mark.django_db
class TestAdmin:
    def test_the_list_says_what_visitors_get_back_and_who_uses_it(
        self, admin: Client, make_session_type: Make
    ) -> None:
        make_session_type(title="My session", cancellation_policy=policy())
        page = admin.get(reverse(f"{POLICIES}:list")).content.decode()
        assert "Free cancellation until 48 hours before the start" in page
        assert "My session" in page

    def test_the_form_writes_steps_and_leaves_a_history(self, admin: Client) -> None:
        response = admin.post(reverse(f"{POLICIES}:add"), fields("Fair", FAIR))
        assert response.status_code == 302
        made = CancellationPolicy.objects.get()
        assert made.as_tiers() == FAIR
        history = admin.get(reverse(f"{POLICIES}:history", args=[made.pk]))
        assert "Created" in history.content.decode()

    def test_contradictory_steps_are_refused_in_the_form(self, admin: Client) -> None:
        page = admin.post(reverse(f"{POLICIES}:add"), fields("Odd", [[48, 50], [24, 100]]))
        assert "less is given back, not more" in page.content.decode()

    @pytest.mark.parametrize(("language", "words"), [("en", "everything"), ("de", "alles")])
    def test_the_preview_shows_what_visitors_read(
        self, language: str, words: str, admin: Client
    ) -> None:
        url = reverse(f"{POLICIES}:preview_on_edit", args=[policy().pk])
        assert admin.post(url, fields("Fair", FAIR)).json()["is_valid"]
        page = admin.get(url, {"mode": language}).content.decode()
        assert words in page
        assert f'<html lang="{language}">' in page

    def test_the_chooser_finds_and_makes_them(self, admin: Client) -> None:
        policy("Strict")
        namespace = "wagtailsnippetchoosers_wagtail_calendly_cancellationpolicy"
        page = admin.get(reverse(f"{namespace}:choose")).json()["html"]
        assert "Strict" in page
        assert "Free cancellation until 48 hours before the start" in page
        answer = admin.post(reverse(f"{namespace}:create"), fields("Fair", FAIR)).json()
        assert answer["step"] == "chosen", answer
        assert CancellationPolicy.objects.get(name="Fair").as_tiers() == FAIR

    @pytest.mark.parametrize("where", ["row", "draft"])
    def test_one_that_is_used_is_kept_and_the_reason_said(
        self, where: str, admin: Client, make_session_type: Make
    ) -> None:
        kept = policy()
        session = make_session_type(title="My session")
        session.cancellation_policy = kept
        if where == "row":
            session.save()
        else:
            session.save_revision()
        response = admin.post(reverse(f"{POLICIES}:delete", args=[kept.pk]))
        said = [str(message) for message in get_messages(response.wsgi_request)]
        assert any("My session" in words and "so it is kept" in words for words in said)
        assert CancellationPolicy.objects.filter(pk=kept.pk).exists()

    def test_one_that_nobody_uses_can_go(self, admin: Client) -> None:
        admin.post(reverse(f"{POLICIES}:delete", args=[policy().pk]))
        assert not CancellationPolicy.objects.exists()

    def test_the_database_keeps_it_too(self, make_session_type: Make) -> None:
        kept = policy()
        make_session_type(cancellation_policy=kept)
        with pytest.raises(ProtectedError):
            kept.delete()

    def test_an_old_draft_with_a_policy_that_is_gone_can_be_opened(
        self, admin: Client, make_session_type: Make
    ) -> None:
        gone = policy()
        session = make_session_type(cancellation_policy=gone)
        old = session.save_revision()
        session.cancellation_policy = None
        session.save()
        session.save_revision()
        gone.delete()
        url = reverse(f"{SESSIONS}:revisions_revert", args=[session.pk, old.pk])
        assert admin.get(url).status_code == 200

    def test_who_may_not_does_not_see_them(self, editor: Callable[..., Client]) -> None:
        url = reverse(f"{POLICIES}:list")
        assert editor("view_eventtype").get(url).status_code == 302

    def test_who_may_change_them_sees_them(self, editor: Callable[..., Client]) -> None:
        url = reverse(f"{POLICIES}:list")
        assert editor("change_cancellationpolicy").get(url).status_code == 200
