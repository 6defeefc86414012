"""A mail's subject, text and HTML, from templates that sites may override."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.template.loader import render_to_string, select_template
from django.utils.translation import get_language

from wagtail_calendly.bookings.mails.facts import Facts
from wagtail_calendly.bookings.mails.plain import plain
from wagtail_calendly.bookings.mails.sender import Sender
from wagtail_calendly.snippets.mail_texts import Mail

FOLDER = "wagtail_calendly/mails"


@dataclass(frozen=True)
class Written:
    """One mail, ready to be sent or shown."""

    subject: str
    text: str
    html: str


def render(mail: Mail, facts: Facts, sender: Sender) -> Written:
    """Write one mail in the active language.

    Its words are one plain text in paragraphs, which both parts show. A site may add a template
    `<mail>.html` or `<mail>.txt` of its own, which then stands in for `base.html` or `base.txt`.
    """
    language = get_language() or "en"
    opening = sender.opening(mail, language)
    context = {**vars(facts), "rows": facts.rows, "mail": mail.value, "sender": sender}
    subject = sender.subject(mail, language) or _template(f"{mail.value}_subject.txt", context)
    words = _template(f"{mail.value}_words.txt", context)
    context |= {
        "subject": _on_one_line(subject),
        "paragraphs": [_on_one_line(part) for part in re.split(r"\n\s*\n", words) if part.strip()],
        "opening": opening,
        "opening_text": plain(opening),
    }
    return Written(
        subject=_on_one_line(subject),
        text=re.sub(r"\n{3,}", "\n\n", _part(mail, "txt", context)).strip() + "\n",
        html=_part(mail, "html", context),
    )


def _template(name: str, context: dict[str, object]) -> str:
    return render_to_string(f"{FOLDER}/{name}", context)


def _part(mail: Mail, kind: str, context: dict[str, object]) -> str:
    names = [f"{FOLDER}/{mail.value}.{kind}", f"{FOLDER}/base.{kind}"]
    return str(select_template(names).render(context))


def _on_one_line(text: str) -> str:
    """Without line breaks, which would end a header; spaces that hold amounts together stay."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()
