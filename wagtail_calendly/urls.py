"""Everything the package serves; include it before Wagtail's catch-all, outside `i18n_patterns`."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "wagtail_calendly"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("wagtail_calendly.blocks.urls")),
    path("", include("wagtail_calendly.visitor.urls")),
    path("", include("wagtail_calendly.api.urls")),
]
