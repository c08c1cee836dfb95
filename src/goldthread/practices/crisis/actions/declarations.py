"""Declaring temporary delegated authority, extending it, ending it early. What follows a decision or a clock is in in_force.py."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from goldthread.journal.events import leave
from goldthread.organisation import access
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis.actions.common import CHANNEL, own, require_lead
from goldthread.practices.crisis.actions.in_force import end_authority
from goldthread.practices.crisis.models import Declaration
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

MODE = "devolved"


def ref_of(declaration: Declaration) -> Ref:
    """The declaration as other objects point at it."""
    return Ref("crisis", "declaration", declaration.id)


def in_words(at: datetime) -> str:
    """A moment as people of this installation say it: 14:00 on 3 June 2026."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%H:%M on %-d %B %Y")


@transaction.atomic
def declare(
    *, by: Viewer, at: datetime, unit: Unit, channel: str, why: str, ends_at: datetime, starts_at: datetime | None = None,
    mode: str = MODE, decide_now: bool = False,
) -> Declaration:  # fmt: skip
    """Propose temporary delegated authority for a unit and all below it; with `decide_now`, declare it in the same act, where it is
    the viewer's to decide. Raises Refused where one is proposed or in force, NotYours saying who may decide.
    """
    require_lead(by, unit)
    for one in Declaration.objects.filter(unit_id=unit.key, state__in=("in_force", "proposed")).order_by("state"):
        if one.state == "in_force":
            raise Refused(f"{unit.name} has temporary delegated authority until {in_words(one.ends_at)} already. "
                          "Extend it, or end it first. Nothing was changed.")  # fmt: skip
        raise Refused(
            f"Temporary delegated authority for {unit.name} has been proposed already and waits for an answer."
        )
    made = _propose(by, at, unit, channel, why, max(starts_at or at, at), ends_at, mode, None)
    leave("crisis.mode_proposed", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="declaration", object_id=made.id, unit=unit.key, mode=mode, ends=ends_at.isoformat())  # fmt: skip
    return _decided(by, at, made, "declare") if decide_now else made


@transaction.atomic
def extend(*, by: Viewer, at: datetime, declaration: Declaration, ends_at: datetime, why: str, decide_now: bool = False) -> Declaration:  # fmt: skip
    """Ask for a declaration in force to go on: a new decision and a declaration of its own, from the end of this one."""
    found = _live(by, declaration)
    require_lead(by, found.unit)
    if Declaration.objects.filter(extends=found, state__in=("proposed", "in_force")).exists():
        raise Refused("An extension has been asked for already. Nothing was changed.")
    made = _propose(by, at, found.unit, found.channel, why, found.ends_at, ends_at, found.mode, found)
    leave("crisis.extension_asked", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="declaration", object_id=made.id, extends=found.id, ends=ends_at.isoformat())  # fmt: skip
    return _decided(by, at, made, "extend") if decide_now else made


def _propose(
    by: Viewer, at: datetime, unit: Unit, channel: str, why: str, starts: datetime, ends_at: datetime, mode: str,
    extends: Declaration | None,
) -> Declaration:  # fmt: skip
    if ends_at <= starts:
        raise Invalid("ends_at", "Choose an end after the start: temporary authority always has one.")
    try:
        with transaction.atomic():
            made = Declaration.objects.create(
                organisation_id=by.organisation_id, unit_id=unit.key, mode=mode, starts_at=starts, ends_at=ends_at,
                channel=clean_text(channel, field="channel", limit=CHANNEL), why=clean_text(why, field="why", limit=4000),
                declared_by_id=by.person_id, extends=extends,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(
            "Somebody has just proposed or extended this. Read the page again. Nothing was changed."
        ) from error
    kind = "extend" if extends else "declare_mode"
    verb = "go on" if extends else "hold"
    made.decision = decisions.raise_decision(
        by=by, at=at, kind=kind, about=ref_of(made), unit=unit, attributes={"subject": "crisis"}, context=made.why,
        question=f"Should temporary delegated authority for {unit.name} {verb} until {in_words(ends_at)}?",
    )  # fmt: skip
    made.save(update_fields=["decision"])
    return made


def _decided(by: Viewer, at: datetime, made: Declaration, outcome: str) -> Declaration:
    if made.decision is not None:
        decisions.decide(by=by, at=at, decision=made.decision, outcome=outcome, reason=made.why)
        made.refresh_from_db()
    return made


@transaction.atomic
def withdraw_declaration(*, by: Viewer, at: datetime, declaration: Declaration) -> Declaration:
    """Take a proposal back before it is decided."""
    found = _locked(by, declaration)
    if found.state != "proposed" or found.decision is None:
        raise AlreadyEnded("This has been decided already. End it early instead.")
    if found.declared_by_id != by.person_id:
        raise NotYours(f"{found.declared_by.name} proposed this and may take it back.")
    decisions.withdraw(by=by, at=at, decision=found.decision)
    found.state = "withdrawn"
    found.save(update_fields=["state"])
    leave("crisis.mode_withdrawn", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="declaration", object_id=found.id)  # fmt: skip
    return found


@transaction.atomic
def end_early(*, by: Viewer, at: datetime, declaration: Declaration, because: str) -> Declaration:
    """End authority now: by whoever issued it, or whoever manages the unit or one above it. The look-back falls due."""
    found = _live(by, declaration)
    issuer = found.decision.decided_by_id if found.decision else None
    if by.person_id not in {issuer, found.declared_by_id} and not access.may(by, Permission.GOVERN, found.unit):
        raise NotYours(f"Whoever declared it, or manages {found.unit.name} or a unit above it, may end it early.")
    because = clean_text(because, field="because", limit=2000)
    for asked in Declaration.objects.select_related("decision").filter(extends=found, state="proposed"):
        decisions.withdraw(by=by, at=at, decision=asked.decision)  # type: ignore[arg-type]  # there is nothing left to extend
        asked.state = "withdrawn"
        asked.save(update_fields=["state"])
    end_authority(found, at=at, because="ended_early", words=because)
    leave("crisis.mode_ended_early", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="declaration", object_id=found.id, unit=found.unit_id)  # fmt: skip
    return found


def _live(by: Viewer, declaration: Declaration) -> Declaration:
    found = _locked(by, declaration)
    if found.state != "in_force":
        raise AlreadyEnded("This authority is not in force. Nothing was changed.")
    return found


def _locked(by: Viewer, declaration: Declaration) -> Declaration:
    rows = Declaration.objects.select_for_update(of=("self",)).select_related(
        "unit", "decision", "declared_by", "record_mode"
    )
    return own(by, rows.filter(id=declaration.id).first())
