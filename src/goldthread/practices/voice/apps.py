"""Django's name for the practice; registering it is all that start-up does."""

from django.apps import AppConfig


class VoiceConfig(AppConfig):
    """The practice's tables start with `voice_`."""

    name = "goldthread.practices.voice"
    label = "voice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the record that this practice exists."""
        from goldthread.practices.voice.practice import PRACTICE
        from goldthread.record.practice import register

        register(PRACTICE)
