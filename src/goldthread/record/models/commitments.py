"""Commitment: who promised what to whom by when; kept or not, confirmed by the receiver."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned


class Commitment(Owned):
    """An ask at a huddle, a promise on a visit, between partners, in an update. Always has a clock; never silently dropped."""

    practice = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    text = models.TextField()
    promised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    made_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=12, db_default="promised")
    ended_at = models.DateTimeField(null=True)
    ended_note = models.TextField(db_default="")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "to_unit", "state"], name="commitment_to_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="promised", ended_at__isnull=True, confirmed_by__isnull=True)
                | Q(state__in=("kept", "not_kept", "withdrawn"), ended_at__isnull=False),
                name="commitment_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="commitment_confirmed_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("promised_by")),
                name="commitment_is_confirmed_by_the_receiver",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="commitment_says_what"),
        ]
