"""Who was asked about a decision, what they said, what they were answered; and the owner's view sealed before."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned
from goldthread.record.models.bodies import Body, Partner
from goldthread.record.models.decisions import Decision

WHO = ("person", "role", "unit", "body", "partner", "profession")
BASES = ("scheme", "affected", "expert", "profession")


class Hearing(Owned):
    """The time in which people are heard on a decision. It closes before the decision where the method demands it."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, db_default="advice")
    question = models.TextField()
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("advice", "ethics", "open")), name="hearing_kind"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opened_at")), name="hearing_closes_after_it_opens"
            ),
        ]


class Party(Owned):
    """Somebody whom a decision touches or who must be asked: their interest, their concern and what would settle it."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    who = models.CharField(max_length=12)
    basis = models.CharField(max_length=12)
    must = models.BooleanField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", null=True, related_name="+")
    role = models.CharField(max_length=40, db_default="")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    profession = models.CharField(max_length=60, db_default="")
    interest = models.TextField(db_default="")
    concern = models.TextField(db_default="")
    would_settle = models.TextField(db_default="")
    asked_at = models.DateTimeField(null=True)
    asked_of = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "decision", "label"], name="party_once_in_a_decision"),
            models.CheckConstraint(condition=Q(who__in=WHO), name="party_who"),
            models.CheckConstraint(condition=Q(basis__in=BASES), name="party_basis"),
        ]


class Submission(Owned):
    """What one person or partner said for a party, and what the decision-maker answered. What was said never changes."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    stance = models.CharField(max_length=12)
    text = models.TextField()
    said_at = models.DateTimeField()
    reply = models.TextField(db_default="")
    replied_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "said_by"], name="submission_once_for_a_party"),
            models.UniqueConstraint(fields=["party", "partner"], name="submission_once_of_a_partner"),
            models.CheckConstraint(
                condition=Q(stance__in=("for", "against", "change", "unsure")), name="submission_stance"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="submission_says_something"),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True, reply="") | Q(replied_at__isnull=False) & ~Q(reply=""),
                name="submission_reply_has_words",
            ),
        ]


class SealedView(Owned):
    """The decision-maker's own view before hearing. `sha256(nonce ‖ text)` proves it; nonce and text are encrypted with a key that
    is not in the database; deciding opens it. Where somebody else decides, nothing is measured.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="+")
    sealed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    sha256 = models.BinaryField()
    ciphertext = models.BinaryField()
    opened_at = models.DateTimeField(null=True)
    effect = models.CharField(max_length=12, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, effect="")
                | Q(opened_at__isnull=False, effect__in=("unchanged", "amended", "changed", "not_measured")),
                name="sealed_view_opened_with_its_effect",
            ),
        ]
