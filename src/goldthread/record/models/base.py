"""What every row of the record has."""

from django.db import models

from goldthread.journal.ids import NewId
from goldthread.organisation.models import Organisation


class Owned(models.Model):
    """A row that belongs to one organisation, under its row-level security."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
