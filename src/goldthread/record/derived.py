"""Facts that nobody has to work out: they are derived from what is known, the same way every time.

A scheme's attribute names the one it wants with `derived = "…"`. Each gives the value and, where it is not obvious, why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from goldthread.organisation.models import Unit
from goldthread.record.models import Decision, Mode, Scheme
from goldthread.record.practice import practice_named

Value = str | int | bool
#: A change can be put back if that takes no longer than this.
UNDONE_IN_DAYS = 28
TWELVE_MONTHS = timedelta(days=365)


@dataclass(frozen=True)
class Question:
    """What is asked, before it is known whose it is: a unit, what the raiser said, and the organisations touched."""

    unit: Unit
    said: Mapping[str, Value]
    organisations: tuple[int, ...]
    at: datetime
    itself: UUID | None = None  # the decision's own id, when it is asked again
    scheme: Scheme | None = None  # the scheme it was opened under, when `fixed`
    fixed: bool = False
    using: str = "default"


def derive(name: str, question: Question) -> Value | None:
    """The derived value called `name`; None where nothing is known, so that what the raiser said stands."""
    return DERIVED[name](question)


def organisations(question: Question) -> Value | None:
    """How many organisations it touches: the unit's own and each other one named."""
    others = set(question.organisations) - {question.unit.organisation_id}
    said = question.said.get("organisations")
    return max(1 + len(others), said if isinstance(said, int) and not isinstance(said, bool) else 1)


def cost_12_months(question: Question) -> Value | None:
    """What it costs, with all that was asked or agreed for the same subject and unit in the twelve months before: one purchase
    in five parts is still one purchase.
    """
    said = question.said.get("cost", 0)
    own = said if isinstance(said, int) and not isinstance(said, bool) else 0
    return own + sum(amount for _, amount in earlier_costs(question))


def earlier_costs(question: Question) -> list[tuple[Decision, int]]:
    """The decisions counted in `cost_12_months`, with their own costs. Refused and withdrawn ones do not count."""
    subject = question.said.get("subject")
    rows = Decision.objects.using(question.using).filter(
        organisation_id=question.unit.organisation_id, unit_id=question.unit.key, subject=subject or "",
        opened_at__gt=question.at - TWELVE_MONTHS, state__in=("open", "decided"),
    )  # fmt: skip
    if question.itself is not None:
        rows = rows.exclude(id=question.itself)
    found = []
    for row in rows:
        cost = row.explanation.get("said", {}).get("cost", 0)
        agreed = row.state == "open" or row.outcome in practice_named(row.practice).decision_kind(row.kind).positive
        if subject and agreed and isinstance(cost, int) and cost > 0:
            found.append((row, cost))
    return found


def reversible(question: Question) -> Value | None:
    """Whether it can be put back within four weeks, from how many days that would take (−1: never)."""
    days = question.said.get("undo_days")
    return None if not isinstance(days, int) or isinstance(days, bool) else 0 <= days <= UNDONE_IN_DAYS


def mode(question: Question) -> Value | None:
    """The devolution mode in force for the unit, from the nearest unit above it that has one."""
    found = mode_at(question.unit, question.at, using=question.using)
    return found.mode if found else None


def mode_at(unit: Unit, at: datetime, *, using: str = "default") -> Mode | None:
    """The mode in force at or above a unit at a moment: the nearest."""
    rows = Mode.objects.using(using).filter(
        organisation_id=unit.organisation_id, unit_id__in=unit.path, starts_at__lte=at, ends_at__gt=at
    )
    live = [row for row in rows if row.ended_at is None or row.ended_at > at]
    return max(live, key=lambda row: unit.path.index(row.unit_id), default=None)


DERIVED = {
    "organisations": organisations,
    "cost_12_months": cost_12_months,
    "reversible": reversible,
    "mode": mode,
}
#: What a raiser may say beside a scheme's attributes, for the values derived from it.
ALSO_SAID: Sequence[str] = ("undo_days",)
