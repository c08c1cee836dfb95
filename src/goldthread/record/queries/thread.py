"""The thread of anything: everything joined to it, in order of time, as this viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connections
from django.db.models import Count, Q

from goldthread.journal.clock import local_date
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.roles import ROLES
from goldthread.record.models import (
    Change,
    Commitment,
    Decision,
    EarnedLimit,
    Link,
    MeasureVersion,
    SealedView,
    Seat,
    Submission,
)
from goldthread.record.practice import Described, practice_named
from goldthread.record.refs import Ref

#: A thread is one story, not the whole record: measures end it, unless it is the measure's own.
MOST = 200


@dataclass(frozen=True)
class Step:
    """One object of a thread; `days` since the step before. `hidden`: something the viewer may not see."""

    described: Described
    days: int | None
    hidden: bool = False


def thread(*, viewer: Viewer, ref: Ref) -> list[Step]:
    """The steps of the thread through `ref`, oldest first. NotFound if there is no such thing, or not for this viewer."""
    refs = _reachable(viewer, ref)
    described = describe(refs, viewer)
    if described.get(ref) is None:
        raise NotFound("nothing there")
    ordered = sorted(
        (one for one in described.values() if one is not None),
        key=lambda one: (one.on, _ORDER.get(one.shape, 9), str(one.ref)),
    )
    steps: list[Step] = []
    last: date | None = None
    for one in ordered:
        steps.append(Step(one, (one.on - last).days if last is not None else None))
        last = one.on
    return steps


_ORDER = {"voice": 0, "listening": 0, "visit": 0, "decision": 2, "promise": 3, "test": 4, "change": 5, "measure": 6}


def describe(refs: Iterable[Ref], viewer: Viewer, *, using: str = "default") -> dict[Ref, Described | None]:
    """What each ref is, for this viewer: each practice is asked once. The outbox reads with its own connection."""
    by_practice: dict[str, list[Ref]] = defaultdict(list)
    for ref in refs:
        by_practice[ref.practice].append(ref)
    found: dict[Ref, Described | None] = {}
    for slug, own in by_practice.items():
        describing = _describe_own if slug == "record" else practice_named(slug).describe
        found.update(describing(own, viewer, using=using))
    return found


def _reachable(viewer: Viewer, start: Ref) -> list[Ref]:
    seen = {start.id: start}
    edge = [start]
    while edge and len(seen) < MOST:
        ids = [ref.id for ref in edge]
        rows = Link.objects.filter(Q(source_id__in=ids) | Q(target_id__in=ids), organisation_id=viewer.organisation_id)
        edge = []
        for row in rows.order_by("on", "id"):
            for ref in (
                Ref(row.source_practice, row.source_kind, row.source_id),
                Ref(row.target_practice, row.target_kind, row.target_id),
            ):
                if ref.id not in seen and len(seen) < MOST:
                    seen[ref.id] = ref
                    if ref.kind != "measure":
                        edge.append(ref)
    return list(seen.values())


def _describe_own(refs: Sequence[Ref], viewer: Viewer, *, using: str = "default") -> dict[Ref, Described | None]:
    ids: dict[str, list] = defaultdict(list)
    for ref in refs:
        ids[ref.kind].append(ref.id)
    mine = {"organisation_id": viewer.organisation_id}
    found: dict[Ref, Described | None] = {}
    rows = Decision.objects.using(using).filter(**mine, id__in=ids["decision"])
    decisions = list(rows.select_related("decider_unit", "decided_by", "body"))
    about = _around([row.id for row in decisions], using)
    for row in decisions:
        ref = Ref("record", "decision", row.id)
        found[ref] = Described(ref, "Decision", row.question, local_date(row.decided_at or row.opened_at), "decision",
                               row.decided_by.name if row.decided_by else "", _decision_detail(row, *about[row.id]))  # fmt: skip
    for seat in Seat.objects.using(using).filter(**mine, id__in=ids["seat"]).select_related("home"):
        ref = Ref("record", "seat", seat.id)
        title = f"{_question_at(seat.decision_id, using)} ({seat.label}, at {seat.home.name})"
        found[ref] = Described(ref, "Seat", title.strip(), local_date(viewer.at), "decision")
    for limit in EarnedLimit.objects.using(using).filter(**mine, id__in=ids["earned_limit"]).select_related("unit"):
        ref = Ref("record", "earned_limit", limit.id)
        found[ref] = Described(ref, "Raised limit", f"{limit.unit.name}: {limit.attribute} up to {limit.up_to}",
                               limit.period.lower, "decision")  # fmt: skip
    for change in Change.objects.using(using).filter(**mine, id__in=ids["change"]).select_related("unit", "owner"):
        ref = Ref("record", "change", change.id)
        found[ref] = Described(ref, "Change", f"{change.title}, {change.unit.name}", change.live_on or change.planned_on or change.decided_on,
                               "change", change.owner.name, _change_detail(change))  # fmt: skip
    for promise in (
        Commitment.objects.using(using)
        .filter(**mine, id__in=ids["commitment"])
        .select_related("promised_by", "to_unit")
    ):
        ref = Ref("record", "commitment", promise.id)
        state = {
            "promised": f"due {promise.due_on:%-d %B %Y}",
            "kept": "kept",
            "not_kept": "not kept",
            "withdrawn": "withdrawn",
        }
        confirmed = ", confirmed by the team" if promise.confirmed_by_id else ""
        found[ref] = Described(ref, "Promise", promise.text, local_date(promise.made_at), "promise", promise.promised_by.name,
                               state[promise.state] + confirmed)  # fmt: skip
    for version in (
        MeasureVersion.objects.using(using)
        .filter(**mine, measure_id__in=ids["measure"])
        .order_by("measure_id", "number")
    ):
        ref = Ref("record", "measure", version.measure_id)
        found[ref] = Described(ref, "Measure", version.title, local_date(viewer.at), "measure")
    return found


def _question_at(decision_id: UUID, using: str) -> str:
    """The question at whose table one sits, here or in another organisation."""
    with connections[using].cursor() as cursor:
        cursor.execute("select question from goldthread_shared_decision(%s)", [decision_id])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _around(ids: Sequence[UUID], using: str) -> dict[UUID, tuple[int, str]]:
    """How many were heard on each decision, and what hearing did to it."""
    heard = Submission.objects.using(using).filter(decision_id__in=ids).values_list("decision_id")
    counts = dict(heard.annotate(n=Count("id")))
    effects = dict(SealedView.objects.using(using).filter(decision_id__in=ids).values_list("decision_id", "effect"))
    return {one: (counts.get(one, 0), effects.get(one, "")) for one in ids}


def whose(decision: Decision) -> str:
    """Who decides, as it stands in a list: "Ward 7's manager", "Professional leadership forum"."""
    if decision.body is not None:
        return decision.body.title
    role = ROLES.get(decision.decider_role)
    return f"{decision.decider_unit.name}'s {role.title.lower() if role else decision.decider_role}"


EFFECTS = {
    "unchanged": "unchanged after hearing",
    "amended": "amended after hearing",
    "changed": "changed after hearing",
}
METHODS = {
    "alone": "alone", "advice": "after advice", "consent": "by consent", "majority": "by majority", "two-key": "with two keys",
    "joint": "together with all organisations it touches",
}  # fmt: skip


def _decision_detail(decision: Decision, heard: int, effect: str) -> str:
    """Who decides, how, under which clause, who was heard and how it stands, in the words of the people who read it."""
    who = whose(decision)
    if decision.method != "alone":
        who += f", {METHODS[decision.method]}"
    if decision.clause:
        who += f" (scheme {decision.clause})"
    if decision.state == "decided" and decision.decided_at is not None:
        passed = (
            f", passed up {decision.passed_up} time{'s' if decision.passed_up > 1 else ''}"
            if decision.passed_up
            else ""
        )
        days = (local_date(decision.decided_at) - local_date(decision.opened_at)).days
        kind = practice_named(decision.practice).decision_kind(decision.kind)
        outcome = kind.outcomes.get(decision.outcome, decision.outcome)
        voices = f" · {heard} heard" if heard else ""
        after = f" · {EFFECTS[effect]}" if effect in EFFECTS else ""
        return f"{who}: {outcome.lower()}, after {days} day{'' if days == 1 else 's'}{passed}{voices}{after}. {decision.reason}"
    if decision.state == "open":
        voices = f" · {heard} heard so far" if heard else ""
        return f"Waiting for {who}, due {local_date(decision.due_at - timedelta(seconds=1)):%-d %B %Y}{voices}"
    return {"merged": "Joined to another question", "withdrawn": "Withdrawn", "lapsed": "Ended without an answer"}[
        decision.state
    ]


def _change_detail(change: Change) -> str:
    if change.withdrawn_on:
        return f"Stopped on {change.withdrawn_on:%-d %B %Y}: {change.withdrawn_because}"
    if change.sustained_on:
        return f"Live from {change.live_on:%-d %B %Y}; looked back on {change.sustained_on:%-d %B %Y}: it holds"
    if change.live_on:
        back = f"; look back on {change.look_back_on:%-d %B %Y}" if change.look_back_on else ""
        return f"Live from {change.live_on:%-d %B %Y}{back}"
    return f"Planned{f' for {change.planned_on:%-d %B %Y}' if change.planned_on else ''}; not live yet"
