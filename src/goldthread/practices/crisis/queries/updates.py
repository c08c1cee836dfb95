"""Reading situation updates; who has read them as counts, never names."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.practices.crisis.models import SituationUpdate, UpdateRead


@dataclass(frozen=True)
class Readers:
    """How many members of the unit have read an update: now, and within 24 hours."""

    read: int
    in_a_day: int
    members: int


def latest(*, viewer: Viewer, unit: Unit) -> SituationUpdate | None:
    """The newest update that speaks to a unit: its own or that of a unit above it."""
    rows = SituationUpdate.objects.select_related("unit", "written_by").filter(organisation_id=viewer.organisation_id, unit_id__in=unit.path)  # fmt: skip
    return rows.order_by("-at", "-number").first()


def updates(*, viewer: Viewer, unit: Unit, most: int = 50) -> list[SituationUpdate]:
    """The updates that speak to a unit, newest first."""
    rows = SituationUpdate.objects.select_related("unit", "written_by").filter(organisation_id=viewer.organisation_id, unit_id__in=unit.path)  # fmt: skip
    return list(rows.order_by("-at", "-number")[:most])


def update(*, viewer: Viewer, update_id: UUID) -> SituationUpdate:
    """One update of the viewer's organisation. Raises NotFound."""
    rows = SituationUpdate.objects.select_related("unit", "written_by")
    found = rows.filter(organisation_id=viewer.organisation_id, id=update_id).first()
    if found is None:
        raise NotFound("no such update")
    return found


def has_read(*, viewer: Viewer, update: SituationUpdate) -> bool:
    """Whether the viewer said that they have read it."""
    return UpdateRead.objects.filter(
        organisation_id=viewer.organisation_id, update=update, person_id=viewer.person_id
    ).exists()


def readers(*, viewer: Viewer, update: SituationUpdate) -> Readers | None:
    """How many have read an update among the people it was for; None where they are fewer than the floor."""
    keys = tree.subtree_keys(update.unit)
    people = Person.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=local_date(viewer.at)),
                                   organisation_id=viewer.organisation_id, unit_id__in=keys)  # fmt: skip
    members = people.count()
    if members < settings.GOLDTHREAD_FLOOR:
        return None
    read = UpdateRead.objects.filter(organisation_id=viewer.organisation_id, update=update, person__in=people)
    return Readers(read.count(), read.filter(at__lte=update.at + timedelta(hours=24)).count(), members)
