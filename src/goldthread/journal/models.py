"""Event and EventSeal: tables and constraints only."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from goldthread.journal.ids import NewId

ACTOR_KINDS = ("person", "operator", "system", "partner", "anonymous")


class Event(models.Model):
    """One thing that happened, append-only. Holds ids, codes and salted hashes; never names, free text or contact details."""

    id = models.UUIDField(primary_key=True, db_default=NewId())
    organisation_id = models.IntegerField()
    at = models.DateTimeField(null=True)
    on = models.DateField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=40, blank=True, db_default="")
    rule = models.CharField(max_length=80, blank=True, db_default="")
    kind = models.CharField(max_length=80)
    practice = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    data = models.JSONField(db_default=models.Value({}, models.JSONField()))

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "practice", "object_kind", "object_id"], name="event_object"),
            BrinIndex(fields=["on"], name="event_on_brin"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(actor_kind__in=ACTOR_KINDS), name="event_actor_kind"),
            models.CheckConstraint(
                condition=models.Q(actor_kind="anonymous", actor_id__isnull=True, at__isnull=True, role="")
                | (~models.Q(actor_kind="anonymous") & models.Q(at__isnull=False)),
                name="event_anonymous_has_no_person_and_no_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(actor_kind="person") | models.Q(actor_id__isnull=False),
                name="event_person_is_named",
            ),
        ]


class UnsealedEvent(models.Model):
    """The sealer's queue: filled by a trigger on Event, emptied by sealing. Not part of the record."""

    event = models.OneToOneField(Event, models.DO_NOTHING, primary_key=True, related_name="+")
    organisation_id = models.IntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "event"], name="unsealed_order")]


class EventSeal(models.Model):
    """One link of an organisation's hash chain: sha256 over the previous link and the event's stored columns."""

    pk = models.CompositePrimaryKey("organisation_id", "seq")
    organisation_id = models.IntegerField()
    seq = models.BigIntegerField()
    event = models.OneToOneField(Event, models.DO_NOTHING, related_name="+")
    previous = models.BinaryField(max_length=32)
    sha256 = models.BinaryField(max_length=32)
