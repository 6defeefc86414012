"""URLs of a host whose own pages have a language in their address."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls

urlpatterns = [
    path("calendly/", include("wagtail_calendly.urls")),
    *i18n_patterns(path("", include(wagtail_urls))),
]
