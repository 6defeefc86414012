"""URLs of the test host, in the order that the README recommends."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("calendly/", include("wagtail_calendly.urls")),
    path("", include(wagtail_urls)),
]
