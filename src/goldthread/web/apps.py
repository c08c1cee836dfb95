"""Django's name for the web layer."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, forms, charts; no tables."""

    name = "goldthread.web"
    label = "web"
