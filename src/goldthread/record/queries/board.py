"""What waits and what was done in a unit: decisions, promises, changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.record.models import Change, Commitment, Decision, Link, Notice


def open_decisions(*, viewer: Viewer, unit: Unit, most: int = 200) -> list[Decision]:
    """Open decisions about this unit or any below it, due first."""
    keys = tree.subtree_keys(unit)
    rows = Decision.objects.filter(organisation_id=viewer.organisation_id, state="open", unit_id__in=keys)
    return list(rows.select_related("unit", "decider_unit").order_by("due_at", "id")[:most])


def decided_lately(*, viewer: Viewer, unit: Unit, since: date, most: int = 20) -> list[Decision]:
    """Decisions taken about this unit or any below it since a day, newest first."""
    keys = tree.subtree_keys(unit)
    rows = Decision.objects.filter(
        organisation_id=viewer.organisation_id, state="decided", unit_id__in=keys, decided_at__date__gte=since
    )
    return list(rows.select_related("unit", "decider_unit").order_by("-decided_at")[:most])


@dataclass(frozen=True)
class Waiting:
    """A board's waiting and done. `marks`: by measure, the live changes that say it should show them."""

    decisions: list[Decision]
    due_this_week: int
    live: list[Change]
    look_backs: list[Change]
    promises: list[Commitment]
    marks: dict[UUID, list[Change]]


def waiting(*, viewer: Viewer, unit: Unit, keys: Sequence[int] | None = None) -> Waiting:
    """Open decisions and promises; changes live in the last 90 days, and look-backs due within 14. Four queries, however
    many units there are. `keys` are those of the subtree, where the caller has them already.
    """
    today = local_date(viewer.at)
    keys = keys if keys is not None else tree.subtree_keys(unit)
    mine = {"organisation_id": viewer.organisation_id, "unit_id__in": keys}
    decisions = (
        Decision.objects.filter(**mine, state="open").select_related("unit", "decider_unit").order_by("due_at", "id")
    )
    changes = list(
        Change.objects.filter(**mine, live_on__gte=today - timedelta(days=3 * 366), withdrawn_on__isnull=True)
        .select_related("unit", "decision").order_by("-live_on")[:500]
    )  # fmt: skip
    promises = Commitment.objects.filter(
        Q(state="promised") | Q(state="kept", confirmed_by__isnull=True),
        organisation_id=viewer.organisation_id,
        to_unit_id__in=keys,
    ).select_related("to_unit", "promised_by")
    opened = list(decisions[:500])
    week = today + timedelta(days=7)
    return Waiting(
        decisions=opened,
        due_this_week=sum(local_date(row.due_at - timedelta(seconds=1)) <= week for row in opened),
        live=[row for row in changes if row.live_on and row.live_on >= today - timedelta(days=90)],
        look_backs=[
            row
            for row in changes
            if row.look_back_on and row.look_back_on <= today + timedelta(days=14) and not row.sustained_on
        ],
        promises=list(promises.order_by("due_on", "id")[:200]),
        marks=_marks(viewer, changes),
    )


def _marks(viewer: Viewer, changes: Sequence[Change]) -> dict[UUID, list[Change]]:
    by_id = {change.id: change for change in changes}
    links = Link.objects.filter(
        organisation_id=viewer.organisation_id, meaning="measured_by", source_id__in=list(by_id)
    )
    found: dict[UUID, list[Change]] = {}
    for source, target in links.values_list("source_id", "target_id"):
        found.setdefault(target, []).append(by_id[source])
    return {measure: sorted(rows, key=lambda row: row.live_on or row.decided_on) for measure, rows in found.items()}


def changes_on_measure(*, viewer: Viewer, measure_id: UUID, unit: Unit) -> list[Change]:
    """Live changes, in this unit or below it, that say this measure should show them; oldest first."""
    ids = Link.objects.filter(
        organisation_id=viewer.organisation_id, meaning="measured_by", target_id=measure_id, source_kind="change"
    ).values_list("source_id", flat=True)
    rows = Change.objects.filter(organisation_id=viewer.organisation_id, id__in=list(ids), live_on__isnull=False,
                                 unit_id__in=tree.subtree_keys(unit))  # fmt: skip
    return list(rows.select_related("unit", "decision").order_by("live_on"))


def change(*, viewer: Viewer, change_id: UUID) -> Change:
    """One change of the viewer's organisation. Raises NotFound."""
    rows = Change.objects.filter(organisation_id=viewer.organisation_id, id=change_id)
    found = rows.select_related("unit", "owner", "decision").first()
    if found is None:
        raise NotFound("no such change")
    return found


def commitment(*, viewer: Viewer, commitment_id: UUID) -> Commitment:
    """One promise of the viewer's organisation. Raises NotFound."""
    rows = Commitment.objects.filter(organisation_id=viewer.organisation_id, id=commitment_id)
    found = rows.select_related("to_unit", "promised_by").first()
    if found is None:
        raise NotFound("no such promise")
    return found


def my_notices(*, viewer: Viewer, most: int = 20) -> list[Notice]:
    """What the viewer has been told, newest first."""
    rows = Notice.objects.filter(organisation_id=viewer.organisation_id, person_id=viewer.person_id)
    return list(rows.order_by("-at", "-id")[:most])
