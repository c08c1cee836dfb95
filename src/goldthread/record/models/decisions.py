"""Decision: a question with a decision-maker, a clock and exactly one outcome."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned
from goldthread.record.models.bodies import Body
from goldthread.record.models.schemes import Mode, Scheme

STATES = ("open", "decided", "merged", "withdrawn", "lapsed")
METHODS = ("alone", "advice", "consent", "majority", "two-key", "joint")
TOGETHER = ("consent", "majority", "two-key", "joint")
#: `decided_as` of decisions that no single person took: a round carried, or silence that the scheme counts as consent.
BY_MANY = ("carried", "silence")


class Decision(Owned):
    """Who may decide is a role at a unit or a body; who did is a person, or many. State order is held by constraints, the taking
    by goldthread_decide() and goldthread_carry(): row lock, right checked, exactly one outcome. The scheme and what its rule said
    are kept as they were at opening (`scheme_version` 0 is the built-in rule of record/rules.py); a changed fact leaves a
    Reevaluation. Under a temporary mode or delegation, `authority_until` says when the right goes back to `returns_to`.
    """

    practice = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    about_kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    question = models.CharField(max_length=300)
    context = models.TextField(db_default="")
    subject = models.CharField(max_length=60, db_default="")
    attributes = models.JSONField(db_default=models.Value({}, models.JSONField()))
    assumed = models.JSONField(db_default=models.Value([], models.JSONField()))
    organisations = models.JSONField(db_default=models.Value([], models.JSONField()))
    raised_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    scheme = models.ForeignKey(Scheme, models.PROTECT, null=True, related_name="+")
    scheme_version = models.IntegerField(db_default=0)
    rule = models.CharField(max_length=80)
    clause = models.CharField(max_length=80, db_default="")
    explanation = models.JSONField(db_default=models.Value({}, models.JSONField()))
    level = models.CharField(max_length=20, db_default="")
    quorum = models.IntegerField(null=True)
    silence = models.CharField(max_length=10, db_default="escalates")
    on_expiry = models.CharField(max_length=80, db_default="escalate")
    sub_delegation = models.BooleanField(db_default=False)
    secret_ballot = models.BooleanField(db_default=False)
    consult = models.JSONField(db_default=models.Value([], models.JSONField()))
    inform = models.JSONField(db_default=models.Value([], models.JSONField()))
    mode = models.ForeignKey(Mode, models.PROTECT, null=True, related_name="+")
    authority_until = models.DateTimeField(null=True)
    returns_to = models.JSONField(null=True)
    ladder_step = models.IntegerField(db_default=0)
    method = models.CharField(max_length=12, db_default="alone")
    decider_role = models.CharField(max_length=40)
    decider_unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    deputy_role = models.CharField(max_length=40, db_default="deputy_manager")
    delegated_to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    passed_up = models.IntegerField(db_default=0)
    at_huddle = models.BooleanField(db_default=False)
    state = models.CharField(max_length=12, db_default="open")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_as = models.CharField(max_length=40, db_default="")
    outcome = models.CharField(max_length=40, db_default="")
    reason_code = models.CharField(max_length=40, db_default="")
    reason = models.TextField(db_default="")
    expects = models.TextField(db_default="")
    look_back_on = models.DateField(null=True)
    happened = models.TextField(db_default="")
    happened_verdict = models.CharField(max_length=12, db_default="")
    happened_at = models.DateTimeField(null=True)
    happened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "state", "due_at"], name="decision_due"),
            models.Index(fields=["organisation", "decider_unit", "state"], name="decision_decider"),
            models.Index(fields=["organisation", "unit", "state"], name="decision_unit"),
            models.Index(fields=["organisation", "subject", "unit"], name="decision_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="decision_state"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="decision_method"),
            models.CheckConstraint(condition=Q(due_at__gte=models.F("opened_at")), name="decision_due_after_opening"),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False, decided_at__gte=models.F("opened_at"))
                & (Q(decided_by__isnull=False) | Q(decided_as__in=BY_MANY))
                & ~Q(outcome="") & ~Q(reason="") & ~Q(decided_as="")
                | ~Q(state="decided") & Q(decided_at__isnull=True, decided_by__isnull=True, outcome="", decided_as=""),
                name="decision_decided_has_who_when_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="decision_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(silence__in=("lapses", "consents", "escalates")), name="decision_silence"
            ),
            models.CheckConstraint(
                condition=Q(authority_until__isnull=True) | Q(returns_to__isnull=False),
                name="decision_temporary_authority_returns_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(happened_at__isnull=True, happened="", happened_verdict="")
                | Q(state="decided", happened_at__isnull=False) & ~Q(happened="")
                & Q(happened_verdict__in=("as_expected", "partly", "not", "cannot_say")),
                name="decision_look_back_says_what_happened",
            ),
            models.UniqueConstraint(
                fields=["organisation", "practice", "kind", "about_kind", "about_id"], condition=Q(state="open"),
                name="one_open_decision_of_a_kind_about_a_thing",
            ),
        ]  # fmt: skip
