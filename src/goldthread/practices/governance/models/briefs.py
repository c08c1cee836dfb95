"""Briefs: what a partner aims at, cannot do and gains or loses, in its own words; and who has said it back."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Organisation, Person
from goldthread.record.models import Partner
from goldthread.record.models.base import Owned


class PartnerBrief(Owned):
    """One version of a brief, never altered. Without a partner it is the organisation's own. Without a writer the partner wrote it
    through its link.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    number = models.IntegerField()
    aims = models.TextField()
    limits = models.TextField()
    incentives = models.TextField()
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "partner", "number"], nulls_distinct=False, name="brief_version_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="brief_version_from_1"),
            models.CheckConstraint(
                condition=~Q(aims="") & ~Q(limits="") & ~Q(incentives=""), name="brief_says_all_three"
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | Q(written_by__isnull=False), name="brief_of_our_own_has_a_writer"
            ),
        ]


class BriefShared(Owned):
    """Our own brief was sent to another organisation or a partner. Never altered."""

    brief = models.ForeignKey(PartnerBrief, models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    to_partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_organisation__isnull=False, to_partner__isnull=True)
                | Q(to_organisation__isnull=True, to_partner__isnull=False),
                name="brief_shared_with_one",
            ),
            models.UniqueConstraint(
                fields=["brief", "to_organisation", "to_partner"], nulls_distinct=False, name="brief_shared_once"
            ),
        ]


class BriefReceived(Owned):
    """Another organisation's brief as it reached this one: the receiver's own row, with the words as they were."""

    brief = models.ForeignKey(PartnerBrief, models.PROTECT, related_name="+")
    from_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.IntegerField()
    aims = models.TextField()
    limits = models.TextField()
    incentives = models.TextField()
    received_at = models.DateTimeField()
    in_own_words = models.TextField(db_default="")
    understood_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    understood_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "brief"], name="brief_received_once"),
            models.CheckConstraint(
                condition=Q(understood_at__isnull=True, understood_by__isnull=True, in_own_words="")
                | Q(understood_at__isnull=False, understood_by__isnull=False) & ~Q(in_own_words=""),
                name="brief_received_understood_in_own_words",
            ),
        ]


class BriefUnderstood(Owned):
    """A person, a partner or another organisation says a brief back in its own words. Never altered."""

    brief = models.ForeignKey(PartnerBrief, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    by_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    in_own_words = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, partner__isnull=True, by_organisation__isnull=True)
                | Q(person__isnull=True, partner__isnull=False, by_organisation__isnull=True)
                | Q(person__isnull=True, partner__isnull=True, by_organisation__isnull=False),
                name="brief_understood_by_one",
            ),
            models.CheckConstraint(condition=~Q(in_own_words=""), name="brief_understood_in_own_words"),
            models.UniqueConstraint(
                fields=["brief", "person", "partner", "by_organisation"],
                nulls_distinct=False,
                name="brief_understood_once",
            ),
        ]
