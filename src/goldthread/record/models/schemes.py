"""Schemes of delegation: who may decide what, as a table that is read by machine; and authority beyond it, with an end."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned
from goldthread.record.models.bodies import Body


class Scheme(Owned):
    """One version of a scheme, as TOML text that never changes (methods/rights). It enters into force by a SchemeTerm."""

    version = models.IntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.BinaryField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    note = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version"], name="scheme_version_once"),
            models.CheckConstraint(condition=Q(version__gt=0), name="scheme_version_from_1"),
        ]


class SchemeTerm(Owned):
    """For which body (a unit with all below it) and which period (exclusive end) a scheme is in force. Terms never overlap."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    period = DateRangeField()
    decision = models.ForeignKey("record.Decision", models.PROTECT, null=True, related_name="+")


class EarnedLimit(Owned):
    """Authority that a role has earned: one upper limit of one rule raised at a unit and below, for a period, with a coach and
    guard-rails, and a review of what came of it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    rule = models.CharField(max_length=80)
    attribute = models.CharField(max_length=60)
    up_to = models.CharField(max_length=40)
    step = models.IntegerField()
    coach = models.ForeignKey(Person, models.PROTECT, related_name="+")
    guard_rail = models.TextField()
    period = DateRangeField()
    review_on = models.DateField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=8, db_default="")
    review = models.TextField(db_default="")
    decision = models.ForeignKey("record.Decision", models.PROTECT, null=True, related_name="+")
    ended_because = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(guard_rail=""), name="earned_limit_has_a_guard_rail"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, verdict="")
                | Q(reviewed_at__isnull=False, verdict__in=("keep", "raise", "end")) & ~Q(review=""),
                name="earned_limit_reviewed_with_a_verdict_and_why",
            ),
        ]


class LimitProposal(Owned):
    """A step of earned authority that somebody asks for; the decision about it makes the EarnedLimit."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    rule = models.CharField(max_length=80)
    attribute = models.CharField(max_length=60)
    up_to = models.CharField(max_length=40)
    coach = models.ForeignKey(Person, models.PROTECT, related_name="+")
    guard_rail = models.TextField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()


class Delegation(Owned):
    """Decisions of a role at a unit and below, on named subjects, given to a body (a response team) until a moment."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    role = models.CharField(max_length=40)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    subjects = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    decision = models.ForeignKey("record.Decision", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="delegation_ends_after_it_starts"
            ),
        ]


class Mode(Owned):
    """A devolution mode in force at a unit and below, with issuer, channel, start and end. The incident level is kept beside it:
    the one does not follow from the other.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    mode = models.CharField(max_length=40)
    incident_level = models.IntegerField(null=True)
    issuer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    decision = models.ForeignKey("record.Decision", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="mode_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(incident_level__isnull=True) | Q(incident_level__gte=1, incident_level__lte=4),
                name="incident_level_from_1_to_4",
            ),
            models.CheckConstraint(condition=~Q(channel=""), name="mode_has_a_channel"),
        ]
