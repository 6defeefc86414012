"""The addresses of the bare project: the package's and Wagtail's."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("calendly/", include("wagtail_calendly.urls")),
    path("", include(wagtail_urls)),
]
