"""Setting up a service differently: need, raised, decided, live, sustained; or abandoned, which is an end of its own."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, Actor, leave
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis.actions.common import authority_at, entered_late, moment_of
from goldthread.practices.crisis.models import Reconfiguration, Team
from goldthread.record.actions import changes, decisions
from goldthread.record.actions.links import link
from goldthread.record.actions.notices import tell
from goldthread.record.derived import Value
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Change, Decision
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

LOOK_BACK = timedelta(days=28)


def ref_of(reconfiguration: Reconfiguration) -> Ref:
    """The reconfiguration as other objects point at it."""
    return Ref("crisis", "reconfiguration", reconfiguration.id)


@transaction.atomic
def raise_reconfiguration(
    *, by: Viewer, at: datetime, unit: Unit, title: str, need: str, need_on: date, attributes: Mapping[str, Value] | None = None,
    team: Team | None = None, decide_now: bool = False, reason: str = "",
) -> Reconfiguration:  # fmt: skip
    """Raise that a service should be set up differently, with the day on which the need was recognised. The scheme of delegation, with
    whatever temporary authority is in force, says whose decision it is; `decide_now` takes it in the same act.
    """
    access.require(by, Permission.RAISE, unit)
    _not_in_future(need_on, at, "need_on")
    if team is not None and (team.organisation_id != by.organisation_id or team.stood_down_at is not None):
        raise Invalid("team", "Choose a team that is at work now.")
    made = Reconfiguration.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, title=clean_text(title, field="title", limit=200),
        need=clean_text(need, field="need", limit=4000), raised_by_id=by.person_id, need_on=need_on, raised_on=local_date(at),
        late_entry=entered_late(need_on, at), declaration=authority_at(unit, at), team=team,
    )  # fmt: skip
    leave("crisis.reconfiguration_raised", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="reconfiguration", object_id=made.id, unit=unit.key, need_on=need_on, late=made.late_entry)  # fmt: skip
    _ask(by, at, made, unit, attributes)
    if decide_now and made.decision is not None:
        decisions.decide(by=by, at=at, decision=made.decision, outcome="go", reason=reason or made.need)
        made.refresh_from_db()
    return made


@transaction.atomic
def put_again(*, by: Viewer, at: datetime, reconfiguration: Reconfiguration, attributes: Mapping[str, Value] | None = None) -> Reconfiguration:  # fmt: skip
    """Ask again after "not now". The first day it was raised stays."""
    found = _mine(by, reconfiguration)
    if found.abandoned_on or found.decided_on or (found.decision is not None and found.decision.state == "open"):
        raise AlreadyEnded("This is decided, abandoned or waiting for an answer already. Nothing was changed.")
    _ask(by, at, found, found.unit, attributes)
    leave("crisis.reconfiguration_put_again", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="reconfiguration", object_id=found.id)  # fmt: skip
    return found


def _ask(by: Viewer, at: datetime, made: Reconfiguration, unit: Unit, attributes: Mapping[str, Value] | None) -> None:
    made.decision = decisions.raise_decision(
        by=by, at=at, kind="reconfigure", about=ref_of(made), unit=unit, question=f"Should we do this: {made.title}?",
        attributes=attributes or {}, context=made.need,
    )  # fmt: skip
    made.save(update_fields=["decision"])


def reconfigured(decision: Decision) -> None:
    """It goes ahead (with a change to follow), waits, or ends here. Runs for people and for jobs."""
    using = decision._state.db or "default"
    at = moment_of(decision)
    rows = Reconfiguration.objects.using(using).select_for_update(of=("self",))
    found = rows.get(id=decision.about_id)
    day = local_date(at)
    if decision.outcome == "go":
        found.change = Change.objects.using(using).create(
            organisation_id=found.organisation_id, decision=decision, unit_id=found.unit_id, title=found.title,
            owner_id=found.raised_by_id, decided_on=day,
        )  # fmt: skip
        found.decided_on = day
        link(Ref("record", "decision", decision.id), "implements", changes.ref_of(found.change),
             organisation_id=found.organisation_id, at=at, using=using)  # fmt: skip
    elif decision.outcome == "no":
        found.abandoned_on, found.abandoned_because = day, decision.reason
    found.save(using=using, update_fields=["change", "decided_on", "abandoned_on", "abandoned_because"])
    tell(organisation_id=found.organisation_id, person_id=found.raised_by_id, about=ref_of(found),
         kind=f"reconfiguration_{decision.outcome}", at=at, once=str(decision.id), using=using)  # fmt: skip
    leave("crisis.reconfiguration_decided", by=Actor("person", decision.decided_by_id, decision.decided_as) if decision.decided_by_id else SYSTEM,
          at=at, organisation_id=found.organisation_id, practice="crisis", object_kind="reconfiguration", object_id=found.id,
          rule=decision.rule, outcome=decision.outcome, change=found.change_id, using=using)  # fmt: skip


@transaction.atomic
def go_live(*, by: Viewer, at: datetime, reconfiguration: Reconfiguration, on: date, look_back_on: date | None = None) -> Reconfiguration:  # fmt: skip
    """Say from which day it is done this way. Looked back on after four weeks unless another day is given."""
    found = _mine(by, reconfiguration)
    if found.change is None or found.abandoned_on is not None:
        raise Invalid("on", "It can go live once it has been decided, and has not been abandoned.")
    changes.go_live(
        by=by, at=at, change=found.change, on=on, look_back_on=look_back_on or max(on, local_date(at)) + LOOK_BACK
    )
    found.live_on, found.late_entry = on, found.late_entry or entered_late(on, at)
    found.save(update_fields=["live_on", "late_entry"])
    leave("crisis.reconfiguration_live", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="reconfiguration", object_id=found.id, on=on, late=found.late_entry)  # fmt: skip
    return found


@transaction.atomic
def sustain(*, by: Viewer, at: datetime, reconfiguration: Reconfiguration, on: date) -> Reconfiguration:
    """After looking back: it holds without the emergency."""
    found = _mine(by, reconfiguration)
    if found.change is None or found.live_on is None or found.abandoned_on is not None:
        raise Invalid("on", "It can be called sustained once it is live, and has not been abandoned.")
    _not_in_future(on, at, "on")
    changes.sustain(by=by, at=at, change=found.change, on=on)
    found.sustained_on, found.late_entry = on, found.late_entry or entered_late(on, at)
    found.save(update_fields=["sustained_on", "late_entry"])
    leave("crisis.reconfiguration_sustained", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="reconfiguration", object_id=found.id, on=on, late=found.late_entry)  # fmt: skip
    return found


@transaction.atomic
def abandon(*, by: Viewer, at: datetime, reconfiguration: Reconfiguration, because: str, on: date | None = None) -> Reconfiguration:  # fmt: skip
    """Stop, at whatever point, and say why. An honest end, counted beside those that went live."""
    found = _mine(by, reconfiguration)
    if found.abandoned_on is not None or found.sustained_on is not None:
        raise AlreadyEnded("This has ended already. Nothing was changed.")
    day = on or local_date(at)
    _not_in_future(day, at, "on")
    latest = max(one for one in (found.raised_on, found.decided_on, found.live_on) if one is not None)
    if day < latest:
        raise Invalid("on", f"The last step was on {latest:%-d %B %Y}; it cannot have been abandoned before.")
    because = clean_text(because, field="because", limit=2000)
    if found.decision is not None and found.decision.state == "open":
        decisions.withdraw(by=by, at=at, decision=found.decision)
    if found.change is not None:
        changes.withdraw_change(by=by, at=at, change=found.change, because=because)
    found.abandoned_on, found.abandoned_because = day, because
    found.late_entry = found.late_entry or entered_late(day, at)
    found.save(update_fields=["abandoned_on", "abandoned_because", "late_entry"])
    leave("crisis.reconfiguration_abandoned", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="reconfiguration", object_id=found.id, on=day, late=found.late_entry)  # fmt: skip
    return found


def _not_in_future(day: date, at: datetime, field: str) -> None:
    if day > local_date(at):
        raise Invalid(field, "Give the day on which it happened: today or earlier.")


def _mine(by: Viewer, reconfiguration: Reconfiguration) -> Reconfiguration:
    rows = Reconfiguration.objects.select_for_update(of=("self",)).select_related(
        "unit", "raised_by", "decision", "change"
    )
    found = rows.filter(organisation_id=by.organisation_id, id=reconfiguration.id).first()
    if found is None:
        raise NotFound("no such reconfiguration")
    if found.raised_by_id != by.person_id and not access.may(by, Permission.DECIDE, found.unit):
        raise NotYours(
            f"{found.raised_by.name} raised this and keeps its dates, with whoever manages {found.unit.name}."
        )
    return found
