"""What voice measures about itself: sets, never one index; open ideas counted; never a person, never a group under the floor."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Count, Q

from goldthread.journal.clock import local_date
from goldthread.methods.survival import Curve, Outcomes, aalen_johansen, kaplan_meier
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.practices.voice.models import Idea, LoopAnswer
from goldthread.record.models import Change, Commitment
from goldthread.record.practice import MeasureKind, Scope, YieldedPoint

KINDS = (
    MeasureKind(
        "answered_in_28",
        "Answered within 28 days (open ideas counted)",
        "value",
        "up",
        "Kaplan–Meier share answered by day 28",
    ),
    MeasureKind(
        "reason_given",
        "Answers with a reason that names its kind",
        "proportion",
        "up",
        "Answers with a reason code other than “another reason”",
        "All answers",
    ),
    MeasureKind(
        "implemented_in_180",
        "Live within 180 days (competing outcomes)",
        "value",
        "up",
        "Aalen–Johansen share live by day 180",
    ),
    MeasureKind(
        "told",
        "Authors who were told what became of it",
        "proportion",
        "up",
        "“I was told”",
        "Authors who answered the question",
    ),
    MeasureKind(
        "promises_kept",
        "Promises kept and confirmed",
        "proportion",
        "up",
        "Kept, and confirmed by the team",
        "Promises whose day has passed, or kept",
    ),
)


def ideas_of(viewer: Viewer, unit: Unit, start: date, end: date) -> list[Idea]:
    """Ideas raised in a unit and below it, from `start` up to but not on `end`."""
    rows = Idea.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit),
                               raised_on__gte=start, raised_on__lt=end)  # fmt: skip
    return list(rows.order_by("raised_on", "id"))


def answered(ideas: list[Idea], today: date) -> Curve | None:
    """Time to the first real answer, open ideas counted. Joined and withdrawn ones leave when they end. None without ideas."""
    if not ideas:
        return None
    times = [float(((idea.answered_on or today) - idea.raised_on).days) for idea in ideas]
    return kaplan_meier(
        times, [idea.state in ("accepted", "trial", "declined", "already_done", "passed_on") for idea in ideas]
    )


def implemented(ideas: list[Idea], today: date) -> Outcomes | None:
    """Time until a change went live, against the outcomes that exclude it. None without ideas."""
    if not ideas:
        return None
    live: dict[object, date] = {}
    rows = Change.objects.filter(organisation_id=ideas[0].organisation_id, decision__about_kind="idea",
                                 decision__about_id__in=[idea.id for idea in ideas], live_on__isnull=False)  # fmt: skip
    for change in rows.select_related("decision").order_by("live_on"):
        live.setdefault(change.decision.about_id, change.live_on)  # type: ignore[arg-type]
    times, causes = [], []
    for idea in ideas:
        if idea.id in live:
            ended, cause = live[idea.id], "live"
        elif idea.state in ("declined", "already_done", "merged", "withdrawn"):
            ended, cause = (
                idea.answered_on or today,
                {"declined": "declined", "already_done": "declined"}.get(idea.state, "other"),
            )
        else:
            ended, cause = today, None
        times.append(float(max(0, (ended - idea.raised_on).days)))
        causes.append(cause)
    return aalen_johansen(times, causes, known=("live", "declined", "other"))


def reach(viewer: Viewer, unit: Unit, start: date, end: date) -> dict[str, tuple[int, int] | None]:
    """Ideas with a known staff group ÷ people, by staff group. Groups under the floor are None, and so is a second one where
    one alone could be worked out from the total."""
    eligible = {
        row["staff_group"]: row["n"]
        for row in Person.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit), left_on__isnull=True)
        .values("staff_group").annotate(n=Count("id"))
    }  # fmt: skip
    raised: dict[str, int] = defaultdict(int)
    contributors = {
        (idea.staff_group, idea.author_id or idea.id) for idea in ideas_of(viewer, unit, start, end) if idea.staff_group
    }
    for group, _ in contributors:
        raised[group] += 1
    small = {group for group, count in eligible.items() if count < settings.GOLDTHREAD_FLOOR}
    if len(small) == 1 and len(eligible) > 1:
        small.add(min((group for group in eligible if group not in small), key=lambda group: (eligible[group], group)))
    return {group: None if group in small else (raised[group], count) for group, count in sorted(eligible.items())}


def loop(viewer: Viewer, ideas: list[Idea]) -> tuple[int, int, int]:
    """(told, answered the question, were asked) among ideas that got an answer."""
    ended = [idea.id for idea in ideas if idea.state in ("accepted", "trial", "declined", "already_done")]
    rows = list(
        LoopAnswer.objects.filter(organisation_id=viewer.organisation_id, idea_id__in=ended).values_list(
            "told", flat=True
        )
    )
    return sum(rows), len(rows), len(ended)


def promises(viewer: Viewer, unit: Unit, start: date, end: date) -> tuple[int, int]:
    """(kept and confirmed, those whose day has passed or that ended) among promises due in a period."""
    rows = Commitment.objects.filter(organisation_id=viewer.organisation_id, to_unit_id__in=tree.subtree_keys(unit),
                                     due_on__gte=start, due_on__lt=end).exclude(state="withdrawn")  # fmt: skip
    found = rows.aggregate(n=Count("id"), kept=Count("id", filter=Q(state="kept", confirmed_by__isnull=False)))
    return found["kept"], found["n"]


def points(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedPoint]:
    """One point of each measure for ideas raised (or promises due) in the period, as known at the viewer's moment."""
    unit, today = scope.unit, local_date(viewer.at)
    ideas = ideas_of(viewer, unit, start, end)

    def point(
        slug: str, value: float | None, numerator: float | None = None, denominator: float | None = None
    ) -> YieldedPoint:
        return YieldedPoint(f"voice.{slug}", unit.key, start, end, value, numerator, denominator)

    curve, outcomes = answered(ideas, today), implemented(ideas, today)
    by_28 = curve.by(28) if curve else None
    by_180 = outcomes.at("live", 180) if outcomes else None
    yield point("answered_in_28", by_28.value if by_28 else None)
    yield point("implemented_in_180", by_180.value if by_180 else None)
    ended = [
        idea for idea in ideas if idea.decision_id and idea.state in ("accepted", "trial", "declined", "already_done")
    ]
    if ended:
        coded = sum(idea.decision.reason_code not in ("", "other") for idea in ended if idea.decision)
        yield point("reason_given", coded / len(ended), coded, len(ended))
    told, said, _ = loop(viewer, ideas)
    if said:
        yield point("told", told / said, told, said)
    kept, due = promises(viewer, unit, start, end)
    if due:
        yield point("promises_kept", kept / due, kept, due)
