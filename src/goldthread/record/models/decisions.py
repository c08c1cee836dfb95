"""Decision: a question with a decision-maker, a clock and exactly one outcome."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models.base import Owned

STATES = ("open", "decided", "merged", "withdrawn")
METHODS = ("alone", "advice", "consent", "majority", "two-key", "joint")


class Decision(Owned):
    """Who may decide is a role at a unit; who did is a person. State order is held by constraints, the taking by
    goldthread_decide(): row lock, right checked, exactly one outcome. Hearing and SealedView join in the next issue;
    `scheme_version` is their place: 0 is the built-in rule (record/rules.py).
    """

    practice = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    about_kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    question = models.CharField(max_length=300)
    attributes = models.JSONField(db_default=models.Value({}, models.JSONField()))
    scheme_version = models.IntegerField(db_default=0)
    rule = models.CharField(max_length=80)
    method = models.CharField(max_length=12, db_default="alone")
    decider_role = models.CharField(max_length=40)
    decider_unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
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
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "state", "due_at"], name="decision_due"),
            models.Index(fields=["organisation", "decider_unit", "state"], name="decision_decider"),
            models.Index(fields=["organisation", "unit", "state"], name="decision_unit"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="decision_state"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="decision_method"),
            models.CheckConstraint(condition=Q(due_at__gte=models.F("opened_at")), name="decision_due_after_opening"),
            models.CheckConstraint(
                condition=Q(
                    state="decided", decided_at__isnull=False, decided_by__isnull=False,
                    decided_at__gte=models.F("opened_at"),
                ) & ~Q(outcome="") & ~Q(reason="") & ~Q(decided_as="")
                | ~Q(state="decided") & Q(decided_at__isnull=True, decided_by__isnull=True, outcome="", decided_as=""),
                name="decision_decided_has_who_when_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="decision_merged_into_another",
            ),
            models.UniqueConstraint(
                fields=["organisation", "practice", "kind", "about_kind", "about_id"], condition=Q(state="open"),
                name="one_open_decision_of_a_kind_about_a_thing",
            ),
        ]  # fmt: skip
