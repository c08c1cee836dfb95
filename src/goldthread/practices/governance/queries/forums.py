"""Reading forums: who sits by profession and organisation, which professions have no voice, meetings."""

from dataclasses import dataclass
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person
from goldthread.practices.governance.models import AgendaItem, Meeting
from goldthread.practices.governance.queries.agenda import Needed, needing
from goldthread.record.models import Body, BodySeat
from goldthread.record.queries import bodies


@dataclass(frozen=True)
class Forum:
    """A body with its seats today, the professions that work here and have no seat, its next meeting and what waits for it."""

    body: Body
    seats: tuple[BodySeat, ...]
    vacant: tuple[str, ...]
    next_meeting: Meeting | None
    waiting: tuple[Needed, ...]


def forums(*, viewer: Viewer) -> list[Forum]:
    """All forums that have not ended, by name."""
    professions = _professions(viewer)
    return [_forum(viewer, body, professions) for body in bodies.bodies(viewer=viewer)]


def forum(*, viewer: Viewer, body_id: UUID) -> Forum:
    """One forum. Raises NotFound."""
    return _forum(viewer, bodies.body(viewer=viewer, body_id=body_id), _professions(viewer))


def _professions(viewer: Viewer) -> list[str]:
    """The staff groups of the organisation, by name."""
    rows = Person.objects.filter(organisation_id=viewer.organisation_id, left_on__isnull=True).exclude(staff_group="")
    return sorted(set(rows.values_list("staff_group", flat=True)))


def _forum(viewer: Viewer, body: Body, professions: list[str]) -> Forum:
    today = local_date(viewer.at)
    seats = bodies.members(body, today)
    there = {seat.profession.casefold() for seat in seats if seat.profession}
    vacant = [one for one in professions if one.casefold() not in there] if body.kind == "forum" else []
    upcoming = Meeting.objects.filter(body=body, state="planned", on__gte=today).order_by("on").first()
    return Forum(body, tuple(seats), tuple(vacant), upcoming, tuple(needing(body)))


def meetings(*, viewer: Viewer, body: Body) -> list[Meeting]:
    """The meetings of a body, the latest first."""
    rows = Meeting.objects.filter(organisation_id=viewer.organisation_id, body=body)
    return list(rows.order_by("-on", "-id")[:100])


def meeting(*, viewer: Viewer, meeting_id: UUID) -> Meeting:
    """One meeting. Raises NotFound."""
    rows = Meeting.objects.select_related("body__unit")
    found = rows.filter(organisation_id=viewer.organisation_id, id=meeting_id).first()
    if found is None:
        raise NotFound("no such meeting")
    return found


def agenda_item(*, viewer: Viewer, item_id: UUID) -> AgendaItem:
    """One item of an agenda. Raises NotFound."""
    rows = AgendaItem.objects.select_related("meeting__body__unit", "decision")
    found = rows.filter(organisation_id=viewer.organisation_id, id=item_id).first()
    if found is None:
        raise NotFound("no such item")
    return found


def present_at(*, viewer: Viewer, meeting: Meeting) -> list[BodySeat]:
    """The seats that were present, chair first."""
    there = set(meeting.present)
    return [seat for seat in bodies.members(meeting.body, meeting.on) if str(seat.id) in there]
