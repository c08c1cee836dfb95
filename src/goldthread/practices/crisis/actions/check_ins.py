"""Check-ins: offered to those who work in hard areas, held or declined, never described. Only the person sees their own.

The journal keeps that one was held, with nobody's name, no area and no time of day.
"""

from datetime import date, datetime

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import ANONYMOUS, leave
from goldthread.organisation.access import NotFound, Viewer
from goldthread.practices.crisis.models import Area, CheckIn
from goldthread.record.errors import AlreadyEnded, Invalid


@transaction.atomic
def ask_for_check_in(*, by: Viewer, at: datetime, area: Area) -> CheckIn:
    """Ask for a check-in without waiting until one is offered. Nobody is told who asked."""
    if area.organisation_id != by.organisation_id or by.person_id is None:
        raise NotFound("no such area")
    day = local_date(at)
    waiting = CheckIn.objects.filter(area=area, person_id=by.person_id, held_on__isnull=True, declined=False).first()
    if waiting is not None:
        return waiting
    if CheckIn.objects.filter(area=area, person_id=by.person_id, offered_on=day).exists():
        raise AlreadyEnded(
            "You have had or declined one today already. Ask again tomorrow, or simply talk to somebody."
        )
    made = CheckIn.objects.create(organisation_id=by.organisation_id, person_id=by.person_id, area=area, offered_on=day)
    leave("crisis.check_in_asked", by=ANONYMOUS, at=at, organisation_id=by.organisation_id, practice="crisis", object_kind="check_in")  # fmt: skip
    return made


@transaction.atomic
def hold_check_in(*, by: Viewer, at: datetime, check_in: CheckIn, on: date | None = None) -> CheckIn:
    """Say that the conversation took place. What was said is nobody's business."""
    found = _mine(by, check_in)
    day = on or local_date(at)
    if not found.offered_on <= day <= local_date(at):
        raise Invalid("on", "Give the day of the conversation: from the day it was offered up to today.")
    found.held_on = day
    found.save(update_fields=["held_on"])
    leave("crisis.check_in_held", by=ANONYMOUS, at=at, organisation_id=by.organisation_id, practice="crisis", object_kind="check_in")  # fmt: skip
    return found


@transaction.atomic
def decline_check_in(*, by: Viewer, at: datetime, check_in: CheckIn) -> CheckIn:
    """Say no, thank you. It needs no reason, and nobody else learns it."""
    found = _mine(by, check_in)
    found.declined = True
    found.save(update_fields=["declined"])
    leave("crisis.check_in_declined", by=ANONYMOUS, at=at, organisation_id=by.organisation_id, practice="crisis", object_kind="check_in")  # fmt: skip
    return found


def _mine(by: Viewer, check_in: CheckIn) -> CheckIn:
    found = CheckIn.objects.filter(organisation_id=by.organisation_id, id=check_in.id, person_id=by.person_id).first()
    if found is None:
        raise NotFound("no such check-in")
    if found.held_on is not None or found.declined:
        raise AlreadyEnded("You have answered this one already. Nothing was changed.")
    return found
