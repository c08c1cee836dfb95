"""Django's name for the journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal's tables start with `journal_`."""

    name = "goldthread.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
