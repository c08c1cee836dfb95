"""Meetings of forums: planned, an agenda of decisions, held. What was decided there is in the decisions."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from goldthread.journal.clock import local_date
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import leave, locked
from goldthread.practices.governance.models import AgendaItem, Meeting
from goldthread.practices.governance.queries.agenda import needing
from goldthread.record.actions.notices import tell
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Body, BodySeat, Decision
from goldthread.record.queries.bodies import members, seated
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def ref_of(meeting: Meeting) -> Ref:
    """The meeting as other objects point at it."""
    return Ref("governance", "meeting", meeting.id)


@transaction.atomic
def plan_meeting(*, by: Viewer, at: datetime, body: Body, on: date, place: str) -> Meeting:
    """Plan a meeting; its agenda is drawn from the open decisions that need this body, the soonest due first."""
    _require_convener(by, body, at)
    if on < local_date(at):
        raise Invalid("on", "The day must be today or later.")
    if body.ends_on is not None and on >= body.ends_on:
        raise Invalid("on", f"{body.title} ends before that day.")
    if Meeting.objects.filter(body=body, on=on, state="planned").exists():
        raise Invalid("on", "A meeting is planned for that day already.")
    meeting = Meeting.objects.create(organisation_id=by.organisation_id, body=body, on=on,
                                     place=clean_text(place, field="place", limit=200))  # fmt: skip
    draw_agenda(by=by, at=at, meeting=meeting)
    for person_id in seated(body, local_date(at)):
        if person_id != by.person_id:
            tell(
                organisation_id=by.organisation_id,
                person_id=person_id,
                about=ref_of(meeting),
                kind="meeting_planned",
                at=at,
            )
    leave("governance.meeting_planned", by.acting_as(), at, by.organisation_id, ref_of(meeting), body=body.id)
    return meeting


@transaction.atomic
def draw_agenda(*, by: Viewer, at: datetime, meeting: Meeting) -> list[AgendaItem]:
    """Add what has come to need the body since; what is on the agenda keeps its place. Returns what was added."""
    meeting = _planned(by, meeting, at)
    there = set(AgendaItem.objects.filter(meeting=meeting).values_list("decision_id", flat=True))
    last = _last(meeting)
    made = []
    for one in needing(meeting.body):
        if one.decision.id not in there:
            last += 1
            made.append(AgendaItem.objects.create(organisation_id=by.organisation_id, meeting=meeting, decision=one.decision,
                                                  order=last, why=one.why))  # fmt: skip
    if made:
        leave("governance.agenda_drawn", by.acting_as(), at, by.organisation_id, ref_of(meeting), added=len(made))
    return made


@transaction.atomic
def add_item(*, by: Viewer, at: datetime, meeting: Meeting, decision: Decision) -> AgendaItem:
    """Put an open decision on the agenda that the body wants to talk about though it need not."""
    meeting = _planned(by, meeting, at)
    if decision.organisation_id != by.organisation_id or decision.state != "open":
        raise Invalid("decision", "Choose a decision of your organisation that is still open.")
    if AgendaItem.objects.filter(meeting=meeting, decision=decision).exists():
        raise Invalid("decision", "It is on the agenda already.")
    item = AgendaItem.objects.create(organisation_id=by.organisation_id, meeting=meeting, decision=decision, why="added",
                                     order=_last(meeting) + 1)  # fmt: skip
    leave("governance.agenda_item_added", by.acting_as(), at, by.organisation_id, ref_of(meeting), decision=decision.id)
    return item


@transaction.atomic
def note_item(*, by: Viewer, at: datetime, item: AgendaItem, note: str) -> AgendaItem:
    """Write what was said on one item. The decision itself is taken in the record, not here."""
    item = locked(AgendaItem, item.id, "meeting__body__unit")
    if item.meeting.state == "cancelled":
        raise AlreadyEnded("This meeting was cancelled.")
    _require_convener(by, item.meeting.body, at)
    item.note = clean_text(note, field="note", limit=4000, required=False)
    item.save(update_fields=["note"])
    leave("governance.agenda_item_noted", by.acting_as(), at, by.organisation_id, ref_of(item.meeting), item=item.id)
    return item


@transaction.atomic
def hold_meeting(*, by: Viewer, at: datetime, meeting: Meeting, present: Sequence[UUID]) -> Meeting:
    """It was held, with these seats present (ids of BodySeat). Whatever was decided is in the decisions on its agenda."""
    meeting = _planned(by, meeting, at)
    if meeting.on > local_date(at):
        raise Invalid("on", "It is not that day yet.")
    there = {one.id for one in members(meeting.body, meeting.on)}
    if not present or not set(present) <= there:
        raise Invalid("present", "Tick who was there, among those who had a seat on that day.")
    meeting.state, meeting.held_at, meeting.present = "held", at, sorted(str(one) for one in set(present))
    meeting.save(update_fields=["state", "held_at", "present"])
    leave("governance.meeting_held", by.acting_as(), at, by.organisation_id, ref_of(meeting), present=len(set(present)))
    return meeting


@transaction.atomic
def cancel_meeting(*, by: Viewer, at: datetime, meeting: Meeting, because: str) -> Meeting:
    """Call a meeting off, with a reason; members are told. Its decisions wait for the next one, and their days stay."""
    meeting = _planned(by, meeting, at)
    meeting.state, meeting.cancelled_because = "cancelled", clean_text(because, field="because", limit=1000)
    meeting.save(update_fields=["state", "cancelled_because"])
    for person_id in seated(meeting.body, local_date(at)):
        tell(
            organisation_id=by.organisation_id,
            person_id=person_id,
            about=ref_of(meeting),
            kind="meeting_cancelled",
            at=at,
        )
    leave("governance.meeting_cancelled", by.acting_as(), at, by.organisation_id, ref_of(meeting))
    return meeting


def may_convene(by: Viewer, body: Body, at: datetime) -> bool:
    """Whether the viewer chairs or leads the body (or stands in), or keeps governance where it sits."""
    leading = BodySeat.objects.filter(
        body=body, person_id=by.person_id, period__contains=local_date(at), place__in=("chair", "lead", "deputy")
    )
    return leading.exists() or access.may(by, Permission.GOVERN, body.unit)


def _require_convener(by: Viewer, body: Body, at: datetime) -> None:
    if body.organisation_id != by.organisation_id:
        raise NotFound("no such body")
    if not may_convene(by, body, at):
        raise NotYours(f"The chair of {body.title}, the deputy or the governance lead does this.")


def _planned(by: Viewer, meeting: Meeting, at: datetime) -> Meeting:
    meeting = locked(Meeting, meeting.id, "body__unit")
    _require_convener(by, meeting.body, at)
    if meeting.state != "planned":
        raise AlreadyEnded(f"This meeting was {meeting.state} already.")
    return meeting


def _last(meeting: Meeting) -> int:
    return AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("order"))["last"] or 0
