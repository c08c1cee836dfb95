"""Django's name for the practice; registering it is all that start-up does."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """The practice's tables start with `governance_`."""

    name = "goldthread.practices.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the record that this practice exists."""
        from goldthread.practices.governance.practice import PRACTICE
        from goldthread.record.practice import register

        register(PRACTICE)
