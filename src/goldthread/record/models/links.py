"""Link: a typed edge between two refs; it makes the thread. Claim: a sentence that can be recomputed."""

from django.db import models
from django.db.models import Q

from goldthread.record.models.base import Owned

MEANINGS = ("raised", "answers", "implements", "tested_by", "measured_by", "serves", "heard_at", "joins", "supersedes")


class Link(Owned):
    """`source` raised / answers / implements / … `target`."""

    source_practice = models.CharField(max_length=40)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    meaning = models.CharField(max_length=20)
    target_practice = models.CharField(max_length=40)
    target_kind = models.CharField(max_length=40)
    target_id = models.UUIDField()
    on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "source_id"], name="link_source"),
            models.Index(fields=["organisation", "target_id"], name="link_target"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(meaning__in=MEANINGS), name="link_meaning"),
            models.UniqueConstraint(fields=["organisation", "source_id", "meaning", "target_id"], name="link_once"),
            models.CheckConstraint(condition=~Q(source_id=models.F("target_id")), name="link_joins_two_things"),
        ]


class Claim(Owned):
    """A sentence with its estimand, population, period, method version and result; points back to rows."""

    practice = models.CharField(max_length=40)
    sentence = models.TextField()
    estimand = models.CharField(max_length=200)
    population = models.CharField(max_length=200)
    period_start = models.DateField()
    period_end = models.DateField()
    method = models.CharField(max_length=80)
    method_version = models.CharField(max_length=20)
    result = models.JSONField()
    rows = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gt=models.F("period_start")), name="claim_period"),
        ]
