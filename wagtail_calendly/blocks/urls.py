"""What blocks serve: the stylesheet of the look that editors chose."""

from django.urls import path

from wagtail_calendly.blocks.views import look

urlpatterns = [path("look.css", look, name="look")]
