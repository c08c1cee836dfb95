"""Pledges between organisations: each side has its own row. And the switch of the public page."""

from django.db import models
from django.db.models import F, Q

from goldthread.organisation.models import Organisation, Person, Unit
from goldthread.record.models import Partner
from goldthread.record.models.base import Owned

PLEDGE_STATES = ("promised", "kept", "not_kept", "withdrawn")


class Pledge(Owned):
    """What this organisation promised another one or a partner. `confirmed` is the receiver's word, never ours: True, False, or
    null while it has said nothing. `confirmed_as` says whose word: an organisation through its own row, a partner through its link.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    text = models.TextField()
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    to_partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    promised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, db_default="promised")
    kept_on = models.DateField(null=True)
    ended_note = models.TextField(db_default="")
    confirmed = models.BooleanField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_as = models.CharField(max_length=12, db_default="")
    confirmed_note = models.TextField(db_default="")
    public = models.BooleanField(db_default=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state", "due_on"], name="pledge_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_organisation__isnull=False, to_partner__isnull=True)
                | Q(to_organisation__isnull=True, to_partner__isnull=False),
                name="pledge_to_one",
            ),
            models.CheckConstraint(
                condition=Q(to_organisation__isnull=True) | ~Q(to_organisation=F("organisation")),
                name="pledge_to_another",
            ),
            models.CheckConstraint(condition=Q(state__in=PLEDGE_STATES) & ~Q(text=""), name="pledge_state"),
            models.CheckConstraint(
                condition=Q(state="kept", kept_on__isnull=False) | ~Q(state="kept") & Q(kept_on__isnull=True),
                name="pledge_kept_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, confirmed_at__isnull=True, confirmed_as="", confirmed_note="")
                | Q(confirmed__isnull=False, confirmed_at__isnull=False, confirmed_as__in=("organisation", "partner")),
                name="pledge_confirmed_by_the_receiver_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True)
                | Q(confirmed=True, state="kept")
                | Q(confirmed=False, state="not_kept") & ~Q(confirmed_note=""),
                name="pledge_confirmed_agrees_with_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("not_kept", "withdrawn"), confirmed__isnull=True) | ~Q(ended_note=""),
                name="pledge_ended_without_keeping_says_why",
            ),
        ]


class PledgeReceived(Owned):
    """What another organisation promised this one: the receiver's own row, with the words and the day as they were promised."""

    pledge = models.OneToOneField(Pledge, models.PROTECT, related_name="+")
    from_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField()
    due_on = models.DateField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, db_default="promised")
    kept_on = models.DateField(null=True)
    said = models.TextField(db_default="")
    confirmed = models.BooleanField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    note = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PLEDGE_STATES), name="pledge_received_state"),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed__isnull=False, confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="pledge_received_confirmed_by_somebody",
            ),
        ]


class PublicPage(Owned):
    """The switch of the page of promises that anybody may read. The latest row holds; none is off. Never altered."""

    on = models.BooleanField()
    because = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(because=""), name="public_page_says_why")]
