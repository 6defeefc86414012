"""The app: wires signals and checks when Django is ready."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WagtailCalendlyConfig(AppConfig):
    name = "wagtail_calendly"
    label = "wagtail_calendly"
    verbose_name = _("Calendly bookings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.apps import apps
        from django.db.models.signals import post_delete, post_save, pre_delete
        from wagtail.images import get_image_model
        from wagtail.signals import published

        from wagtail_calendly import checks, tasks
        from wagtail_calendly.blocks import site
        from wagtail_calendly.snippets import images, localizing, notice, purging
        from wagtail_calendly.snippets.models import SessionType
        from wagtail_calendly.snippets.settings import BookingSettings

        checks.connect()
        if apps.is_installed("wagtail_localize"):
            SessionType.translatable_fields = localizing.fields()
            post_save.connect(localizing.renew, sender=SessionType)
        published.connect(images.make_on_publish, sender=SessionType)
        post_save.connect(notice.on_save, sender=SessionType)
        pre_delete.connect(purging.on_delete, sender=SessionType)
        post_save.connect(images.make_again, sender=get_image_model())
        post_delete.connect(images.make_again, sender=get_image_model().get_rendition_model())
        for changed in (post_save, post_delete):
            # First what this site remembers, then the cache in front of it, which asks anew at once.
            changed.connect(site.forget, sender=BookingSettings)
            changed.connect(purging.on_settings, sender=BookingSettings)
        tasks.connect()
