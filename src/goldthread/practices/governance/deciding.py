"""What governance measures about deciding, whoever raised the question: open ones counted, no person named, no index.

Joined to the measures of forums and partners in measures.py.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q

from goldthread.methods.proportions import clopper_pearson
from goldthread.methods.survival import Curve, kaplan_meier
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.record.models import Decision, Submission
from goldthread.record.practice import MeasureKind, Scope, YieldedClaim, YieldedPoint
from goldthread.record.queries import authority
from goldthread.record.refs import Ref

KINDS = (
    MeasureKind("lowest_level", "Decisions taken where the scheme puts them", "proportion", "up", "Taken without being passed up", "Decisions taken"),
    MeasureKind("decided_in_14", "Decided within 14 days (open ones counted)", "value", "up", "Kaplan–Meier share decided by day 14"),
    MeasureKind("passed_up", "Decisions passed up because time ran out or nobody agreed", "proportion", "down", "Passed up at least once", "Decisions raised"),
    MeasureKind("objections_answered", "Objections and doubts answered", "proportion", "up", "Answered", "Voices against, or for it if something changes"),
    MeasureKind("moved_by_hearing", "Decisions that hearing amended or changed (a view was sealed before)", "proportion", "neutral",
                "Amended or changed after hearing", "Decisions with a sealed view opened by its owner"),
)  # fmt: skip


def raised(viewer: Viewer, scope: Scope, start: date, end: date) -> list[Decision]:
    """Decisions raised in a unit and below it in a period, without those joined to others."""
    rows = Decision.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(scope.unit), opened_at__date__gte=start,
        opened_at__date__lt=end,
    )  # fmt: skip
    return list(rows.exclude(state__in=("merged", "withdrawn")).order_by("opened_at", "id"))


def answered_voices(rows: list[Decision]) -> tuple[int, int]:
    """(answered, all) of the voices that were against, or asked for something to change."""
    against = Submission.objects.filter(decision_id__in=[row.id for row in rows], stance__in=("against", "change"))
    found = against.aggregate(n=Count("id"), answered=Count("id", filter=Q(replied_at__isnull=False)))
    return found["answered"], found["n"]


def points(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedPoint]:
    """One point of each measure for decisions raised in the period, as known at the viewer's moment."""
    rows = raised(viewer, scope, start, end)
    if not rows:
        return

    def point(
        slug: str, value: float | None, numerator: float | None = None, denominator: float | None = None
    ) -> YieldedPoint:
        return YieldedPoint(f"governance.{slug}", scope.unit.key, start, end, value, numerator, denominator)

    lowest, taken = authority.lowest_level(rows)
    if taken:
        yield point("lowest_level", lowest / taken, lowest, taken)
    yield point("decided_in_14", _decided_by(rows, viewer, 14))
    up = sum(row.passed_up > 0 for row in rows)
    yield point("passed_up", up / len(rows), up, len(rows))
    answered, voices = answered_voices(rows)
    if voices:
        yield point("objections_answered", answered / voices, answered, voices)
    heard = authority.listening(rows)
    if heard.n >= settings.GOLDTHREAD_FLOOR:
        moved = heard.amended + heard.changed
        yield point("moved_by_hearing", moved / heard.n, moved, heard.n)


def _decided_by(rows: list[Decision], viewer: Viewer, day: int) -> float | None:
    share = _curve(rows, viewer).by(day)
    return share.value if share else None


def _curve(rows: list[Decision], viewer: Viewer) -> Curve:
    times = [max(((row.decided_at or viewer.at) - row.opened_at) / timedelta(days=1), 0.01) for row in rows]
    return kaplan_meier(times, [row.state == "decided" for row in rows])


def claims(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedClaim]:
    """How quickly decisions are taken, and whether hearing moved them."""
    rows = raised(viewer, scope, start, end)
    if not rows:
        return
    refs = tuple(Ref("record", "decision", row.id) for row in rows)
    curve = _curve(rows, viewer)
    share = curve.by(14)
    if share is not None:
        yield YieldedClaim(
            f"Of {curve.n} decisions, {round(100 * share.value)}% were taken within 14 days ({curve.n_open} still open, counted).",
            "share decided by day 14", f"decisions raised in {scope.unit.name} and below", "Kaplan–Meier",
            {"n": curve.n, "open": curve.n_open, "value": share.value, "lower": share.lower, "upper": share.upper}, refs,
        )  # fmt: skip
    heard = authority.listening(rows)
    if heard.n >= settings.GOLDTHREAD_FLOOR:
        interval = clopper_pearson(heard.amended + heard.changed, heard.n)
        yield YieldedClaim(
            f"{interval.k} of {interval.n} decisions were amended or changed after hearing (exact 95% interval "
            f"{round(100 * interval.lower)}% to {round(100 * interval.upper)}%).",
            "share moved by hearing", f"decisions with a sealed view in {scope.unit.name} and below", "Clopper–Pearson",
            {"numerator": interval.k, "denominator": interval.n, "lower": interval.lower, "upper": interval.upper},
            tuple(Ref("record", "decision", row.id) for row in rows),
        )  # fmt: skip
