"""High-intensity areas: nobody stays there too many days running; a day past the limit says why."""

from datetime import date, datetime, timedelta

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.practices.crisis.actions.common import require_lead, somebody_here
from goldthread.practices.crisis.models import Area, AreaDay
from goldthread.practices.crisis.runs import run_with
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.days import due_in
from goldthread.record.errors import AlreadyEnded, Invalid
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

#: How often everybody who works in an area is offered a check-in.
OFFER_EVERY_DAYS = 7
FURTHEST = timedelta(days=60)


def ref_of(area: Area) -> Ref:
    """The area as other objects point at it."""
    return Ref("crisis", "area", area.id)


@transaction.atomic
def open_area(*, by: Viewer, at: datetime, unit: Unit, title: str, most_days_running: int) -> Area:
    """Name a place where work is at its hardest, and how many days running anybody should be there."""
    require_lead(by, unit)
    if not 1 <= most_days_running <= 14:
        raise Invalid("most_days_running", "Choose between 1 and 14 days running.")
    title = clean_text(title, field="title", limit=200)
    if Area.objects.filter(unit_id=unit.key, title=title, ended_on__isnull=True).exists():
        raise Invalid("title", f"{unit.name} has an area called {title} already.")
    made = Area.objects.create(organisation_id=by.organisation_id, unit_id=unit.key, title=title, since=local_date(at),
                               most_days_running=most_days_running)  # fmt: skip
    set_clock(ref_of(made), organisation_id=by.organisation_id, purpose="offer_check_ins", due_at=due_in(at, OFFER_EVERY_DAYS - 1))  # fmt: skip
    leave("crisis.area_opened", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="area", object_id=made.id, unit=unit.key, most=most_days_running)  # fmt: skip
    return made


@transaction.atomic
def close_area(*, by: Viewer, at: datetime, area: Area) -> Area:
    """The area is an ordinary one again."""
    found = _led(by, area)
    found.ended_on = local_date(at)
    found.save(update_fields=["ended_on"])
    stop_clock(ref_of(found), organisation_id=by.organisation_id, purpose="offer_check_ins")
    leave("crisis.area_closed", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="area", object_id=found.id)  # fmt: skip
    return found


@transaction.atomic
def assign(*, by: Viewer, at: datetime, area: Area, person: Person, day: date, reason: str = "") -> AreaDay:
    """Put somebody in an area for a day. One day running too many needs a reason, and is kept as such; it is not forbidden."""
    found = _led(by, area)
    if not somebody_here(by, person, at):
        raise Invalid("person", "Choose somebody who works in this organisation now.")
    if abs(day - local_date(at)) > FURTHEST or day < found.since:
        raise Invalid("day", f"Choose a day from {found.since:%-d %B %Y} up to 60 days ahead.")
    days = set(AreaDay.objects.filter(area=found, person=person).values_list("day", flat=True))
    if day in days:
        raise AlreadyEnded(f"{person.name} is in {found.title} on that day already. Nothing was changed.")
    running = run_with(days, day)
    over = running > found.most_days_running
    words = clean_text(reason, field="reason", limit=1000, required=False)
    if over and not words:
        raise Invalid("reason", f"That makes {running} days running for {person.name}; the limit here is {found.most_days_running}. "
                      "Choose somebody who has rested, or say why there is nobody else.")  # fmt: skip
    made = AreaDay.objects.create(organisation_id=by.organisation_id, area=found, person_id=person.id, day=day, over_limit=over,
                                  reason=words if over else "", set_by_id=by.person_id)  # fmt: skip
    leave("crisis.area_day_set", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="area", object_id=found.id, day=day, running=running, over=over)  # fmt: skip
    return made


@transaction.atomic
def unassign(*, by: Viewer, at: datetime, area: Area, person: Person, day: date) -> None:
    """Take somebody's day in an area off the list: they did not, or will not, work there."""
    found = _led(by, area)
    gone, _ = AreaDay.objects.filter(area=found, person=person, day=day).delete()
    if not gone:
        raise Invalid("day", f"{person.name} is not down for {found.title} on that day. Nothing was changed.")
    leave("crisis.area_day_removed", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="area", object_id=found.id, day=day)  # fmt: skip


def _led(by: Viewer, area: Area) -> Area:
    rows = Area.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(organisation_id=by.organisation_id, id=area.id).first()
    if found is None:
        raise NotFound("no such area")
    require_lead(by, found.unit)
    if found.ended_on is not None:
        raise AlreadyEnded("This area was closed. Nothing was changed.")
    return found
