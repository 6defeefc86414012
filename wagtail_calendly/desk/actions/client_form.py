"""What Calendly wants to know of a client whom staff book: who they are, the place, the answers to its questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.localization import get_available_admin_time_zones

from wagtail_calendly.desk.actions.forms import ReasonForm
from wagtail_calendly.snippets.models import EventType

#: Places for which the client says where, or under which number.
#: https://developer.calendly.com/api-docs/calendly-api/scheduled-events/create-event-invitee
ASKED_PLACES = {"ask_invitee", "outbound_call"}
PLACES = {
    "zoom_conference": "Zoom",
    "google_conference": "Google Meet",
    "microsoft_teams_conference": "Microsoft Teams",
    "webex_conference": "Webex",
    "gotomeeting_conference": "GoTo Meeting",
    "inbound_call": gettext_lazy("By phone, the client calls"),
    "outbound_call": gettext_lazy("By phone, the client is called"),
    "physical": gettext_lazy("In person"),
    "ask_invitee": gettext_lazy("Where the client likes"),
    "custom": gettext_lazy("By arrangement"),
}


class TimesInput(forms.Widget):
    """Free times to choose from, which are fetched once the page is there."""

    template_name = "wagtail_calendly/desk/times_input.html"

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "url": self.url}


class ClientForm(ReasonForm):
    """A time, and whose it is."""

    reason = None
    start_time = forms.DateTimeField(label=gettext_lazy("Time"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Calendly writes to the client in this zone."),
    )

    def __init__(self, *args: Any, event_type: EventType, times_url: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["start_time"].widget = TimesInput(times_url)
        zones = self.fields["timezone"]
        zones.choices = [(zone, zone) for zone in get_available_admin_time_zones()]  # type: ignore[attr-defined]
        zones.initial = timezone.get_current_timezone_name()
        self._ask_place(event_type)
        for question in event_type.custom_questions:
            if question.get("enabled", True):
                self.fields[f"answer_{question.get('position', 0)}"] = _question(question)
        self.questions = event_type.custom_questions

    @property
    def asks_first(self) -> bool:
        return True

    def clean_start_time(self) -> datetime:
        start: datetime = self.cleaned_data["start_time"]
        if start <= timezone.now():
            raise forms.ValidationError(_("This is over already. Choose a later time."))
        return start

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        place = self.places.get(cleaned.get("place", ""))
        if place and place["kind"] in ASKED_PLACES and not cleaned.get("where"):
            self.add_error("where", _("Say where, or the number to call."))
        answers = [
            {
                "question": question["name"],
                "answer": answer,
                "position": question.get("position", 0),
            }
            for question in self.questions
            if (answer := _said(cleaned.get(f"answer_{question.get('position', 0)}")))
        ]
        return {**cleaned, "answers": answers, "location": place and _location(place, cleaned)}

    @staticmethod
    def details(said: dict[str, Any]) -> dict[str, Any]:
        """As `for_clients.book` takes it."""
        return {
            "start_time": said["start_time"].isoformat(),
            **{name: said[name] for name in ("name", "email", "timezone", "location")},
            "questions_and_answers": said["answers"],
        }

    def _ask_place(self, event_type: EventType) -> None:
        """For round robin Calendly wants none; of one place nothing is asked but where, if that is the client's."""
        offered = [] if event_type.pooling_type == "round_robin" else event_type.locations
        self.places = {str(number): place for number, place in enumerate(offered)}
        if not offered:
            return
        choices = [(number, _place_words(place)) for number, place in self.places.items()]
        widget = forms.HiddenInput if len(offered) == 1 else forms.RadioSelect
        self.fields["place"] = forms.ChoiceField(
            label=_("Place"), choices=choices, initial="0", widget=widget
        )
        if any(place["kind"] in ASKED_PLACES for place in offered):
            self.fields["where"] = forms.CharField(
                label=_("Where, or the number to call"), max_length=255, required=False
            )


def _place_words(place: dict[str, Any]) -> str:
    words = str(PLACES.get(place["kind"], place["kind"]))
    return f"{words}: {place['location']}" if place.get("location") else words


def _location(place: dict[str, Any], cleaned: dict[str, Any]) -> dict[str, str]:
    asked = place["kind"] in ASKED_PLACES
    where = cleaned.get("where", "") if asked else place.get("location", "")
    return {"kind": place["kind"], "location": where} if where else {"kind": place["kind"]}


def _question(question: dict[str, Any]) -> forms.Field:
    common: dict[str, Any] = {
        "label": question["name"],
        "required": bool(question.get("required")),
    }
    choices = [(choice, choice) for choice in question.get("answer_choices", [])]
    kind = question.get("type")
    if kind == "single_select" and not question.get("include_other"):
        return forms.ChoiceField(choices=[("", "–"), *choices], **common)
    if kind == "multi_select":
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=widget, **common)
    typed = forms.Textarea(attrs={"rows": 3}) if kind == "text" else forms.TextInput()
    return forms.CharField(max_length=1000, widget=typed, **common)


def _said(answer: Any) -> str:
    """Several answers to one question are written one to a line."""
    return "\n".join(answer) if isinstance(answer, list) else str(answer or "").strip()
