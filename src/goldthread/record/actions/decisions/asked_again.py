"""Asking again whose a decision is, because a fact changed or temporary authority ended. What was and what is are both kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from goldthread.journal.events import SYSTEM, Actor, leave
from goldthread.organisation.access import Viewer
from goldthread.record import rules
from goldthread.record.actions.clocks import set_clock
from goldthread.record.actions.decisions.common import deciders, lock_open, ref_of, tell_deciders
from goldthread.record.actions.decisions.raising import write_match
from goldthread.record.actions.seats import invite_parties, invite_seats, leave_seats
from goldthread.record.days import due_in
from goldthread.record.derived import Question, Value
from goldthread.record.errors import NotYours
from goldthread.record.models import Decision, Reevaluation


@transaction.atomic
def facts_changed(
    *, by: Viewer, at: datetime, decision: Decision, attributes: Mapping[str, Value], organisations: Sequence[int] | None = None
) -> Decision:  # fmt: skip
    """Correct what is known of an open decision. It is asked again under the scheme it was opened under, with a new clock if it is
    somebody else's now. Whoever raised it or may decide it can do this.
    """
    decision = lock_open(decision)
    if by.person_id not in {decision.raised_by_id, *(person for person, _ in deciders(decision.id))}:
        raise NotYours("Whoever raised this or decides it may correct its facts. Nothing was changed.")
    at_table = decision.organisations
    if organisations is not None:
        decision.organisations = sorted({*organisations} - {decision.organisation_id})
    said = {**decision.explanation.get("said", {}), **attributes}
    return _ask(decision, said, at, because="facts_changed", actor=by.acting_as(), at_table=at_table)


def end_of_authority(*, decision: Decision, at: datetime, using: str = "default") -> Decision:
    """Temporary authority over an open decision is over: it goes back to whose it is without it."""
    decision = lock_open(decision, using=using)
    said = decision.explanation.get("said", {})
    return _ask(decision, said, at, because="authority_ended", actor=SYSTEM, using=using)


def _ask(
    decision: Decision, said: Mapping[str, Value], at: datetime, *, because: str, actor: Actor, using: str = "default",
    at_table: Sequence[int] | None = None,
) -> Decision:  # fmt: skip
    at_table = tuple(decision.organisations if at_table is None else at_table)
    from goldthread.record.actions.hearings import ask_also

    before = _kept(decision)
    was = (decision.decider_role, decision.decider_unit_id, decision.body_id, decision.method, at_table)
    question = Question(
        decision.unit, said, tuple(decision.organisations), at, decision.id, decision.scheme, True, using
    )
    found = rules.match(question)
    write_match(decision, found, said)
    now = (
        decision.decider_role,
        decision.decider_unit.key,
        decision.body.id if decision.body else None,
        decision.method,
        tuple(decision.organisations),
    )
    if now != was:
        decision.delegated_to = None
        decision.due_at = due_in(at, found.then.within_days)
    Reevaluation.objects.using(using).create(
        organisation_id=decision.organisation_id, decision=decision, because=because, before=before,
        after=_kept(decision), by_id=actor.id if actor.kind == "person" else None, at=at,
    )  # fmt: skip
    decision.save(using=using)
    if now != was:
        set_clock(ref_of(decision), organisation_id=decision.organisation_id, purpose="decision_due",
                  due_at=decision.due_at, using=using)  # fmt: skip
        leave_seats(decision, "asked again", at, also=at_table, using=using)
    invite_parties(decision, found, using=using)
    ask_also(decision, at, using=using)
    if now != was:
        invite_seats(decision, found, at, using=using)
        tell_deciders(decision, "decision_yours", at, once=f"{because}:{at:%Y%m%d%H%M%S%f}", using=using)
    leave("record.decision_asked_again", by=actor, at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, rule=decision.rule, before=before["rule"], because=because,
          using=using)  # fmt: skip
    return decision


def _kept(decision: Decision) -> dict[str, object]:
    return {
        "rule": decision.rule, "attributes": decision.attributes, "method": decision.method, "role": decision.decider_role,
        "unit": decision.decider_unit.key, "body": str(decision.body.id) if decision.body else None,
        "level": decision.level,
    }  # fmt: skip
