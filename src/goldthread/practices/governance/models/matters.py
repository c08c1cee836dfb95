"""Matter: any question that somebody raises for decision."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models import Decision
from goldthread.record.models.base import Owned


class Matter(Owned):
    """ "Who decides this?": a question at a unit, what is known of it, and the decision it became. `public` shows it, once decided,
    on the organisation's public page if that is switched on.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=300)
    context = models.TextField(db_default="")
    attributes = models.JSONField(db_default=models.Value({}, models.JSONField()))
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    public = models.BooleanField(db_default=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit"], name="matter_unit")]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="matter_asks_something")]
