"""Organisations and their units: a dated tree. Structure is public within an installation, so it has no row-level security."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from goldthread.journal.ids import NewId


class Organisation(models.Model):
    """A body that owns its rows: a trust, an integrated care board, a company. Row 0 is the installation itself."""

    id = models.IntegerField(primary_key=True, db_default=models.Func(function="goldthread_next_unit_key", arity=0))
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="organisation_ends_after_it_starts",
            ),
        ]


class Unit(models.Model):
    """A place in the tree: system, place, organisation, site, division, department, ward. `parent` is the truth for now.

    `path` (the keys from the root to this unit) is kept by a trigger; UnitPlace keeps where it stood at other times.
    """

    id = models.UUIDField(primary_key=True, db_default=NewId())
    key = models.IntegerField(unique=True, db_default=models.Func(function="goldthread_next_unit_key", arity=0))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    path = ArrayField(models.IntegerField(), db_default=models.Value([], ArrayField(models.IntegerField())))
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [GinIndex(fields=["path"], name="unit_path")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="unit_code_once_in_an_organisation")
        ]


class UnitPlace(models.Model):
    """Where a unit stood in the tree, and when. `period` ends exclusively; the open one agrees with Unit.parent."""

    unit_key = models.IntegerField()
    parent_key = models.IntegerField(null=True)
    period = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["unit_key"], name="unit_place_unit")]
