"""Reading visits and listening events: where to go next, what was promised there, who went where."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.practices.voice.models import Idea, ListeningEvent, Visit
from goldthread.record.models import Commitment


@dataclass(frozen=True)
class Suggestion:
    """A unit to visit: when it was last seen by a leader, and at night or on a weekend; open promises there."""

    unit: Unit
    last_seen: date | None
    last_odd_hours: date | None
    open_promises: int


@dataclass(frozen=True)
class Tier:
    """Visits of one kind of visitor in the last year: executives from the top, divisional leaders, and so on."""

    level: str
    visits: int
    units: int
    odd_hours: int


def suggestions(*, viewer: Viewer, unit: Unit, most: int = 12) -> list[Suggestion]:
    """Where to go next: never seen first, then those longest unseen at night or on a weekend, then longest unseen. Three queries."""
    teams = [
        one
        for one in Unit.objects.filter(path__contains=[unit.key], organisation_id=unit.organisation_id)
        if one.level == "team"
    ]
    keys = [one.key for one in teams]
    seen: dict[int, date] = {}
    odd: dict[int, date] = {}
    for row in Visit.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=keys, done_on__isnull=False):
        seen[row.unit_id] = max(seen.get(row.unit_id, row.done_on), row.done_on)  # type: ignore[type-var]
        if row.shift != "day":
            odd[row.unit_id] = max(odd.get(row.unit_id, row.done_on), row.done_on)  # type: ignore[type-var]
    planned = set(Visit.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=keys, done_on__isnull=True,
                                       planned_on__gte=local_date(viewer.at)).values_list("unit_id", flat=True))  # fmt: skip
    promises: dict[int, int] = defaultdict(int)
    for key in Commitment.objects.filter(
        organisation_id=viewer.organisation_id, to_unit_id__in=keys, state="promised"
    ).values_list("to_unit_id", flat=True):
        promises[key] += 1
    never = date(1900, 1, 1)
    order = sorted((one for one in teams if one.key not in planned),
                   key=lambda one: (seen.get(one.key, never), odd.get(one.key, never), one.name))  # fmt: skip
    return [Suggestion(one, seen.get(one.key), odd.get(one.key), promises[one.key]) for one in order[:most]]


def my_visits(*, viewer: Viewer) -> list[Visit]:
    """The viewer's planned visits, and those of the last 60 days; soonest first."""
    rows = Visit.objects.filter(organisation_id=viewer.organisation_id, leader_id=viewer.person_id)
    recent = local_date(viewer.at) - timedelta(days=60)
    return list(
        rows.filter(Q(done_on__isnull=True) | Q(done_on__gte=recent))
        .select_related("unit", "leader")
        .order_by("planned_on")
    )


def visit(*, viewer: Viewer, visit_id: UUID) -> Visit:
    """One visit of the viewer's organisation. Raises NotFound."""
    found = (
        Visit.objects.filter(organisation_id=viewer.organisation_id, id=visit_id)
        .select_related("unit", "leader")
        .first()
    )
    if found is None:
        raise NotFound("no such visit")
    return found


def promises_at(*, viewer: Viewer, unit: Unit) -> list[Commitment]:
    """Open promises to a unit, due first: the brief before a visit."""
    rows = Commitment.objects.filter(organisation_id=viewer.organisation_id, to_unit_id=unit.key, state="promised")
    return list(rows.select_related("promised_by").order_by("due_on"))


def promises_of(*, viewer: Viewer, visit: Visit) -> list[Commitment]:
    """What was promised on a visit."""
    rows = Commitment.objects.filter(
        organisation_id=viewer.organisation_id, practice="voice", about_kind="visit", about_id=visit.id
    )
    return list(rows.select_related("promised_by").order_by("due_on"))


def tiers(*, viewer: Viewer, unit: Unit) -> list[Tier]:
    """Who went where in the last year, by the level at which the visitor works. Never by person."""
    since = local_date(viewer.at) - timedelta(days=365)
    rows = Visit.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit), done_on__gte=since
    )
    grouped: dict[str, list[Visit]] = defaultdict(list)
    for row in rows.select_related("leader__unit"):
        grouped[row.leader.unit.level].append(row)
    return [
        Tier(level, len(found), len({row.unit_id for row in found}), sum(row.shift != "day" for row in found))
        for level, found in sorted(grouped.items(), key=lambda item: -len(item[1]))
    ]


def listening(*, viewer: Viewer, unit: Unit) -> list[ListeningEvent]:
    """Listening events of a unit and all below it, newest first."""
    rows = ListeningEvent.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit))
    return list(rows.select_related("unit", "led_by").order_by("-planned_on")[:100])


def listening_event(*, viewer: Viewer, event_id: UUID) -> tuple[ListeningEvent, list[Idea]]:
    """One event with the ideas that came of it. Raises NotFound."""
    rows = ListeningEvent.objects.filter(organisation_id=viewer.organisation_id, id=event_id)
    found = rows.select_related("unit", "led_by").first()
    if found is None:
        raise NotFound("no such event")
    return found, list(
        Idea.objects.filter(organisation_id=viewer.organisation_id, id__in=found.heard).order_by("raised_on", "id")
    )
