"""The addresses of webhooks and of the JSON API."""

from django.urls import URLPattern, URLResolver, path

from wagtail_calendly.api import docs, endpoints
from wagtail_calendly.api.calendly_webhook import CalendlyWebhook
from wagtail_calendly.api.stripe_webhook import StripeWebhook
from wagtail_calendly.bookings.payment_endpoint import ALIAS

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "webhooks/calendly/<str:alias>/<str:segment>/",
        CalendlyWebhook.as_view(),
        name="calendly_webhook",
    ),
    path(
        "webhooks/stripe/<str:segment>/",
        StripeWebhook.as_view(),
        {"alias": ALIAS},
        name="stripe_webhook",
    ),
    path("api/docs/<str:name>", docs.asset, name="api_docs_asset"),
    path("api/", endpoints.urls()),
    path("api/<path:rest>", endpoints.nothing_here),
]
