"""Everything the package serves; include it before Wagtail's catch-all, outside `i18n_patterns`."""

from django.urls import URLPattern, URLResolver

app_name = "wagtail_calendly"
urlpatterns: list[URLPattern | URLResolver] = []
