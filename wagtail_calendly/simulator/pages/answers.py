"""The details form: its fields, what the address fills in, and what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wagtail_calendly.simulator.calendly import params
from wagtail_calendly.simulator.calendly.booking import Details
from wagtail_calendly.simulator.calendly.state import TRACKING_KEYS, EventType
from wagtail_calendly.simulator.pages.flow import Flow

CHOICES = ("single_select", "multi_select")
Sent = Mapping[str, list[str]]


@dataclass
class Question:
    """One field; `prefill` is its name in addresses and messages (`a1` is the first question)."""

    name: str
    label: str
    kind: str
    required: bool
    prefill: str
    choices: list[str] = field(default_factory=list)
    other: bool = False
    values: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def own_words(self) -> str:
        return next((value for value in self.values if value not in self.choices), "")


class Form:
    """Name, email, guests, the event type's own questions, and a place where the type asks."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.fields = [
            Question("name", "Name", "string", True, "name"),
            Question("email", "Email", "email", True, "email"),
            *_place(flow.event_type),
            *_questions(flow.event_type),
            Question("guests", "Guests: their emails, with commas between", "string", False,
                     "guests"),
        ]  # fmt: skip

    def prefill(self) -> None:
        """From the address: `name` or its two halves, `email`, `guests`, `location`, `a1` …"""
        query = dict(self.flow.query)
        halves = [query.get("first_name", ""), query.get("last_name", "")]
        query.setdefault("name", " ".join(filter(None, halves)))
        for question in self.fields:
            given = query.get(question.prefill, "")
            question.values = _chosen(question, given) if given else []

    def fill(self, sent: Sent) -> bool:
        """From what was posted; false when something is missing or wrong."""
        for question in self.fields:
            given = sent.get(question.name, []) + sent.get(f"{question.name}_other", [])
            question.values = [value.strip() for value in given if value.strip()]
            question.error = _error(question)
        return not any(question.error for question in self.fields)

    @property
    def errors(self) -> list[Question]:
        return [question for question in self.fields if question.error]

    def _value(self, name: str) -> str:
        return next((q.value for q in self.fields if q.name == name), "")

    def details(self) -> Details:
        own = [q for q in self.fields if q.name.startswith("question_")]
        guests = self._value("guests").split(",")
        place = self._value("location")
        return Details(
            name=self._value("name"),
            email=self._value("email"),
            timezone=self.flow.zone,
            answers=[
                {"question": q.label, "answer": "\n".join(q.values), "position": position}
                for position, q in enumerate(own)
                if q.values
            ],
            tracking={key: self.flow.query.get(key) or None for key in TRACKING_KEYS},
            guests=[guest.strip() for guest in guests if guest.strip()],
            location={"kind": "ask_invitee", "location": place} if place else None,
            scheduling_method="instant_book" if self.flow.link else None,
        )


def _place(event_type: EventType) -> list[Question]:
    asks = any(offer["kind"] == "ask_invitee" for offer in event_type.locations or [])
    return [Question("location", "Where shall we meet?", "string", True, "location")][: int(asks)]


def _questions(event_type: EventType) -> list[Question]:
    return [
        _question(number, asked)
        for number, asked in enumerate(event_type.custom_questions, 1)
        if asked["enabled"]
    ]


def _question(number: int, asked: dict[str, Any]) -> Question:
    return Question(
        name=f"question_{number}",
        label=asked["name"],
        kind=asked["type"],
        required=asked["required"],
        prefill=f"a{number}",
        choices=asked["answer_choices"],
        other=asked["include_other"],
    )


def _chosen(question: Question, given: str) -> list[str]:
    """Choices are named by their number, counted from 1, several with commas."""
    if question.kind not in CHOICES:
        return [given]
    numbers = [int(part) for part in given.split(",") if part.strip().isdigit()]
    return [question.choices[n - 1] for n in numbers if 0 < n <= len(question.choices)]


def _error(question: Question) -> str:
    if question.required and not question.values:
        return "Please fill this in."
    if question.name in ("email", "guests") and question.values:
        for address in question.value.split(","):
            try:
                params.email(address.strip())
            except ValueError:
                return "This does not look like an email address. An example: vi@example.org"
    return ""
