"""Drafts: clauses, their versions with where the words came from, and comments with their answers."""

from django.db import models
from django.db.models import F, Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models import Body, Decision, Partner
from goldthread.record.models.base import Owned

DRAFT_STATES = ("drafting", "consulting", "adopted", "withdrawn")
COMMENT_KINDS = ("concern", "suggestion", "question", "support")
OUTCOMES = ("taken_in", "partly", "not_taken", "answered")


class Draft(Owned):
    """A strategy or policy on its way. It is adopted by a decision, and only when every comment has its answer."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    state = models.CharField(max_length=10, db_default="drafting")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begun_on = models.DateField()
    adopted_on = models.DateField(null=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit", "state"], name="draft_unit_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DRAFT_STATES), name="draft_state"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(purpose=""), name="draft_says_what_for"),
            models.CheckConstraint(
                condition=Q(state="adopted", adopted_on__isnull=False, decision__isnull=False)
                | ~Q(state="adopted") & Q(adopted_on__isnull=True),
                name="draft_adopted_by_a_decision",
            ),
        ]


class DraftBinds(Owned):
    """One of those whom the draft will bind: a unit with all below it, a body or a partner."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", null=True, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, body__isnull=True, partner__isnull=True)
                | Q(unit__isnull=True, body__isnull=False, partner__isnull=True)
                | Q(unit__isnull=True, body__isnull=True, partner__isnull=False),
                name="draft_binds_one_unit_body_or_partner",
            ),
            models.UniqueConstraint(
                fields=["draft", "unit", "body", "partner"], nulls_distinct=False, name="draft_binds_once"
            ),
        ]


class Clause(Owned):
    """One numbered part of a draft. `key` never changes; `position` is where it stands now."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="+")
    position = models.IntegerField()
    key = models.SlugField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "key"], name="clause_key_once_in_a_draft"),
            models.UniqueConstraint(
                fields=["draft", "position"],
                name="clause_position_once_in_a_draft",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="clause_position_from_1"),
        ]


class ClauseVersion(Owned):
    """The words of a clause at one time: who wrote them, why, and from which comment. Never altered. No words: taken out."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    number = models.IntegerField()
    text = models.TextField()
    because = models.TextField(db_default="")
    from_comment = models.ForeignKey("governance.Comment", models.PROTECT, null=True, related_name="+")
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clause", "number"], name="clause_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="clause_version_from_1"),
            models.CheckConstraint(
                condition=Q(number=1) & ~Q(text="") | Q(number__gt=1) & ~Q(because=""),
                name="clause_version_first_has_words_later_say_why",
            ),
        ]


class Comment(Owned):
    """What a person or a partner says about one version of a clause, and the answer it got."""

    version = models.ForeignKey(ClauseVersion, models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, db_default="")
    answer = models.TextField(db_default="")
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "draft"], name="comment_draft")]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, partner__isnull=True) | Q(person__isnull=True, partner__isnull=False),
                name="comment_by_a_person_or_a_partner",
            ),
            models.CheckConstraint(condition=Q(kind__in=COMMENT_KINDS) & ~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, outcome="", answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, outcome__in=OUTCOMES) & ~Q(answer=""),
                name="comment_answered_with_outcome_and_words",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="answered") | Q(kind__in=("question", "support")),
                name="comment_concern_is_taken_in_or_not",
            ),
            models.UniqueConstraint(
                fields=["version", "partner"], condition=Q(partner__isnull=False), name="comment_of_a_partner_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("at")),
                name="comment_answered_after_it_was_made",
            ),
        ]
