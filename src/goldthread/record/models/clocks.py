"""Clock: a moment by which something must happen, for any ref. Fires exactly once."""

from django.db import models
from django.db.models import Q

from goldthread.record.models.base import Owned


class Clock(Owned):
    """Swept with FOR UPDATE SKIP LOCKED; its handler commits together with `fired` (record/sweeper.py)."""

    practice = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, db_default="pending")
    fired_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(db_default=0)
    not_before = models.DateTimeField()
    last_error = models.CharField(max_length=300, db_default="")

    class Meta:
        indexes = [models.Index(fields=["not_before"], condition=Q(state="pending"), name="clock_pending")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("pending", "fired", "stopped", "parked")), name="clock_state"),
            models.CheckConstraint(
                condition=Q(state="fired", fired_at__isnull=False) | ~Q(state="fired") & Q(fired_at__isnull=True),
                name="clock_fired_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["organisation", "practice", "about_kind", "about_id", "purpose"], condition=Q(state="pending"),
                name="one_pending_clock_per_purpose",
            ),
        ]  # fmt: skip
