"""Handing a decision on, stepping back from it, taking it to the huddle, joining it to another, ending it without an answer."""

from datetime import datetime

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Person
from goldthread.record.actions.clocks import stop_clock
from goldthread.record.actions.decisions.common import deciders, lock, lock_open, ref_of, require_decider, tell_deciders
from goldthread.record.actions.links import link
from goldthread.record.actions.notices import tell
from goldthread.record.actions.seats import clear_table
from goldthread.record.errors import Invalid, NotYours, Refused
from goldthread.record.models import Decision, Recusal, Seat
from goldthread.record.text import clean_text


@transaction.atomic
def delegate(*, by: Viewer, at: datetime, decision: Decision, to: Person) -> Decision:
    """Hand the decision to a named person, who may then take it; the decision-maker still may. The clock runs on.

    Whoever it was handed to may not hand it on, unless the scheme says so for this rule.
    """
    decision = lock(decision)
    role = require_decider(by, decision)
    if to.organisation_id != decision.organisation_id or (to.left_on and to.left_on <= local_date(at)):
        raise Invalid("to", "Choose somebody who works in this organisation now.")
    if Recusal.objects.filter(decision=decision, person=to).exists():
        raise Invalid("to", "They have stepped back from this decision because of an interest. Choose somebody else.")
    if decision.delegated_to_id == by.person_id and not decision.sub_delegation:
        raise Refused("It was handed to you, and cannot be handed on. Give it back by asking its decision-maker.")
    decision.delegated_to = to
    decision.save(update_fields=["delegated_to"])
    tell(organisation_id=by.organisation_id, person_id=to.id, about=ref_of(decision), kind="decision_handed_to_you", at=at)  # fmt: skip
    leave("record.decision_delegated", by=by.acting_as(role), at=at, organisation_id=by.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule, to=to.id)  # fmt: skip
    return decision


@transaction.atomic
def recuse(*, by: Viewer, at: datetime, decision: Decision, interest: str) -> Decision:
    """Step back because of an interest, saying which. The deputy decides, or whoever manages above; the clock runs on."""
    from goldthread.record.actions.rounds import settle

    decision = lock_open(decision)
    mine = Seat.objects.filter(decision=decision, person_id=by.person_id, state="active")
    if not mine.exists():
        require_decider(by, decision)
    Recusal.objects.create(
        organisation_id=decision.organisation_id, decision=decision, person_id=by.person_id,
        interest=clean_text(interest, field="interest", limit=2000), at=at,
    )  # fmt: skip
    mine.update(state="recused", ended_because="an interest")
    if decision.delegated_to_id == by.person_id:
        decision.delegated_to = None
        decision.save(update_fields=["delegated_to"])
    if not deciders(decision.id):
        raise Refused(
            "Nobody else is left who could take this. Hand it to somebody first, or ask for a role to be filled."
        )
    tell_deciders(decision, "decision_yours", at, once=f"recused:{by.person_id}")
    leave("record.decision_recused", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, rule=decision.rule)  # fmt: skip
    settle(decision, at=at)  # perhaps only this seat was waited for
    return decision


@transaction.atomic
def take_to_huddle(*, by: Viewer, at: datetime, decision: Decision) -> Decision:
    """Put the decision on the unit's next huddle board; it stays whose it is, and the clock runs on."""
    decision = lock(decision)
    role = require_decider(by, decision)
    decision.at_huddle = True
    decision.save(update_fields=["at_huddle"])
    leave("record.decision_to_huddle", by=by.acting_as(role), at=at, organisation_id=by.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule)  # fmt: skip
    return decision


@transaction.atomic
def merge(*, by: Viewer, at: datetime, decision: Decision, into: Decision) -> Decision:
    """End this question in another open one of the same kind; both askers hear the answer."""
    first, second = sorted((decision.id, into.id))
    rows = Decision.objects.select_for_update(of=("self",)).select_related("decider_unit", "body")
    locked = {row.id: row for row in rows.filter(id__in=(first, second)).order_by("id")}
    decision, into = locked[decision.id], locked[into.id]
    role = require_decider(by, decision)
    same = (into.practice, into.kind) == (decision.practice, decision.kind)
    if into.id == decision.id or into.state != "open" or not same:
        raise Invalid("into", "Choose another question of the same kind that is still open.")
    decision.state, decision.merged_into = "merged", into
    decision.save(update_fields=["state", "merged_into"])
    clear_table(decision, "merged", at)
    stop_clock(ref_of(decision), organisation_id=by.organisation_id, purpose="decision_due")
    link(ref_of(decision), "joins", ref_of(into), organisation_id=by.organisation_id, at=at)
    leave("record.decision_merged", by=by.acting_as(role), at=at, organisation_id=by.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule, into=into.id)  # fmt: skip
    return decision


@transaction.atomic
def withdraw(*, by: Viewer, at: datetime, decision: Decision) -> Decision:
    """End a question without an answer because what it was about is gone. For practices; they check who may."""
    decision = lock_open(decision)
    if by.organisation_id != decision.organisation_id:
        raise NotYours("Only the organisation that asked may take the question back. Nothing was changed.")
    decision.state = "withdrawn"
    decision.save(update_fields=["state"])
    clear_table(decision, "withdrawn", at)
    stop_clock(ref_of(decision), organisation_id=by.organisation_id, purpose="decision_due")
    leave("record.decision_withdrawn", by=by.acting_as(), at=at, organisation_id=by.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule)  # fmt: skip
    return decision
