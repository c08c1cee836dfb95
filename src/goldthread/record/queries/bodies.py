"""Reading bodies: which there are, who sits in them."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.organisation.access import NotFound, Viewer
from goldthread.record.models import Body, BodySeat, Partner


def members(body: Body, on: date, *, using: str = "default") -> list[BodySeat]:
    """The seats of a body on a day: chair and lead first, then by name."""
    rows = BodySeat.objects.using(using).select_related("person", "partner").filter(body=body, period__contains=on)
    order = ("chair", "lead", "deputy", "member")
    return sorted(rows, key=lambda one: (order.index(one.place), one.person.name if one.person else one.partner.name))


def seated(body: Body, on: date, *, using: str = "default") -> list[UUID]:
    """The people of a body on a day."""
    return [one.person_id for one in members(body, on, using=using) if one.person_id]


def bodies(*, viewer: Viewer) -> list[Body]:
    """The bodies of the viewer's organisation that have not ended, by name."""
    today = local_date(viewer.at)
    rows = Body.objects.filter(organisation_id=viewer.organisation_id).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    )
    return list(rows.select_related("unit").order_by("title"))


def body(*, viewer: Viewer, body_id: UUID) -> Body:
    """One body of the viewer's organisation. Raises NotFound."""
    found = Body.objects.select_related("unit").filter(organisation_id=viewer.organisation_id, id=body_id).first()
    if found is None:
        raise NotFound("no such body")
    return found


def is_member(*, viewer: Viewer, body: Body) -> bool:
    """Whether the viewer sits in a body today."""
    return BodySeat.objects.filter(
        body=body, person_id=viewer.person_id, period__contains=local_date(viewer.at)
    ).exists()


def partners(*, viewer: Viewer) -> list[Partner]:
    """The partners of the viewer's organisation, by name."""
    return list(Partner.objects.filter(organisation_id=viewer.organisation_id, ended_on__isnull=True).order_by("name"))
