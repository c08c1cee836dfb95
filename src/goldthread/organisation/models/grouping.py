"""Groupings cut across the tree: collaboratives, neighbourhoods, clustered boards."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from goldthread.journal.ids import NewId
from goldthread.organisation.models.units import Organisation


class Grouping(models.Model):
    """A set of units with a name, convened by one organisation."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    key = models.IntegerField(unique=True, db_default=models.Func(function="goldthread_next_unit_key", arity=0))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)


class GroupingMember(models.Model):
    """A unit's membership of a grouping for a period (exclusive end); never twice at once."""

    grouping_key = models.IntegerField()
    unit_key = models.IntegerField()
    period = DateRangeField()
