"""Meetings of bodies: an agenda of decisions. There is no table of minutes: they are the decisions themselves."""

from django.db import models
from django.db.models import Q

from goldthread.record.models import Body, Decision
from goldthread.record.models.base import Owned

MEETING_STATES = ("planned", "held", "cancelled")


class Meeting(Owned):
    """A body meets on a day. `present` holds the ids of the seats whose holders were there."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    on = models.DateField()
    place = models.CharField(max_length=200)
    state = models.CharField(max_length=10, db_default="planned")
    held_at = models.DateTimeField(null=True)
    present = models.JSONField(db_default=models.Value([], models.JSONField()))
    cancelled_because = models.TextField(db_default="")

    class Meta:
        indexes = [models.Index(fields=["organisation", "body", "on"], name="meeting_body")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MEETING_STATES), name="meeting_state"),
            models.CheckConstraint(
                condition=Q(state="held", held_at__isnull=False) | ~Q(state="held") & Q(held_at__isnull=True),
                name="meeting_held_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancelled_because="")
                | ~Q(state="cancelled") & Q(cancelled_because=""),
                name="meeting_cancelled_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["body", "on"], condition=Q(state="planned"), name="one_planned_meeting_of_a_body_a_day"
            ),
        ]


class AgendaItem(Owned):
    """One decision that a meeting takes up, in its order, why it is here, and a note of what was said if one is wanted."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    order = models.IntegerField()
    why = models.CharField(max_length=20)
    note = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "decision"], name="agenda_item_once"),
            models.UniqueConstraint(fields=["meeting", "order"], name="agenda_order_once"),
            models.CheckConstraint(
                condition=Q(why__in=("decides", "consents", "heard", "consulted", "added")), name="agenda_item_why"
            ),
        ]
