"""Reading joint work: each party's latest estimate, the medians and how far the parties are apart."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from goldthread.organisation.access import NotFound, Viewer
from goldthread.practices.governance.models import Initiative, InitiativeEstimate, InitiativePartner


@dataclass(frozen=True)
class Estimated:
    """One number as the parties see it: the median, the lowest and the highest."""

    median: float
    lowest: int
    highest: int

    @property
    def spread(self) -> int:
        """How far the parties are apart, 0 to 4."""
        return self.highest - self.lowest


@dataclass(frozen=True)
class OnBoard:
    """An initiative with its parties and each party's latest estimate (None while it has given none; key None: our own unit)."""

    initiative: Initiative
    parties: tuple[InitiativePartner, ...]
    estimates: dict[UUID | None, InitiativeEstimate]

    @property
    def effort(self) -> Estimated | None:
        """How much it takes; None without estimates."""
        return _summed([one.effort for one in self.estimates.values()])

    @property
    def benefit(self) -> Estimated | None:
        """How much it brings; None without estimates."""
        return _summed([one.benefit for one in self.estimates.values()])

    @property
    def quick_win(self) -> bool:
        """Little effort and much benefit, by the medians: below and above the middle of the scale."""
        effort, benefit = self.effort, self.benefit
        return effort is not None and benefit is not None and effort.median < 3 < benefit.median


def _summed(values: list[int]) -> Estimated | None:
    return Estimated(float(median(values)), min(values), max(values)) if values else None


def board(*, viewer: Viewer) -> list[OnBoard]:
    """All joint work of the organisation: quick wins first, then by benefit, then by effort; ended work last."""
    rows = Initiative.objects.select_related("unit", "lead", "measure", "verified_by").filter(
        organisation_id=viewer.organisation_id
    )
    found = _read(list(rows.order_by("title", "id")[:300]))
    return sorted(found, key=_order)


def initiative(*, viewer: Viewer, initiative_id: UUID) -> OnBoard:
    """One piece of joint work. Raises NotFound."""
    rows = Initiative.objects.select_related("unit", "lead", "measure", "verified_by")
    found = rows.filter(organisation_id=viewer.organisation_id, id=initiative_id).first()
    if found is None:
        raise NotFound("no such joint work")
    return _read([found])[0]


def _read(rows: list[Initiative]) -> list[OnBoard]:
    parties: dict[UUID, list[InitiativePartner]] = defaultdict(list)
    joined = InitiativePartner.objects.select_related("partner", "with_organisation", "unit").filter(
        initiative__in=rows
    )
    for party in joined.order_by("id"):
        parties[party.initiative_id].append(party)
    latest: dict[UUID, dict[UUID | None, InitiativeEstimate]] = defaultdict(dict)
    for one in InitiativeEstimate.objects.select_related("said_by").filter(initiative__in=rows).order_by("at", "id"):
        latest[one.initiative_id][one.party_id] = one
    return [OnBoard(row, tuple(parties[row.id]), latest[row.id]) for row in rows]


def _order(one: OnBoard) -> tuple[bool, bool, float, float]:
    ended = one.initiative.state in ("verified", "not_verified", "dropped")
    benefit, effort = one.benefit, one.effort
    return ended, not one.quick_win, -(benefit.median if benefit else 0), effort.median if effort else 6
