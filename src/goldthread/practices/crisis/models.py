"""Tables and constraints of crisis. State order is in triggers (migration 0002); what is append-only there too."""

from django.db import models
from django.db.models import F, Q

from goldthread.organisation.models import Person, Unit
from goldthread.record.models import Body, Change, Decision, Delegation, Hearing, Mode
from goldthread.record.models.base import Owned

DECLARATION_STATES = ("proposed", "in_force", "ended", "refused", "withdrawn")
LOOK_BACKS = ("", "keep", "adapt", "end")


class IncidentLevel(Owned):
    """How serious it is at a unit and below, since when and from which channel: 1–4, or 0 when it was stood down. Append-only.
    It gives nobody authority.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    level = models.IntegerField()
    since = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=120)
    note = models.TextField(db_default="")

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit", "since"], name="incident_level_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="incident_level_0_to_4"),
            models.CheckConstraint(condition=~Q(channel=""), name="incident_level_has_a_channel"),
            models.CheckConstraint(condition=Q(since__lte=F("at")), name="incident_level_is_not_foretold"),
        ]


class Declaration(Owned):
    """Temporary delegated authority at a unit and below: proposed, in force, ended. An extension is a declaration of its own that
    starts when the one it `extends` ends; periods of one unit never overlap (migration 0002).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    mode = models.CharField(max_length=40)
    channel = models.CharField(max_length=120)
    why = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, db_default="proposed")
    declared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    extends = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    record_mode = models.ForeignKey(Mode, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_early_because = models.TextField(db_default="")
    look_back = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    look_back_outcome = models.CharField(max_length=6, db_default="")

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit", "state"], name="declaration_unit_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state="proposed"), name="one_declaration_proposed_per_unit"
            ),
            models.UniqueConstraint(
                fields=["extends"],
                condition=Q(state__in=("proposed", "in_force", "ended")),
                name="one_extension_of_a_declaration",
            ),
            models.CheckConstraint(condition=Q(state__in=DECLARATION_STATES), name="declaration_state"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="declaration_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(channel="") & ~Q(why=""), name="declaration_has_channel_and_why"),
            models.CheckConstraint(
                condition=Q(state__in=("in_force", "ended"), record_mode__isnull=False, decision__isnull=False)
                | Q(state__in=("proposed", "refused", "withdrawn"), record_mode__isnull=True),
                name="declaration_in_force_rests_on_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | ~Q(state="ended") & Q(ended_at__isnull=True),
                name="declaration_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(look_back_outcome__in=LOOK_BACKS)
                & (Q(look_back_outcome="") | Q(state="ended", look_back__isnull=False)),
                name="declaration_looked_back_after_its_end",
            ),
        ]


class Team(Owned):
    """A response team: a body of people from at least two staff groups that decides on named subjects until a moment."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    body = models.OneToOneField(Body, models.PROTECT, related_name="+")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, models.PROTECT, null=True, related_name="+")
    purpose = models.TextField()
    subjects = models.JSONField()
    formed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    formed_at = models.DateTimeField()
    until = models.DateTimeField()
    stood_down_at = models.DateTimeField(null=True)
    stood_down_because = models.TextField(db_default="")

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit"], name="team_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("formed_at")), name="team_ends_after_it_is_formed"),
        ]


class Reconfiguration(Owned):
    """A service set up differently. Five dates that follow one another; abandoned is an end of its own."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=200)
    need = models.TextField()
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    need_on = models.DateField()
    raised_on = models.DateField()
    decided_on = models.DateField(null=True)
    live_on = models.DateField(null=True)
    sustained_on = models.DateField(null=True)
    abandoned_on = models.DateField(null=True)
    abandoned_because = models.TextField(db_default="")
    late_entry = models.BooleanField(db_default=False)
    declaration = models.ForeignKey(Declaration, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "unit", "need_on"], name="reconfiguration_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(raised_on__gte=F("need_on")), name="reconfiguration_raised_after_need"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=F("raised_on"), change__isnull=False),
                name="reconfiguration_decided_after_raised",
            ),
            models.CheckConstraint(
                condition=Q(live_on__isnull=True) | Q(decided_on__isnull=False, live_on__gte=F("decided_on")),
                name="reconfiguration_live_after_decided",
            ),
            models.CheckConstraint(
                condition=Q(sustained_on__isnull=True) | Q(live_on__isnull=False, sustained_on__gt=F("live_on")),
                name="reconfiguration_sustained_after_live",
            ),
            models.CheckConstraint(
                condition=Q(abandoned_on__isnull=True, abandoned_because="")
                | Q(abandoned_on__gte=F("raised_on"), sustained_on__isnull=True) & ~Q(abandoned_because=""),
                name="reconfiguration_abandoned_says_why_and_is_not_sustained",
            ),
            models.CheckConstraint(
                condition=Q(abandoned_on__isnull=True) | Q(live_on__isnull=True) | Q(abandoned_on__gte=F("live_on")),
                name="reconfiguration_abandoned_after_live",
            ),
        ]


class SituationUpdate(Owned):
    """What a unit is told: known, not known, being done, changed course because, and when the next comes. Append-only."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    number = models.IntegerField()
    known = models.TextField()
    not_known = models.TextField()
    doing = models.TextField()
    changed_course = models.TextField(db_default="")
    for_patients = models.TextField(db_default="")
    next_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="situation_update_number_once_in_a_unit"),
            models.CheckConstraint(condition=Q(next_at__gt=F("at")), name="situation_update_next_comes_later"),
            models.CheckConstraint(
                condition=~Q(known="") & ~Q(not_known="") & ~Q(doing=""), name="situation_update_says_three_things"
            ),
        ]


class UpdateRead(Owned):
    """Somebody has read an update. Shown as counts only."""

    update = models.ForeignKey(SituationUpdate, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "person"], name="update_read_once")]


class Area(Owned):
    """Where work is at its hardest, and how many days running anybody should be there."""

    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    title = models.CharField(max_length=200)
    most_days_running = models.IntegerField()
    since = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title"], condition=Q(ended_on__isnull=True), name="area_title_once"
            ),
            models.CheckConstraint(
                condition=Q(most_days_running__gte=1, most_days_running__lte=14), name="area_limit_1_to_14_days"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")), name="area_ends_later"
            ),
        ]


class AreaDay(Owned):
    """One person's day in an area. A day past the limit is kept with its reason."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    over_limit = models.BooleanField(db_default=False)
    reason = models.TextField(db_default="")
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "day"], name="area_day_day")]
        constraints = [
            models.UniqueConstraint(fields=["area", "person", "day"], name="area_day_once"),
            models.CheckConstraint(
                condition=Q(over_limit=False) | ~Q(reason=""), name="area_day_over_limit_has_a_reason"
            ),
        ]


class CheckIn(Owned):
    """A conversation offered to somebody who works in a hard area: offered, held or declined. What was said is never stored. The
    database shows a row to that very person alone, and to jobs; others learn one share, above a floor (migration 0002).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    offered_on = models.DateField()
    held_on = models.DateField(null=True)
    declined = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "person", "offered_on"], name="check_in_once_a_day"),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(declined=False), name="check_in_held_or_declined"
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(held_on__gte=F("offered_on")), name="check_in_held_after_offered"
            ),
        ]


class EthicsRequest(Owned):
    """Advice on an open decision, asked of the ethics group or of named people, within hours."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, to_field="key", related_name="+")
    question = models.TextField()
    hours = models.IntegerField()
    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=72), name="ethics_request_1_to_72_hours"),
        ]
