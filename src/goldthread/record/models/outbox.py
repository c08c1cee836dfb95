"""Notice: something a person should be told. Nothing is told twice, nothing is lost."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person
from goldthread.record.models.base import Owned


class Notice(Owned):
    """Written in the transaction of what it tells; `key` makes it once only. Told in one digest a day, and on the home page.

    `person` may be empty: then `about` knows whom to tell (an author whose name is kept), and only the outbox job asks.
    """

    key = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    practice = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    sending_since = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "person", "at"], name="notice_person"),
            models.Index(fields=["organisation", "at"], condition=Q(told_at__isnull=True), name="notice_to_tell"),
        ]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="notice_once")]
