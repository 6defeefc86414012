"""The control endpoints at their paths."""

from __future__ import annotations

from starlette.routing import Route

from wagtail_calendly.simulator.control import calendly, stripe, switches
from wagtail_calendly.simulator.control.forms import Switch, control

ENDPOINTS: list[tuple[str, str, Switch]] = [
    ("POST", "reset", switches.reset),
    ("POST", "faults", switches.add_fault),
    ("GET", "faults", switches.list_faults),
    ("DELETE", "faults", switches.clear_faults),
    ("POST", "faults/clear", switches.clear_faults),
    ("GET", "requests", switches.list_requests),
    ("DELETE", "requests", switches.clear_requests),
    ("POST", "requests/clear", switches.clear_requests),
    ("POST", "webhooks", switches.set_mode),
    ("GET", "deliveries", switches.list_deliveries),
    ("POST", "deliveries/release", switches.release),
    ("POST", "deliveries/redeliver", switches.redeliver),
    ("POST", "clock", switches.set_clock),
    ("GET", "state", calendly.state),
    ("POST", "book", calendly.book),
    ("POST", "cancel", calendly.cancel),
    ("POST", "reschedule", calendly.reschedule),
    ("POST", "no_show", calendly.no_show),
    ("POST", "undo_no_show", calendly.undo_no_show),
    ("POST", "event_types", calendly.event_types),
    ("POST", "subscriptions/disable", calendly.disable_subscriptions),
    ("POST", "token", calendly.token),
    ("POST", "role", calendly.role),
    ("POST", "plan", calendly.plan),
    ("POST", "limits", calendly.limits),
    ("POST", "tracking", calendly.tracking),
    ("GET", "stripe/truth", stripe.truth),
    ("POST", "stripe/pay", stripe.pay),
    ("POST", "stripe/settle", stripe.settle),
    ("POST", "stripe/fail", stripe.fail),
    ("POST", "stripe/expire", stripe.expire),
    ("POST", "stripe/refund", stripe.refund),
    ("POST", "stripe/settle_refund", stripe.settle_refund),
    ("POST", "stripe/fail_refund", stripe.fail_refund),
    ("POST", "stripe/refund_outcome", stripe.refund_outcome),
    ("POST", "stripe/dispute", stripe.dispute),
    ("POST", "stripe/close_dispute", stripe.close_dispute),
    ("POST", "stripe/code", stripe.code),
    ("POST", "stripe/key", stripe.key),
    ("POST", "stripe/endpoint", stripe.endpoint),
    ("POST", "stripe/roll_secret", stripe.roll_secret),
    ("POST", "stripe/tell_again", stripe.tell_again),
    ("POST", "stripe/account", stripe.account),
]


def routes() -> list[Route]:
    return [
        Route(f"/control/{path}", control(switch), methods=[method])
        for method, path, switch in ENDPOINTS
    ]
