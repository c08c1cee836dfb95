"""Changes: planned, live, sustained or withdrawn; and which measure shows what they did."""

from datetime import date, datetime

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person
from goldthread.organisation.roles import Permission
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.links import link
from goldthread.record.days import end_of_day
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Change, Decision, Measure, PublishedMeasure
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def ref_of(change: Change) -> Ref:
    """The change as other objects point at it."""
    return Ref("record", "change", change.id)


@transaction.atomic
def plan_change(
    *, by: Viewer, at: datetime, decision: Decision, title: str, owner: Person, planned_on: date | None = None
) -> Change:
    """Say what will be done differently because of a decision, who owns it, and from when."""
    change = Change.objects.create(
        organisation_id=by.organisation_id,
        decision=decision,
        unit_id=decision.unit_id,
        title=clean_text(title, field="title", limit=200),
        owner=owner,
        decided_on=local_date(decision.decided_at or at),
        planned_on=planned_on,
    )
    link(
        Ref("record", "decision", decision.id), "implements", ref_of(change), organisation_id=by.organisation_id, at=at
    )
    leave("record.change_planned", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="change", object_id=change.id, decision=decision.id)  # fmt: skip
    return change


@transaction.atomic
def go_live(
    *,
    by: Viewer,
    at: datetime,
    change: Change,
    on: date,
    look_back_on: date,
    measure: Measure | PublishedMeasure | None = None,
) -> Change:
    """Say that it is being done from a day on, which measure should show it, and when to look back."""
    change = _mine(by, change)
    if change.live_on is not None:
        raise AlreadyEnded("This change is already live.")
    if on < change.decided_on:
        raise Invalid("on", f"It was decided on {change.decided_on:%-d %B %Y}; it cannot have gone live before.")
    if on > local_date(at):
        raise Invalid("on", "Give the day it really started: today or earlier.")
    if look_back_on <= on:
        raise Invalid("look_back_on", "Look back after it went live.")
    change.live_on, change.look_back_on = on, look_back_on
    change.save(update_fields=["live_on", "look_back_on"])
    set_clock(ref_of(change), organisation_id=by.organisation_id, purpose="look_back", due_at=end_of_day(look_back_on))
    if measure is not None:
        measured_by(change=change, measure=measure, at=at)
    leave("record.change_live", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="change", object_id=change.id, on=on, measure=getattr(measure, "pk", None))  # fmt: skip
    return change


def measured_by(*, change: Change, measure: Measure | PublishedMeasure, at: datetime) -> None:
    """Join a change to the measure that should show what it did."""
    if isinstance(measure, Measure):
        target = Ref("record", "measure", measure.id)
        link(ref_of(change), "measured_by", target, organisation_id=change.organisation_id, at=at)


@transaction.atomic
def sustain(*, by: Viewer, at: datetime, change: Change, on: date) -> Change:
    """After looking back: it holds."""
    change = _mine(by, change)
    if change.live_on is None or on <= change.live_on:
        raise Invalid("on", "It can be called sustained only after it went live.")
    if change.sustained_on or change.withdrawn_on:
        raise AlreadyEnded("This change has been looked back on already.")
    change.sustained_on = on
    change.save(update_fields=["sustained_on"])
    stop_clock(ref_of(change), organisation_id=by.organisation_id, purpose="look_back")
    leave("record.change_sustained", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="change", object_id=change.id, on=on)  # fmt: skip
    return change


@transaction.atomic
def withdraw_change(*, by: Viewer, at: datetime, change: Change, because: str) -> Change:
    """Stop doing it, and say why: an honest end of its own."""
    change = _mine(by, change)
    if change.sustained_on or change.withdrawn_on:
        raise AlreadyEnded("This change has been looked back on already.")
    change.withdrawn_on = local_date(at)
    change.withdrawn_because = clean_text(because, field="because", limit=2000)
    change.save(update_fields=["withdrawn_on", "withdrawn_because"])
    stop_clock(ref_of(change), organisation_id=by.organisation_id, purpose="look_back")
    leave("record.change_withdrawn", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="change", object_id=change.id)  # fmt: skip
    return change


def _mine(by: Viewer, change: Change) -> Change:
    found = Change.objects.select_for_update(of=("self",)).select_related("unit", "owner").filter(id=change.id).first()
    if found is None:
        raise NotFound("no such change")
    if found.owner_id != by.person_id and not access.may(by, Permission.DECIDE, found.unit):
        raise NotYours(f"{found.owner.name} owns this change, or whoever manages {found.unit.name}.")
    return found
