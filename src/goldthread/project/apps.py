"""Wiring; no tables."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Holds nothing but the management of the whole."""

    name = "goldthread.project"
    label = "project"
