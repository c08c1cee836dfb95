"""Promises: made, kept or not, confirmed by whoever received them."""

from datetime import date, datetime

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, leave
from goldthread.organisation import access, tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.organisation.roles import Permission
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.links import link
from goldthread.record.actions.notices import tell
from goldthread.record.days import end_of_day
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Clock, Commitment
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def ref_of(commitment: Commitment) -> Ref:
    """The promise as other objects point at it."""
    return Ref("record", "commitment", commitment.id)


@transaction.atomic
def promise(
    *, by: Viewer, at: datetime, about: Ref, text: str, to_unit: Unit, due_on: date, promised_by: Person | None = None
) -> Commitment:
    """Record a promise to a unit with the day by which it is due. By default whoever records it promises it."""
    if due_on < local_date(at):
        raise Invalid("due_on", "The day by which it is due must be today or later.")
    commitment = Commitment.objects.create(
        organisation_id=by.organisation_id,
        practice=about.practice,
        about_kind=about.kind,
        about_id=about.id,
        text=clean_text(text, field="text", limit=1000),
        promised_by_id=promised_by.id if promised_by else by.person_id,
        to_unit_id=to_unit.key,
        made_at=at,
        due_on=due_on,
    )
    ref = ref_of(commitment)
    set_clock(ref, organisation_id=by.organisation_id, purpose="promise_due", due_at=end_of_day(due_on))
    link(about, "raised", ref, organisation_id=by.organisation_id, at=at)
    if commitment.promised_by_id != by.person_id:
        tell(
            organisation_id=by.organisation_id,
            person_id=commitment.promised_by_id,
            about=ref,
            kind="promise_asked_of_you",
            at=at,
        )
    leave("record.promise_made", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="commitment", object_id=commitment.id, about=about, to=to_unit.key, due=due_on)  # fmt: skip
    return commitment


@transaction.atomic
def say_kept(*, by: Viewer, at: datetime, commitment: Commitment, note: str = "") -> Commitment:
    """Whoever promised says that it was done; the receiving team is asked to confirm it."""
    commitment = _lock(commitment)
    if commitment.state != "promised":
        raise AlreadyEnded(f"This promise is already {_word(commitment)}.")
    if commitment.promised_by_id != by.person_id and not _receives(by, commitment):
        raise NotYours(f"{commitment.promised_by.name} promised this and says when it is done.")
    commitment.state, commitment.ended_at = "kept", at
    commitment.ended_note = clean_text(note, field="note", limit=1000, required=False)
    if _receives(by, commitment) and commitment.promised_by_id != by.person_id:
        commitment.confirmed_by_id, commitment.confirmed_at = by.person_id, at
    commitment.save(update_fields=["state", "ended_at", "ended_note", "confirmed_by", "confirmed_at"])
    stop_clock(ref_of(commitment), organisation_id=by.organisation_id, purpose="promise_due")
    _tell_receivers(commitment, "promise_kept_confirm", at)
    leave("record.promise_kept", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="commitment", object_id=commitment.id, confirmed=commitment.confirmed_by_id is not None)  # fmt: skip
    return commitment


@transaction.atomic
def confirm(*, by: Viewer, at: datetime, commitment: Commitment, kept: bool) -> Commitment:
    """The receiving team says whether the promise was really kept. It is theirs to say, never the promiser's."""
    commitment = _lock(commitment)
    if commitment.confirmed_by_id is not None or commitment.state in ("not_kept", "withdrawn"):
        raise AlreadyEnded(f"This promise is already {_word(commitment)}.")
    if not _receives(by, commitment):
        raise NotYours(f"{commitment.to_unit.name} received this promise and says whether it was kept.")
    commitment.state, commitment.ended_at = ("kept" if kept else "not_kept"), commitment.ended_at or at
    commitment.confirmed_by_id, commitment.confirmed_at = by.person_id, at
    commitment.save(update_fields=["state", "ended_at", "confirmed_by", "confirmed_at"])
    stop_clock(ref_of(commitment), organisation_id=by.organisation_id, purpose="promise_due")
    tell(organisation_id=by.organisation_id, person_id=commitment.promised_by_id, about=ref_of(commitment),
         kind="promise_confirmed" if kept else "promise_not_kept", at=at)  # fmt: skip
    leave("record.promise_confirmed" if kept else "record.promise_not_kept", by=by.acting_as(), at=at,
          organisation_id=by.organisation_id, practice="record", object_kind="commitment", object_id=commitment.id)  # fmt: skip
    return commitment


def promise_due(*, clock: Clock, at: datetime, using: str) -> None:
    """The day has passed and nobody said it was kept: whoever promised and whoever waits are told. It stays open."""
    commitment = Commitment.objects.using(using).get(id=clock.about_id)
    if commitment.state != "promised":
        return
    tell(organisation_id=commitment.organisation_id, person_id=commitment.promised_by_id, about=ref_of(commitment),
         kind="promise_overdue", at=at, using=using)  # fmt: skip
    _tell_receivers(commitment, "promise_overdue", at, using=using)
    leave("record.promise_overdue", by=SYSTEM, at=at, organisation_id=commitment.organisation_id, practice="record",
          object_kind="commitment", object_id=commitment.id, using=using)  # fmt: skip


def _receives(by: Viewer, commitment: Commitment) -> bool:
    """Whoever works in the receiving unit, or manages it, but never the one who promised."""
    if by.person_id == commitment.promised_by_id:
        return False
    return by.unit_key == commitment.to_unit_id or access.may(by, Permission.DECIDE, commitment.to_unit)


def _tell_receivers(commitment: Commitment, kind: str, at: datetime, using: str = "default") -> None:
    for held in tree.holders(commitment.to_unit, ("unit_manager", "deputy_manager"), local_date(at), using=using):
        if held.person_id != commitment.promised_by_id:
            tell(organisation_id=commitment.organisation_id, person_id=held.person_id, about=ref_of(commitment), kind=kind,
                 at=at, using=using)  # fmt: skip


def _word(commitment: Commitment) -> str:
    return {"kept": "kept", "not_kept": "marked as not kept", "withdrawn": "withdrawn"}.get(
        commitment.state, commitment.state
    )


def _lock(commitment: Commitment) -> Commitment:
    rows = Commitment.objects.select_for_update(of=("self",)).select_related("to_unit", "promised_by")
    found = rows.filter(id=commitment.id).first()
    if found is None:
        raise NotFound("no such promise")
    return found
