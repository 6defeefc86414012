"""The app of a host's own image model."""

from django.apps import AppConfig


class HostImagesConfig(AppConfig):
    name = "tests.hosts.images"
    label = "host_images"
