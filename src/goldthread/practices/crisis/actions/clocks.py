"""What happens by itself: authority ends, teams stand down, a missing update is said, check-ins are offered. Jobs only."""

from datetime import date, datetime, timedelta
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, leave
from goldthread.organisation import tree
from goldthread.organisation.models import Unit
from goldthread.practices.crisis.actions.areas import OFFER_EVERY_DAYS, ref_of
from goldthread.practices.crisis.actions.common import LEADS
from goldthread.practices.crisis.actions.in_force import end_authority, level_of
from goldthread.practices.crisis.actions.standing_down import end_team
from goldthread.practices.crisis.models import Area, AreaDay, CheckIn, Declaration, SituationUpdate, Team
from goldthread.record.actions.clocks import set_clock
from goldthread.record.actions.notices import tell
from goldthread.record.days import due_in
from goldthread.record.models import Clock
from goldthread.record.refs import Ref

JOBS = "jobs"
#: Nobody is offered another check-in within this many days of the last offer.
OFFER_AGAIN_AFTER = timedelta(days=6)


def on_clock(clock: Clock, at: datetime) -> None:
    """A clock of this practice has run out. The sweeper calls it, and commits it with the clock."""
    handlers = {
        ("declaration", "authority_ends"): _authority_ends,
        ("team", "team_ends"): _team_ends,
        ("update", "update_due"): _update_due,
        ("area", "offer_check_ins"): _offer_check_ins,
    }
    try:
        handler = handlers[(clock.about_kind, clock.purpose)]
    except KeyError:
        raise LookupError(f"crisis has no clock {clock.about_kind}/{clock.purpose}") from None
    handler(clock, at)


def _authority_ends(clock: Clock, at: datetime) -> None:
    rows = Declaration.objects.using(JOBS).select_for_update(nowait=True, of=("self",)).select_related("record_mode")
    found = rows.get(id=clock.about_id)
    if found.state == "in_force":
        end_authority(found, at=at, because="its_time", using=JOBS)


def _team_ends(clock: Clock, at: datetime) -> None:
    rows = Team.objects.using(JOBS).select_for_update(nowait=True, of=("self",)).select_related("delegation")
    end_team(rows.get(id=clock.about_id), at=at, because="its day came", using=JOBS)


def _update_due(clock: Clock, at: datetime) -> None:
    """The next update was promised for now: whoever wrote the last one and the unit's managers are told."""
    last = SituationUpdate.objects.using(JOBS).get(id=clock.about_id)
    unit = Unit.objects.using(JOBS).get(key=last.unit_id)
    newer = SituationUpdate.objects.using(JOBS).filter(unit_id=unit.key, number__gt=last.number).exists()
    if newer:
        return
    managers = {held.person_id for held in tree.holders(unit, LEADS, local_date(at), using=JOBS)}
    for person_id in sorted({last.written_by_id, *managers}, key=str):
        tell(organisation_id=clock.organisation_id, person_id=person_id, about=Ref("crisis", "update", last.id),
             kind="update_due", at=at, using=JOBS)  # fmt: skip
    level = level_of(unit, using=JOBS)
    leave("crisis.update_missed", by=SYSTEM, at=at, organisation_id=clock.organisation_id, practice="crisis",
          object_kind="update", object_id=last.id, unit=unit.key, level=level.level if level else 0, using=JOBS)  # fmt: skip


def _offer_check_ins(clock: Clock, at: datetime) -> None:
    """Everybody who worked in the area in the seven days before today is offered a conversation, unless they were just asked."""
    area = Area.objects.using(JOBS).get(id=clock.about_id)
    day = local_date(at)
    if area.ended_on is not None:
        return
    for person_id in _worked(area, day):
        CheckIn.objects.using(JOBS).create(
            organisation_id=area.organisation_id, person_id=person_id, area=area, offered_on=day
        )
        tell(organisation_id=area.organisation_id, person_id=person_id, about=ref_of(area), kind="check_in_offered", at=at,
             once=day.isoformat(), using=JOBS)  # fmt: skip
    set_clock(ref_of(area), organisation_id=area.organisation_id, purpose="offer_check_ins",
              due_at=due_in(at, OFFER_EVERY_DAYS - 1), using=JOBS)  # fmt: skip
    leave("crisis.check_ins_offered", by=SYSTEM, at=at, organisation_id=area.organisation_id, practice="crisis",
          object_kind="area", object_id=area.id, using=JOBS)  # fmt: skip


def _worked(area: Area, day: date) -> list[UUID]:
    week = AreaDay.objects.using(JOBS).filter(area=area, day__gte=day - timedelta(days=OFFER_EVERY_DAYS), day__lt=day)
    asked = CheckIn.objects.using(JOBS).filter(
        organisation_id=area.organisation_id, offered_on__gt=day - OFFER_AGAIN_AFTER
    )
    rows = week.exclude(person_id__in=asked.values("person_id")).values_list("person_id", flat=True)
    return sorted(set(rows), key=str)
