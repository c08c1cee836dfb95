"""Tables and constraints of voice. An anonymous row has a random id, a date, and nothing else that tells who or when."""

from django.db import models
from django.db.models import Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models import Decision
from goldthread.record.models.base import Owned

IDENTITIES = ("named", "kept", "anonymous")
ANSWERS = ("accepted", "trial", "declined", "already_done", "passed_on")
ENDED = (*ANSWERS, "merged", "withdrawn")


class Idea(Owned):
    """What could be better, in somebody's words. `state` follows the answer; the words of answers are in Answer."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    text = models.TextField()
    raised_on = models.DateField()
    raised_at = models.DateTimeField(null=True)
    identity = models.CharField(max_length=10)
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    staff_group = models.CharField(max_length=60, db_default="")
    code_hash = models.CharField(max_length=64, db_default="")
    state = models.CharField(max_length=14, db_default="open")
    answered_on = models.DateField(null=True)
    read_on = models.DateField(null=True)
    trying_since = models.DateField(null=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "unit", "state"], name="idea_unit_state"),
            models.Index(fields=["organisation", "code_hash"], condition=~Q(code_hash=""), name="idea_code"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("open", *ENDED)), name="idea_state"),
            models.CheckConstraint(
                condition=Q(identity="anonymous", author__isnull=True, raised_at__isnull=True, staff_group="")
                & ~Q(code_hash="")
                | Q(identity="kept", author__isnull=True, code_hash="", raised_at__isnull=False)
                | Q(identity="named", author__isnull=False, code_hash="", raised_at__isnull=False),
                name="idea_tells_no_more_than_its_author_chose",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_on__isnull=True) | ~Q(state="open") & Q(answered_on__isnull=False),
                name="idea_answered_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="idea_merged_into_another",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="idea_says_something"),
        ]


class KeptAuthor(Owned):
    """Who raised an idea whose name is kept from managers. The database shows a row only to that very person, and to jobs."""

    idea = models.OneToOneField(Idea, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")


class Support(Owned):
    """Somebody supports an idea; once."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "person"], name="support_once")]


class Comment(Owned):
    """Something said about an idea, with a name."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()


class Answer(Owned):
    """An answer as it was given: canonical state, reason code and words. "Noted" is not an answer. Never altered."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    state = models.CharField(max_length=14)
    reason_code = models.CharField(max_length=30)
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ANSWERS), name="answer_state"),
            models.CheckConstraint(condition=~Q(reason=""), name="answer_has_a_reason"),
        ]


class LoopAnswer(Owned):
    """What the author says afterwards: was I told, would I raise again. Keeps no author and no time."""

    idea = models.OneToOneField(Idea, models.CASCADE, related_name="+")
    told = models.BooleanField()
    again = models.BooleanField()
    on = models.DateField()


class ListeningEvent(Owned):
    """A leader listens to a unit: planned, then held, with what was heard."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=200)
    form = models.CharField(max_length=20)
    led_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    planned_on = models.DateField()
    held_on = models.DateField(null=True)
    heard = models.JSONField(db_default=models.Value([], models.JSONField()))


class Visit(Owned):
    """A leader goes where the work is done, with a companion. What was promised there are commitments about the visit."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    leader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    companion = models.CharField(max_length=120, db_default="")
    shift = models.CharField(max_length=8)
    planned_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit", "done_on"], name="visit_unit")]
        constraints = [models.CheckConstraint(condition=Q(shift__in=("day", "night", "weekend")), name="visit_shift")]
