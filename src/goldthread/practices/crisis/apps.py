"""Django's name for the practice; registering it is all that start-up does."""

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    """The practice's tables start with `crisis_`."""

    name = "goldthread.practices.crisis"
    label = "crisis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the record that this practice exists."""
        from goldthread.practices.crisis.practice import PRACTICE
        from goldthread.record.practice import register

        register(PRACTICE)
