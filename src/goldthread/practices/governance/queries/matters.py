"""Reading matters: the questions people raised and what became of them."""

from uuid import UUID

from goldthread.organisation.access import NotFound, Viewer
from goldthread.practices.governance.models import Matter


def matter(*, viewer: Viewer, matter_id: UUID) -> Matter:
    """One matter of the viewer's organisation. Raises NotFound."""
    rows = Matter.objects.select_related("unit", "raised_by", "decision")
    found = rows.filter(organisation_id=viewer.organisation_id, id=matter_id).first()
    if found is None:
        raise NotFound("no such question")
    return found


def my_matters(*, viewer: Viewer) -> list[Matter]:
    """What the viewer raised, the newest first."""
    rows = Matter.objects.select_related("unit", "decision").filter(
        organisation_id=viewer.organisation_id, raised_by_id=viewer.person_id
    )
    return list(rows.order_by("-raised_at", "-id")[:100])


def decided(*, viewer: Viewer) -> list[Matter]:
    """What was decided, the latest first: what the public page may show."""
    rows = Matter.objects.select_related("unit", "decision").filter(
        organisation_id=viewer.organisation_id, decision__state="decided"
    )
    return list(rows.order_by("-decision__decided_at", "-id")[:100])
