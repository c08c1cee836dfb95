"""Change: what was actually altered. Decided, live and sustained are three dates."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned
from goldthread.record.models.decisions import Decision


class Change(Owned):
    """Something done differently in a unit, because of a decision. Withdrawn is an end of its own."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    planned_on = models.DateField(null=True)
    live_on = models.DateField(null=True)
    look_back_on = models.DateField(null=True)
    sustained_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_because = models.TextField(db_default="")

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit", "live_on"], name="change_live")]
        constraints = [
            models.CheckConstraint(
                condition=Q(live_on__isnull=True) | Q(live_on__gte=models.F("decided_on")),
                name="change_live_after_decided",
            ),
            models.CheckConstraint(
                condition=Q(sustained_on__isnull=True) | Q(live_on__isnull=False, sustained_on__gt=models.F("live_on")),
                name="change_sustained_after_live",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(sustained_on__isnull=True) & ~Q(withdrawn_because=""),
                name="change_withdrawn_with_a_reason_and_never_sustained",
            ),
        ]
