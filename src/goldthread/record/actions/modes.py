"""Temporary authority: a devolution mode, or decisions given to a response team. Each has an end that nobody has to remember."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.utils import IntegrityError

from goldthread.journal.events import SYSTEM, Actor, leave
from goldthread.organisation.models import Unit
from goldthread.record.actions.decisions.asked_again import end_of_authority
from goldthread.record.errors import Invalid
from goldthread.record.models import Body, Decision, Delegation, Mode


def start_mode(
    *, by_person: UUID | None, at: datetime, unit: Unit, mode: str, incident_level: int | None, channel: str,
    starts_at: datetime, ends_at: datetime, decision: Decision | None, using: str = "default",
) -> Mode:  # fmt: skip
    """Put a mode in force at a unit and below. What is raised while it lasts is decided by its rules; at its end authority goes back
    by itself, even if nothing runs at that moment.
    """
    if ends_at <= max(at, starts_at):
        raise Invalid("ends_at", "Temporary authority ends after it starts, and in the future.")
    try:
        with transaction.atomic(using=using):
            made = Mode.objects.using(using).create(
                organisation_id=unit.organisation_id, unit_id=unit.key, mode=mode, incident_level=incident_level,
                issuer_id=by_person, channel=channel.strip()[:120], starts_at=starts_at, ends_at=ends_at, decision=decision,
            )  # fmt: skip
    except IntegrityError as error:
        if "record_mode_no_overlap" in str(error):
            raise Invalid("starts_at", f"{unit.name} has temporary authority in force in that time already.") from None
        raise
    leave("record.mode_started", by=Actor("person", by_person) if by_person else SYSTEM, at=at,
          organisation_id=unit.organisation_id, practice="record", object_kind="mode", object_id=made.id, unit=unit.key,
          mode=mode, ends=ends_at.isoformat(), using=using)  # fmt: skip
    return made


def end_mode(*, mode: Mode, at: datetime, because: str, using: str = "default") -> int:
    """End a mode: every decision still open under it goes back to whose it is without it. Returns how many did."""
    mode.ended_at = min(at, mode.ends_at)  # a late sweep does not lengthen it
    mode.save(using=using, update_fields=["ended_at"])
    open_ones = list(
        Decision.objects.using(using).filter(organisation_id=mode.organisation_id, mode=mode, state="open")
    )
    for decision in open_ones:
        end_of_authority(decision=decision, at=at, using=using)
    leave("record.mode_ended", by=SYSTEM, at=at, organisation_id=mode.organisation_id, practice="record",
          object_kind="mode", object_id=mode.id, unit=mode.unit_id, because=because, returned=len(open_ones), using=using)  # fmt: skip
    return len(open_ones)


def delegate_to_body(
    *, by_person: UUID | None, at: datetime, unit: Unit, role: str, body: Body, subjects: Sequence[str],
    starts_at: datetime, ends_at: datetime, decision: Decision | None, using: str = "default",
) -> Delegation:  # fmt: skip
    """Give a role's decisions on some subjects, at a unit and below, to a body until a moment."""
    if not subjects:
        raise Invalid("subjects", "Name at least one subject on which the team may decide.")
    if ends_at <= max(at, starts_at):
        raise Invalid("ends_at", "Temporary authority ends after it starts, and in the future.")
    made = Delegation.objects.using(using).create(
        organisation_id=unit.organisation_id, unit_id=unit.key, role=role, body=body, subjects=sorted(set(subjects)),
        starts_at=starts_at, ends_at=ends_at, decision=decision,
    )  # fmt: skip
    leave("record.authority_given", by=Actor("person", by_person) if by_person else SYSTEM, at=at,
          organisation_id=unit.organisation_id, practice="record", object_kind="body", object_id=body.id, unit=unit.key,
          delegation=made.id, ends=ends_at.isoformat(), using=using)  # fmt: skip
    return made


def end_delegation(*, delegation: Delegation, at: datetime, using: str = "default") -> int:
    """Take the decisions back. Those still open go to whose they were; returns how many."""
    delegation.ended_at = min(at, delegation.ends_at)
    delegation.save(using=using, update_fields=["ended_at"])
    rows = Decision.objects.using(using).filter(
        organisation_id=delegation.organisation_id,
        body_id=delegation.body_id,
        state="open",
        authority_until__isnull=False,
    )
    open_ones = list(rows)
    for one in open_ones:
        end_of_authority(decision=one, at=at, using=using)
    leave("record.authority_returned", by=SYSTEM, at=at, organisation_id=delegation.organisation_id, practice="record",
          object_kind="body", object_id=delegation.body_id, delegation=delegation.id, returned=len(open_ones), using=using)  # fmt: skip
    return len(open_ones)
