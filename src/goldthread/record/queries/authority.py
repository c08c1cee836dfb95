"""Where authority sits in fact: how long decisions really take at each rule, level and method, and how often they are passed up.

Open decisions count: they are censored, never left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from goldthread.methods.proportions import clopper_pearson
from goldthread.methods.survival import kaplan_meier
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.record.models import Body, Decision, SealedView, Submission

DAY = 86400.0
FLOOR = 11


@dataclass(frozen=True)
class Observed:
    """What really happened under one rule (or level, or method). `median` in days, None while fewer than half are decided."""

    n: int
    open: int
    passed_up: int
    median: float | None
    allowed: float


@dataclass(frozen=True)
class Listening:
    """What hearing did to decisions: counts, and the share changed or amended with an exact interval above the floor."""

    unchanged: int
    amended: int
    changed: int
    share: tuple[float, float, float] | None

    @property
    def n(self) -> int:
        """Decisions with a sealed view that was opened by its own owner."""
        return self.unchanged + self.amended + self.changed


def decisions_under(*, viewer: Viewer, unit: Unit, since: date) -> list[Decision]:
    """Decisions raised about a unit or any below it since a day, whatever became of them."""
    return list(
        Decision.objects.filter(
            organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit), opened_at__date__gte=since
        ).exclude(state="merged").order_by("opened_at")
    )  # fmt: skip


def observed(rows: Iterable[Decision], at: datetime, key: str = "rule") -> dict[str, Observed]:
    """By rule, level or method: how long it took (Kaplan–Meier, open ones counted), and how often it was passed up."""
    groups: dict[str, list[Decision]] = defaultdict(list)
    for row in rows:
        groups[str(getattr(row, key))].append(row)
    return {name: _observed(group, at) for name, group in groups.items()}


def _observed(rows: Sequence[Decision], at: datetime) -> Observed:
    days = [max(((row.decided_at or at) - row.opened_at).total_seconds() / DAY, 0.01) for row in rows]
    ended = [row.state == "decided" for row in rows]
    median = kaplan_meier(days, ended).median if any(ended) else None
    allowed = sum((row.due_at - row.opened_at) / timedelta(days=1) for row in rows) / len(rows)
    return Observed(len(rows), sum(row.state == "open" for row in rows), sum(row.passed_up > 0 for row in rows), median, allowed)  # fmt: skip


def lowest_level(rows: Iterable[Decision]) -> tuple[int, int]:
    """Decisions taken at the level where the scheme put them, of all that were taken."""
    taken = [row for row in rows if row.state == "decided"]
    return sum(row.passed_up == 0 for row in taken), len(taken)


def listening(rows: Sequence[Decision]) -> Listening:
    """Whether hearing moved decisions: only where the view was sealed and opened by the same person."""
    effects = Counter(
        SealedView.objects.filter(decision_id__in=[row.id for row in rows], opened_at__isnull=False)
        .exclude(effect="not_measured").values_list("effect", flat=True)
    )  # fmt: skip
    moved, n = effects["amended"] + effects["changed"], sum(effects.values())
    share = None
    if n >= FLOOR:
        interval = clopper_pearson(moved, n)
        share = (moved / n, interval.lower, interval.upper)
    return Listening(effects["unchanged"], effects["amended"], effects["changed"], share)


def heard_by(body: Body) -> Listening:
    """What became of decisions on which a body was heard."""
    ids = Submission.objects.filter(organisation_id=body.organisation_id, party__body=body).values("decision_id")
    return listening(list(Decision.objects.filter(organisation_id=body.organisation_id, id__in=ids)))
