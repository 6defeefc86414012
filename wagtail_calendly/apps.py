"""The app: wires signals and checks when Django is ready."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WagtailCalendlyConfig(AppConfig):
    name = "wagtail_calendly"
    label = "wagtail_calendly"
    verbose_name = _("Calendly bookings")
    default_auto_field = "django.db.models.BigAutoField"
