"""Looking back: what happened, set beside what was expected."""

from datetime import datetime

from django.db import transaction

from goldthread.journal.events import leave
from goldthread.organisation.access import Viewer
from goldthread.record.actions.clocks import stop_clock
from goldthread.record.actions.decisions.common import deciders, lock, ref_of
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Decision
from goldthread.record.text import clean_text

#: How what happened compares with what was expected.
VERDICTS = {
    "as_expected": "It happened as expected",
    "partly": "Part of it happened",
    "not": "It did not happen",
    "cannot_say": "We cannot say",
}


@transaction.atomic
def look_back(*, by: Viewer, at: datetime, decision: Decision, happened: str, verdict: str) -> Decision:
    """Say what came of a decision. Once, by whoever took it, raised it or would decide it today."""
    decision = lock(decision)
    if decision.state != "decided":
        raise Invalid("happened", "Looking back is for decisions that have been taken.")
    if decision.happened_at is not None:
        raise AlreadyEnded("Somebody has looked back on this already. A new decision can put right what went wrong.")
    if verdict not in VERDICTS:
        raise Invalid("verdict", f"Choose one of: {', '.join(VERDICTS.values())}.")
    if by.person_id not in {decision.decided_by_id, decision.raised_by_id, *(one for one, _ in deciders(decision.id))}:
        raise NotYours("Whoever took, raised or would take this decision today looks back on it. Nothing was changed.")
    decision.happened = clean_text(happened, field="happened", limit=4000)
    decision.happened_verdict, decision.happened_at, decision.happened_by_id = verdict, at, by.person_id
    decision.save(update_fields=["happened", "happened_verdict", "happened_at", "happened_by_id"])
    stop_clock(ref_of(decision), organisation_id=by.organisation_id, purpose="look_back")
    leave("record.decision_looked_back", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, rule=decision.rule, verdict=verdict)  # fmt: skip
    return decision
