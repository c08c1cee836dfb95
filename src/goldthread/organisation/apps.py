"""Django's name for the organisation."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """The organisation's tables start with `organisation_`."""

    name = "goldthread.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"
