"""Django's name for the record."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The record's tables start with `record_`."""

    name = "goldthread.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"
