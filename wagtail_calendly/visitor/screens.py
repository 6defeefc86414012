"""The visitor's screens: each gathers what one template shows, and answers in the session's language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Site

from wagtail_calendly.blocks import cards, facts
from wagtail_calendly.bookings.models import Booking
from wagtail_calendly.snippets.models import SessionType
from wagtail_calendly.visitor import choosing, panels, steps
from wagtail_calendly.visitor.answers import answer, is_fragment, speaking
from wagtail_calendly.visitor.asked import Asked
from wagtail_calendly.visitor.choosing import Chosen
from wagtail_calendly.visitor.memory import Choice
from wagtail_calendly.visitor.panels import Panel
from wagtail_calendly.visitor.polling import Poll
from wagtail_calendly.visitor.standing import Standing
from wagtail_calendly.visitor.wayback import way_back


def calendar(
    request: HttpRequest, site: Site, session_type: SessionType, chosen: Chosen
) -> HttpResponse:
    """The calendar in our frame, or a plain link to it where a frame would not work."""
    choice, path = chosen.choice, reverse("wagtail_calendly:poll")
    context = {
        "panel": Panel(request, site, session_type, choice),
        "poll": Poll(path, reference=choice.reference),
        "done": Poll(path, seen="calendar", reference=choice.reference),
        "agreed": chosen.agreed,
        "is_new": chosen.is_new,
        "steps": steps.steps(chosen.agreed, steps.TIME),
    }
    with speaking(session_type):
        return answer(
            request, "calendar.html", _about(request, site, session_type, choice, context)
        )


def pay_first(
    request: HttpRequest, site: Site, session_type: SessionType, chosen: Chosen
) -> HttpResponse:
    """What it costs and what is agreed to: the calendar comes once it is paid."""
    context = {
        "choice": chosen.choice,
        "agreed": chosen.agreed,
        "is_new": chosen.is_new,
        "steps": steps.steps(chosen.agreed, steps.PAY),
    }
    with speaking(session_type):
        about = _about(request, site, session_type, chosen.choice, context)
        return answer(request, "pay_first.html", about)


def booked(request: HttpRequest, site: Site, choice: Choice, booking: Booking) -> HttpResponse:
    """What became of it, in the panel where the visitor chose."""
    standing = Standing(booking)
    session_type = standing.session_type
    path = reverse("wagtail_calendly:poll")
    with speaking(session_type):
        context = {
            "standing": standing,
            "poll": Poll(path, seen=standing.mark, reference=choice.reference),
            "session_url": session_url(session_type, choice),
            "may_go_on": choosing.may_go_on(booking),
            "again_url": session_url(session_type, choice, again=choosing.tail(booking)),
        }
        if standing.is_choosing:
            link = booking.scheduling_link
            context["panel"] = Panel(request, site, session_type, choice, link=link)
            context["done"] = Poll(path, seen="calendar", reference=choice.reference)
        about = _about(request, site, session_type, choice, context)
        return answer(request, "booked.html", about)


def resume(request: HttpRequest, chosen: Chosen) -> HttpResponse | None:
    """An offer to go on, beside the choices."""
    session_type = SessionType.objects.filter(pk=chosen.choice.session_type_id).first()
    if session_type is None:
        return None
    context = {
        "session_type": session_type,
        "booking": chosen.booking if chosen.is_booked else None,
        "standing": Standing(chosen.booking) if chosen.booking else None,
        "session_url": session_url(session_type, chosen.choice),
    }
    with speaking(session_type):
        return answer(request, "resume.html", context)


def unavailable(
    request: HttpRequest, site: Site, session_type: SessionType | None, wish: Asked
) -> HttpResponse:
    """The session cannot be booked any more; others are offered."""
    with speaking(session_type):
        others = panels.others(session_type, get_language() or "en")
        context = {
            "session_type": session_type,
            "others": [_card(other, wish) for other in others],
            "card_level": 3 if is_fragment(request) else 2,
            "settings": panels.settings_of(site),
            "back_url": way_back(request, site, wish.page),
        }
        return answer(request, "unavailable.html", context)


def lost(request: HttpRequest, site: Site) -> HttpResponse:
    """This browser does not know which session it was about."""
    context = {
        "settings": panels.settings_of(site),
        "back_url": way_back(request, site, None),
    }
    return answer(request, "lost.html", context)


def busy(
    request: HttpRequest, site: Site, session_type: SessionType, seconds: int, again_url: str
) -> HttpResponse:
    """Too much was asked for; nothing was done. After `seconds` it may be asked for again, at `again_url`."""
    context = {
        "session_type": session_type,
        "seconds": seconds,
        "again_url": again_url,
        "settings": panels.settings_of(site),
    }
    with speaking(session_type):
        response = answer(request, "busy.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def wait(request: HttpRequest, site: Site, choice: Choice, seconds: int) -> HttpResponse:
    """Too many questions; the same one may be put again after `seconds`."""
    session_type = SessionType.objects.filter(pk=choice.session_type_id).first()
    context = {"seconds": seconds, "choice": choice}
    with speaking(session_type):
        about = _about(request, site, session_type, choice, context)
        response = answer(request, "wait.html", about, status=429)
    response["Retry-After"] = str(seconds)
    return response


def session_url(session_type: SessionType, choice: Choice, *, again: str = "") -> str:
    """The address that shows this choice again, or once its booking is done a new one."""
    address = cards.address(
        session_type,
        page_id=choice.parsed.page_id,
        embed=choice.embed,
        consent=choice.consent,
    )
    return f"{address}&again={again}" if again else address


def _card(session_type: SessionType, wish: Asked) -> cards.Card:
    return cards.card(session_type, page_id=wish.page, embed=wish.embed, consent=wish.consent)


def _about(
    request: HttpRequest,
    site: Site,
    session_type: SessionType | None,
    choice: Choice,
    context: dict[str, Any],
) -> dict[str, Any]:
    """What every screen about a chosen session shows beside its own."""
    return {
        "session_type": session_type,
        "facts": facts.facts(session_type) if session_type else [],
        "price": facts.price(session_type) if session_type else "",
        "settings": panels.settings_of(site),
        "back_url": way_back(request, site, choice.parsed.page_id),
        **context,
    }
