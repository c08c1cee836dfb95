"""Situation updates: what is known, not known, being done, why we changed course, and when the next comes."""

from datetime import datetime

from django.db import connections, transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis.actions.common import tell_managers
from goldthread.practices.crisis.models import SituationUpdate, Team, UpdateRead
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.errors import Invalid, NotYours
from goldthread.record.models import BodySeat
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

#: With the unit's key, the advisory lock under which updates of a unit are numbered.
NUMBERING = 8201


def ref_of(update: SituationUpdate) -> Ref:
    """The update as other objects point at it."""
    return Ref("crisis", "update", update.id)


def may_write(by: Viewer, unit: Unit, at: datetime) -> bool:
    """Whoever may decide for the unit, or sits in a response team at work there."""
    teams = Team.objects.filter(
        organisation_id=by.organisation_id, unit_id__in=unit.path, stood_down_at__isnull=True, until__gt=at
    )
    seats = BodySeat.objects.filter(
        body_id__in=teams.values("body_id"), person_id=by.person_id, period__contains=local_date(at)
    )
    return access.may(by, Permission.DECIDE, unit) or seats.exists()


@transaction.atomic
def write_update(
    *, by: Viewer, at: datetime, unit: Unit, known: str, not_known: str, doing: str, next_at: datetime,
    changed_course: str = "", for_patients: str = "",
) -> SituationUpdate:  # fmt: skip
    """Tell a unit where things stand and when it hears again. What was said stays as it was said: the next one corrects it."""
    if unit.organisation_id != by.organisation_id:
        raise NotFound("no such unit")
    if not may_write(by, unit, at):
        raise NotYours(
            f"Updates for {unit.name} are written by whoever manages it, or by a response team at work there."
        )
    if next_at <= at:
        raise Invalid("next_at", "Say when the next update comes: a moment in the future.")
    with connections["default"].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [NUMBERING, unit.key])
    before = SituationUpdate.objects.filter(unit_id=unit.key).order_by("-number").first()
    made = SituationUpdate.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, number=before.number + 1 if before else 1,
        known=clean_text(known, field="known", limit=4000), not_known=clean_text(not_known, field="not_known", limit=4000),
        doing=clean_text(doing, field="doing", limit=4000), next_at=next_at, written_by_id=by.person_id, at=at,
        changed_course=clean_text(changed_course, field="changed_course", limit=4000, required=False),
        for_patients=clean_text(for_patients, field="for_patients", limit=4000, required=False),
    )  # fmt: skip
    if before is not None:
        stop_clock(ref_of(before), organisation_id=by.organisation_id, purpose="update_due")
    set_clock(ref_of(made), organisation_id=by.organisation_id, purpose="update_due", due_at=next_at)
    tell_managers(unit, ref_of(made), "situation_update", at)
    leave("crisis.update_written", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="update", object_id=made.id, unit=unit.key, number=made.number, next=next_at.isoformat())  # fmt: skip
    return made


@transaction.atomic
def mark_read(*, by: Viewer, at: datetime, update: SituationUpdate) -> UpdateRead:
    """Say that one has read an update; saying it twice changes nothing."""
    if update.organisation_id != by.organisation_id:
        raise NotFound("no such update")
    made, new = UpdateRead.objects.get_or_create(
        organisation_id=by.organisation_id, update=update, person_id=by.person_id, defaults={"at": at}
    )
    if new:
        leave("crisis.update_read", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
              object_kind="update", object_id=update.id)  # fmt: skip
    return made
