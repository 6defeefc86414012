"""Stripe's own pages: the checkout that a session's `url` leads to, and the receipt of a charge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from wagtail_calendly.simulator.pages.view import notice, render
from wagtail_calendly.simulator.stripe import checkout, currencies
from wagtail_calendly.simulator.stripe.errors import InvalidError, RefusedError
from wagtail_calendly.simulator.stripe.params import Email
from wagtail_calendly.simulator.stripe.state import CheckoutSession, Stripe

WAYS = [
    ("card", "Card that works", "Paid at once"),
    ("declined", "Card that is declined", "Nothing is charged, and you can try again"),
    ("debit_succeeds", "Bank debit that succeeds later", "The money arrives after a while"),
    ("debit_fails", "Bank debit that fails later", "The bank returns it after a while"),
]
VERBS = {"book": "Book", "donate": "Donate", None: "Pay", "auto": "Pay", "pay": "Pay"}


@dataclass
class Page:
    """What one checkout page shows: the session, what was typed, and what was wrong."""

    stripe: Stripe
    session: CheckoutSession
    email: str = ""
    how: str = "card"
    code: str = ""
    problem: str = ""
    email_error: str = ""
    code_error: str = ""
    ways = WAYS

    @property
    def tax(self) -> int:
        return checkout.tax_on(self.stripe, self.session)

    @property
    def total(self) -> int:
        return self.session.subtotal - self.session.discount + self.tax

    @property
    def fixed_email(self) -> str | None:
        return self.session.asked.get("customer_email")

    def money(self, amount: int) -> str:
        return currencies.shown(amount, self.session.currency)

    @property
    def button(self) -> str:
        """ "Book" says enough; elsewhere the amount belongs to the verb."""
        verb = VERBS[self.session.asked.get("submit_type")]
        if verb == "Book":
            return verb
        return f"{verb} {self.money(self.total)}" if self.total else "Complete the order"


async def checkout_page(request: Request) -> Response:
    """A POST pays, and leads back to the site."""
    page = _page(request)
    if page is None:
        return _none(request)
    if page.session.status != "open":
        return _closed(request, page.session)
    if request.method == "GET":
        return render(request, "pay.html", {"page": page})
    sent = await _sent(request)
    page.email, page.how = sent.get("email", "").strip(), sent.get("how", "card")
    return _pay(request, page)


def _pay(request: Request, page: Page) -> Response:
    try:
        email = page.fixed_email or Email().parse(page.email, "email")
    except InvalidError:
        page.email_error = "Please enter an email address. An example: vi@example.org"
        return render(request, "pay.html", {"page": page}, 422)
    how: Any = page.how if page.how in checkout.WAYS else "card"
    try:
        checkout.pay(page.stripe, page.session, how, email)
    except checkout.DeclinedError:
        page.problem = "Your card was declined. Nothing was charged. Try another way to pay."
        return render(request, "pay.html", {"page": page}, 402)
    return RedirectResponse(_success_url(page.session), status_code=303)


async def code(request: Request) -> Response:
    """Applies a promotion code, or takes it away when there is none."""
    page = _page(request)
    if page is None:
        return _none(request)
    if page.session.status != "open":
        return _closed(request, page.session)
    page.code = (await _sent(request)).get("code", "")
    try:
        checkout.apply_code(page.stripe, page.session, page.code)
    except RefusedError as why:
        page.code_error = f"{why} The price stays as it is."
        return render(request, "pay.html", {"page": page}, 422)
    return RedirectResponse(f"/pay/{page.session.id}", status_code=303)


def _page(request: Request) -> Page | None:
    stripe: Stripe = request.app.state.world.stripe
    checkout.sweep(stripe)
    session = stripe.sessions.get(request.path_params["session"])
    return Page(stripe, session) if session else None


async def _sent(request: Request) -> dict[str, str]:
    body = (await request.body()).decode(errors="replace")
    return {name: values[-1] for name, values in parse_qs(body).items()}


def _success_url(session: CheckoutSession) -> str:
    url: str = session.asked["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session.id)


say = partial(notice, vendor="Stripe")


def _none(request: Request) -> Response:
    return say(request, 404, "There is no checkout here", "The address may be mistyped.")


def _closed(request: Request, session: CheckoutSession) -> Response:
    if session.status == "complete":
        text = "You have completed this checkout. Nothing more will be charged."
        return say(request, 200, "This is done", text, (_success_url(session), "Go on"))
    back = session.asked.get("cancel_url")
    text = "The time to pay is over. You were not charged."
    link = (back, "Go back") if back else None
    return say(request, 200, "This checkout has expired", text, link)


async def receipt(request: Request) -> Response:
    stripe: Stripe = request.app.state.world.stripe
    charge = stripe.charges.get(request.path_params["charge"])
    if charge is None:
        return say(request, 404, "There is no receipt here", "The address may be mistyped.")
    return render(
        request,
        "receipt.html",
        {
            "charge": charge,
            "session": charge.intent.session,
            "money": lambda amount: currencies.shown(amount, charge.currency),
            "paid_at": stripe.clock.at(charge.created),
        },
    )
