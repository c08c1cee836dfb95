"""The thread of anything: everything joined to it, in order of time, as this viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.organisation.access import NotFound, Viewer
from goldthread.record.models import Change, Commitment, Decision, Link, MeasureVersion
from goldthread.record.practice import Described, practice_named
from goldthread.record.refs import Ref
from goldthread.record.rules import BUILT_IN

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
    for decision in (
        Decision.objects.using(using)
        .filter(**mine, id__in=ids["decision"])
        .select_related("decider_unit", "decided_by")
    ):
        ref = Ref("record", "decision", decision.id)
        found[ref] = Described(ref, "Decision", decision.question, local_date(decision.decided_at or decision.opened_at),
                               "decision", decision.decided_by.name if decision.decided_by else "", _decision_detail(decision))  # fmt: skip
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


def _decision_detail(decision: Decision) -> str:
    """Who decides and how it stands, in the words of the people who read it."""
    who = f"{decision.decider_unit.name}'s manager" if decision.rule == BUILT_IN else decision.decider_role
    if decision.state == "decided":
        passed = (
            f", passed up {decision.passed_up} time{'s' if decision.passed_up > 1 else ''}"
            if decision.passed_up
            else ""
        )
        days = (local_date(decision.decided_at) - local_date(decision.opened_at)).days if decision.decided_at else 0
        outcome = (
            practice_named(decision.practice)
            .decision_kind(decision.kind)
            .outcomes.get(decision.outcome, decision.outcome)
        )
        return f"{who}: {outcome.lower()}, after {days} day{'' if days == 1 else 's'}{passed}. {decision.reason}"
    if decision.state == "open":
        return f"Waiting for {who}, due {local_date(decision.due_at):%-d %B %Y}"
    return {"merged": "Joined to another question", "withdrawn": "Withdrawn"}[decision.state]


def _change_detail(change: Change) -> str:
    if change.withdrawn_on:
        return f"Stopped on {change.withdrawn_on:%-d %B %Y}: {change.withdrawn_because}"
    if change.sustained_on:
        return f"Live from {change.live_on:%-d %B %Y}; looked back on {change.sustained_on:%-d %B %Y}: it holds"
    if change.live_on:
        back = f"; look back on {change.look_back_on:%-d %B %Y}" if change.look_back_on else ""
        return f"Live from {change.live_on:%-d %B %Y}{back}"
    return f"Planned{f' for {change.planned_on:%-d %B %Y}' if change.planned_on else ''}; not live yet"
