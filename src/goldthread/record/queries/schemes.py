"""Reading schemes: versions, terms, what past decisions would have been under another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.methods import rights
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.record import rules
from goldthread.record.models import Decision, EarnedLimit, Scheme, SchemeTerm
from goldthread.record.practice import practice_named

YEAR = timedelta(days=365)


def versions(*, viewer: Viewer) -> list[Scheme]:
    """All versions of the viewer's organisation, newest first."""
    return list(
        Scheme.objects.filter(organisation_id=viewer.organisation_id).select_related("made_by").order_by("-version")
    )


def scheme(*, viewer: Viewer, scheme_id: UUID) -> Scheme:
    """One version. Raises NotFound."""
    found = (
        Scheme.objects.filter(organisation_id=viewer.organisation_id, id=scheme_id).select_related("made_by").first()
    )
    if found is None:
        raise NotFound("no such scheme")
    return found


def terms(*, viewer: Viewer) -> list[SchemeTerm]:
    """For which units and periods schemes are or were in force, newest first."""
    rows = SchemeTerm.objects.filter(organisation_id=viewer.organisation_id).select_related("scheme", "unit")
    return list(rows.order_by("-period"))


def limits(*, viewer: Viewer, unit: Unit) -> list[EarnedLimit]:
    """Limits raised at a unit or above it, in force today."""
    rows = EarnedLimit.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=unit.path, period__contains=local_date(viewer.at)
    )
    return list(rows.select_related("unit", "coach"))


def cases(rows: Sequence[Decision]) -> list[rights.Case]:
    """Past decisions as replay takes them: facts, whose they were, how long they took."""
    return [
        rights.Case(
            id=str(row.id), attributes=dict(row.attributes), decider=_decider_of(row), level=row.level,
            days=(row.decided_at - row.opened_at) / timedelta(days=1) if row.decided_at else None, passed_up=row.passed_up,
        )
        for row in rows
    ]  # fmt: skip


def _decider_of(row: Decision) -> str:
    if row.scheme is None:
        return row.decider_role
    rule = next((one for one in rules.policy_of(row.scheme).rules if one.id == row.rule), None)
    return rule.then.decider if rule else row.decider_role


@dataclass(frozen=True)
class Raisable:
    """What one rule's limit would have kept if it had been higher: decisions, how many of them were agreed, and how long they took."""

    rule: str
    attribute: str
    now: int
    up_to: int
    n: int
    agreed: int
    days: float


def raisable(policy: rights.Policy, rows: Sequence[Decision], *, least: int = 3) -> list[Raisable]:
    """Limits that could be raised: for each upper limit in whole numbers, what doubling it would have kept at that rule, where at
    least three decisions were taken above it and all were agreed. An observation, not a proof.
    """
    taken = [row for row in rows if row.state == "decided" and row.decided_at is not None and row.scheme_id is not None]
    found = []
    for rule in policy.rules:
        for name, condition in rule.when.items():
            high = condition.high if isinstance(condition, rights.Numbers) else None
            if high is None or name not in policy.attributes:
                continue
            moved = _moved(policy, rule.id, name, high, 2 * high + 1, taken)
            agreed = [
                row for row in moved if row.outcome in practice_named(row.practice).decision_kind(row.kind).positive
            ]
            if len(moved) >= least and len(agreed) == len(moved):
                days = sorted((row.decided_at - row.opened_at) / timedelta(days=1) for row in moved)
                found.append(Raisable(rule.id, name, high, 2 * high + 1, len(moved), len(agreed), days[len(days) // 2]))
    return found


def _moved(
    policy: rights.Policy, rule: str, name: str, high: int, up_to: int, taken: Sequence[Decision]
) -> list[Decision]:
    try:
        raised = rights.with_limit(policy, rule=rule, attribute=name, high=up_to)
    except ValueError:
        return []
    moved = []
    for row in taken:
        value = row.attributes.get(name)
        if isinstance(value, int) and high < value <= up_to and row.rule != rule:
            try:
                if rights.explain(raised, row.attributes).rule.id == rule:
                    moved.append(row)
            except (rights.ChangeProblem, rights.NobodyDecides):
                continue
    return moved


def a_year_before(day: date) -> date:
    """Since when past decisions are looked at."""
    return day - YEAR
