"""Measures: reviewed definitions with versions; points with two times; limits that change only by a decision."""

from django.db import models
from django.db.models import Q

from goldthread.journal.ids import NewId
from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned

DIRECTIONS = ("up", "down", "neutral")
KINDS = ("value", "proportion", "rate", "count")
PERIODS = ("day", "week", "month", "quarter", "year")


class Measure(Owned):
    """What is measured, wherever it is; how is in its versions. `unit` owns it: the whole organisation's, or a team's own."""

    code = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    is_own = models.BooleanField(db_default=False)  # a team's own measure, tallied on a phone
    retired_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="measure_code_once")]


class MeasureVersion(Owned):
    """A definition as reviewed: points know which one they were counted under. Rows are never altered."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    numerator = models.TextField(db_default="")
    denominator = models.TextField(db_default="")
    kind = models.CharField(max_length=12)
    period = models.CharField(max_length=8)
    direction = models.CharField(max_length=8)
    multiply = models.IntegerField(db_default=1)
    measured_in = models.CharField(max_length=60, db_default="")
    targets = models.JSONField(
        db_default=models.Value([], models.JSONField())
    )  # [["2026-04-01", 5.0], …] steps over time
    split_by = models.JSONField(db_default=models.Value([], models.JSONField()))
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    next_review_on = models.DateField(null=True)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "number"], name="measure_version_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="measure_kind"),
            models.CheckConstraint(condition=Q(direction__in=DIRECTIONS), name="measure_direction"),
            models.CheckConstraint(condition=Q(period__in=PERIODS), name="measure_period"),
            models.CheckConstraint(condition=Q(multiply__gte=1), name="measure_multiply"),
        ]


class Point(Owned):
    """One value of a measure for a unit and a period. Two times: the period (exclusive end), and when it became known.

    Append-only: a correction is a new row with a later `known_at`; the latest known counts. A point without a value says
    that there is none, and why.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    version = models.IntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    split = models.CharField(max_length=40, db_default="")
    split_value = models.CharField(max_length=60, db_default="")
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    known_at = models.DateTimeField()
    source = models.CharField(max_length=80, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "unit", "period_start", "split", "split_value", "known_at"], name="point_known_once"
            ),
            models.CheckConstraint(condition=Q(period_end__gt=models.F("period_start")), name="point_period"),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0), name="point_denominator_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(split="", split_value="") | ~Q(split="") & ~Q(split_value=""), name="point_split_is_whole"
            ),
        ]


class PublishedMeasure(models.Model):
    """The definition of an official statistic, as its importer ships it. Belongs to no organisation."""

    code = models.CharField(primary_key=True, max_length=60)
    title = models.CharField(max_length=200)
    numerator = models.TextField(db_default="")
    denominator = models.TextField(db_default="")
    kind = models.CharField(max_length=12)
    period = models.CharField(max_length=8)
    direction = models.CharField(max_length=8)
    multiply = models.IntegerField(db_default=1)
    measured_in = models.CharField(max_length=60, db_default="")
    targets = models.JSONField(db_default=models.Value([], models.JSONField()))
    source = models.CharField(max_length=200, db_default="")
    adds_up = models.BooleanField(db_default=True)  # whether the units below can be added together

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="published_kind"),
            models.CheckConstraint(condition=Q(direction__in=DIRECTIONS), name="published_direction"),
        ]


class PublishedPoint(models.Model):
    """A published value. Readable by all, written only by load; a figure that changes keeps its vintages."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    measure = models.ForeignKey(PublishedMeasure, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    known_at = models.DateTimeField()
    source = models.CharField(max_length=80, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "measure", "period_start", "known_at"], name="published_known_once"
            ),
            models.CheckConstraint(condition=Q(period_end__gt=models.F("period_start")), name="published_period"),
        ]


class LimitDecision(Owned):
    """Why and from when limits were recalculated or fixed, or a point left out. Limits are never redrawn silently."""

    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    published = models.ForeignKey(PublishedMeasure, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    kind = models.CharField(max_length=12)
    from_period = models.DateField()
    baseline = models.IntegerField(null=True)
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    withdraws = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__isnull=True, published__isnull=False)
                | Q(measure__isnull=False, published__isnull=True),
                name="limit_decision_is_about_one_measure",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("recalculate", "exclude", "withdraw"), baseline__isnull=True)
                | Q(kind="fix", baseline__gte=2),
                name="limit_decision_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="withdraw", withdraws__isnull=False) | ~Q(kind="withdraw") & Q(withdraws__isnull=True),
                name="limit_decision_withdraws_another",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="limit_decision_has_a_reason"),
        ]
