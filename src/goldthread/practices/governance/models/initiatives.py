"""Initiatives: joint work by effort and benefit, each party's own estimate, and what was seen after ninety days."""

from django.db import models
from django.db.models import F, Q

from goldthread.organisation.models import Organisation, Person, Unit
from goldthread.record.models import Measure, Partner
from goldthread.record.models.base import Owned

INITIATIVE_STATES = ("proposed", "chosen", "under_way", "verified", "not_verified", "dropped")
VERIFIED = ("verified", "not_verified")


class Initiative(Owned):
    """A piece of work that several parties do together. Ninety days after its start somebody says what can be seen of it."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    lead = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, db_default="proposed")
    proposed_on = models.DateField()
    chosen_on = models.DateField(null=True)
    started_on = models.DateField(null=True)
    verify_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    seen = models.TextField(db_default="")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    dropped_because = models.TextField(db_default="")

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit", "state"], name="initiative_unit_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=INITIATIVE_STATES), name="initiative_state"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(purpose=""), name="initiative_says_what_for"),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "dropped")) | Q(chosen_on__isnull=False),
                name="initiative_chosen_first",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True, verify_on__isnull=True)
                | Q(started_on__isnull=False, verify_on__gt=F("started_on")),
                name="initiative_started_is_looked_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("under_way", *VERIFIED)) | Q(started_on__isnull=False),
                name="initiative_under_way_has_started",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VERIFIED, verified_on__gte=F("verify_on"), verified_by__isnull=False)
                & ~Q(seen="")
                | ~Q(state__in=VERIFIED) & Q(verified_on__isnull=True, verified_by__isnull=True, seen=""),
                name="initiative_verified_with_what_was_seen",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("lead")), name="initiative_verified_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="dropped") & ~Q(dropped_because="") | ~Q(state="dropped") & Q(dropped_because=""),
                name="initiative_dropped_with_a_reason",
            ),
        ]


class InitiativePartner(Owned):
    """One party of an initiative besides its own unit: a partner, another organisation or another unit of ours."""

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    with_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, with_organisation__isnull=True, unit__isnull=True)
                | Q(partner__isnull=True, with_organisation__isnull=False, unit__isnull=True)
                | Q(partner__isnull=True, with_organisation__isnull=True, unit__isnull=False),
                name="initiative_partner_is_one",
            ),
            models.UniqueConstraint(
                fields=["initiative", "partner", "with_organisation", "unit"], nulls_distinct=False,
                name="initiative_partner_once",
            ),
        ]  # fmt: skip


class InitiativeEstimate(Owned):
    """What one party thinks it takes and brings, 1 to 5 each. Without a party it is the initiative's own unit; the latest counts.
    Without `said_by` the partner gave it through its link; otherwise that person wrote it down. Never altered.
    """

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    party = models.ForeignKey(InitiativePartner, models.PROTECT, null=True, related_name="+")
    effort = models.IntegerField()
    benefit = models.IntegerField()
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(effort__gte=1, effort__lte=5, benefit__gte=1, benefit__lte=5), name="estimate_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | Q(said_by__isnull=False), name="estimate_of_our_own_is_named"
            ),
        ]
