"""Deciding together: rounds with a frozen text, seats, positions, objections and what integrates them; detached ballots."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Organisation, Person, Unit
from goldthread.record.models.base import Owned
from goldthread.record.models.bodies import Body, BodySeat, Partner
from goldthread.record.models.decisions import Decision

STAGES = ("clarify", "respond", "closed")
RESULTS = ("", "carried", "lost", "objected", "inquorate", "silent", "recast")
POSITIONS = ("consent", "stand_aside", "object", "for", "against", "abstain", "sign", "refuse", "voted")


class Round(Owned):
    """One proposal put to all seats. Its text is frozen; an objection is integrated by the next round's text."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    number = models.IntegerField()
    outcome = models.CharField(max_length=40)
    text = models.TextField()
    reason = models.TextField()
    expects = models.TextField(db_default="")
    look_back_on = models.DateField(null=True)
    put_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["decision"], condition=~Q(stage="closed"), name="one_open_round_of_a_decision"
            ),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="round_stage"),
            models.CheckConstraint(condition=Q(result__in=RESULTS), name="round_result"),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False) & ~Q(result="")
                | ~Q(stage="closed") & Q(closed_at__isnull=True, result=""),
                name="round_closed_with_a_result",
            ),
        ]


class Seat(Owned):
    """One voice in a decision: a member of a body, the holder of a key, or an affected organisation. The row belongs to the
    organisation that holds the seat, so it may point at another organisation's decision (`home`).
    """

    home = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    body_seat = models.ForeignKey(BodySeat, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=40, db_default="")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", null=True, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    mandate = models.TextField(db_default="")
    step = models.IntegerField(db_default=0)
    state = models.CharField(max_length=8, db_default="active")
    ended_because = models.TextField(db_default="")

    class Meta:
        indexes = [models.Index(fields=["decision"], name="seat_decision")]
        constraints = [
            models.UniqueConstraint(fields=["decision", "step", "label"], name="seat_label_once_in_a_decision"),
            models.CheckConstraint(condition=Q(state__in=("active", "recused", "left")), name="seat_state"),
        ]


class Position(Owned):
    """What a seat said to a round: once, with a reason where it objects, refuses or votes against."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    said = models.CharField(max_length=12)
    reason = models.TextField(db_default="")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "round"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_position_of_a_seat_in_a_round",
            ),
            models.CheckConstraint(condition=Q(said__in=POSITIONS), name="position_said"),
            models.CheckConstraint(
                condition=~Q(said__in=("object", "refuse")) | ~Q(reason=""), name="objection_has_a_reason"
            ),
        ]


class Integration(Owned):
    """How the text of a new round answers an objection to the one before."""

    position = models.OneToOneField(Position, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    how = models.TextField()


class Clarification(Owned):
    """A question asked before positions are taken, and its answer."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    question = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(db_default="")
    answered_at = models.DateTimeField(null=True)


class Recusal(Owned):
    """Somebody with an interest steps back from one decision; they are not among its decision-makers any more."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    interest = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "person"], name="recusal_once"),
            models.CheckConstraint(condition=~Q(interest=""), name="recusal_says_why"),
        ]


class Ballot(Owned):
    """One vote in a secret ballot: random id, no time, no path to who cast it. Only goldthread_close_ballot writes it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8)


class BallotPaper(Owned):
    """A vote in the box: choices alone, until the box is emptied in one shuffled batch at close."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8)


class Reevaluation(Owned):
    """An open decision whose facts changed: what they were, whose it was, and what they are now. Both stay."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    because = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
