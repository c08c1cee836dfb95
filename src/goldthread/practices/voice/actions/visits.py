"""Leaders go where the work is done: planned, done, and what was promised there."""

from datetime import date, datetime

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.voice.models import Visit
from goldthread.record.actions.commitments import promise
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Commitment
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

SHIFTS = {"day": "Day", "night": "Night", "weekend": "Weekend"}


def ref_of(visit: Visit) -> Ref:
    """The visit as other objects point at it."""
    return Ref("voice", "visit", visit.id)


@transaction.atomic
def plan_visit(*, by: Viewer, at: datetime, unit: Unit, planned_on: date, shift: str, companion: str = "") -> Visit:
    """Plan a visit, with a companion who works differently."""
    if unit.organisation_id != by.organisation_id:
        raise NotFound("no such unit")
    if not by.is_leader:
        access.require(by, Permission.PLAN_VISITS, unit)
    if shift not in SHIFTS:
        raise Invalid("shift", "Choose day, night or weekend.")
    visit = Visit.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, leader_id=by.person_id, planned_on=planned_on, shift=shift,
        companion=clean_text(companion, field="companion", limit=120, required=False),
    )  # fmt: skip
    leave("voice.visit_planned", by=by.acting_as("leader"), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="visit", object_id=visit.id, unit=unit.key, on=planned_on)  # fmt: skip
    return visit


@transaction.atomic
def finish_visit(*, by: Viewer, at: datetime, visit: Visit, on: date | None = None) -> Visit:
    """The visit took place."""
    visit = _mine(by, visit)
    if visit.done_on is not None:
        raise AlreadyEnded("This visit is recorded already.")
    day = on or local_date(at)
    if day > local_date(at):
        raise Invalid("on", "A visit can be recorded once it has taken place.")
    visit.done_on = day
    visit.save(update_fields=["done_on"])
    leave("voice.visit_done", by=by.acting_as("leader"), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="visit", object_id=visit.id, on=day)  # fmt: skip
    return visit


@transaction.atomic
def ask_on_visit(*, by: Viewer, at: datetime, visit: Visit, text: str, due_on: date) -> Commitment:
    """The team asked for something and the leader promises it by a day: a commitment with a clock."""
    visit = _mine(by, visit)
    made = promise(by=by, at=at, about=ref_of(visit), text=text, to_unit=visit.unit, due_on=due_on)
    leave("voice.asked_on_visit", by=by.acting_as("leader"), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="visit", object_id=visit.id, commitment=made.id)  # fmt: skip
    return made


def _mine(by: Viewer, visit: Visit) -> Visit:
    found = Visit.objects.select_for_update(of=("self",)).select_related("unit", "leader").filter(id=visit.id).first()
    if found is None:
        raise NotFound("no such visit")
    if found.leader_id != by.person_id:
        raise NotYours(f"This is {found.leader.name}'s visit.")
    return found
