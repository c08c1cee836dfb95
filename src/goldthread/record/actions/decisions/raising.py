"""Raising a decision: the scheme says whose it is, how, by when and after whom; all of it is kept as it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from goldthread.journal.events import ANONYMOUS, leave
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.record import rules
from goldthread.record.actions.clocks import set_clock
from goldthread.record.actions.decisions.common import ref_of, tell_deciders
from goldthread.record.actions.links import link
from goldthread.record.actions.seats import invite_parties, invite_seats
from goldthread.record.days import due_in, start_of_day
from goldthread.record.derived import Question, Value
from goldthread.record.errors import Invalid
from goldthread.record.models import Decision
from goldthread.record.practice import practice_named
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def raise_decision(
    *, by: Viewer, at: datetime, kind: str, about: Ref, unit: Unit, question: str,
    attributes: Mapping[str, Value] | None = None, context: str = "", organisations: Sequence[int] = (),
    supersedes: Decision | None = None, anonymous: bool = False, least_days: int = 0, using: str = "default",
) -> Decision:  # fmt: skip
    """Open a question: find who may decide it, set the clock, tell them. One open decision of a kind about a thing.

    `attributes` are what the raiser knows, in the words of the scheme; the rest is derived or assumed, and kept as such.
    `organisations` are the others it touches. `supersedes` names the decision that this one takes the place of. `anonymous` keeps
    no time of day in anything it writes. What falls due by itself is raised by a Viewer without a person, on the jobs' connection
    (`using`), and may ask for `least_days`. Raises Invalid, naming the attribute, for a fact that the scheme does not know.
    """
    declared = practice_named(about.practice).decision_kind(kind)
    if supersedes is not None and supersedes.state != "decided":
        raise Invalid("supersedes", "Only a decision that has been taken can be superseded.")
    mine = by.organisation_id
    with transaction.atomic(using=using):
        said = {**rules.understood(unit, at, declared.facts, using=using), **(attributes or {})}
        others = tuple(sorted({*organisations} - {mine}))
        found = rules.match(Question(unit, said, others, at, using=using))
        decision = Decision(
            organisation_id=mine, practice=about.practice, kind=kind, about_kind=about.kind, about_id=about.id,
            unit_id=unit.key, question=clean_text(question, field="question", limit=300),
            context=clean_text(context, field="context", limit=8000, required=False), organisations=list(others),
            raised_by_id=None if anonymous else by.person_id, opened_at=start_of_day(at) if anonymous else at,
            due_at=due_in(at, max(least_days, found.then.within_days)), supersedes=supersedes,
        )  # fmt: skip
        write_match(decision, found, said)
        if anonymous:
            decision.id = uuid4()
        decision.save(using=using, force_insert=True)
        ref = ref_of(decision)
        set_clock(
            ref, organisation_id=mine, purpose="decision_due", due_at=decision.due_at, anonymous=anonymous, using=using
        )
        link(about, "raised", ref, organisation_id=mine, at=at, anonymous=anonymous, using=using)
        if supersedes is not None:
            link(ref, "supersedes", ref_of(supersedes), organisation_id=mine, at=at, using=using)
        invite_parties(decision, found, using=using)
        invite_seats(decision, found, at, using=using)
        tell_deciders(decision, "decision_yours", decision.opened_at, anonymous=anonymous, using=using)
        leave(
            "record.decision_raised", by=ANONYMOUS if anonymous else by.acting_as(), at=at, organisation_id=mine,
            practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule, about=about, unit=unit.key,
            scheme=found.scheme_version, using=using,
        )  # fmt: skip
        return decision


def write_match(decision: Decision, found: rules.Match, said: Mapping[str, Value]) -> None:
    """Put what the scheme said into the decision's fields."""
    then, holder = found.then, found.holder
    decision.scheme, decision.scheme_version = found.scheme, found.scheme_version
    decision.rule, decision.clause = found.rule, found.clause
    decision.attributes, decision.assumed = dict(found.attributes or said), list(found.assumed)
    decision.subject = str(decision.attributes.get("subject", ""))
    decision.explanation = {
        "said": dict(said), "title": holder.title,
        "narrower": [{"rule": one.rule, "because": one.because} for one in found.narrower],
    }  # fmt: skip
    decision.method, decision.level = then.method, holder.level
    decision.decider_role, decision.deputy_role = holder.role, holder.deputy
    decision.decider_unit, decision.body = holder.unit, holder.body
    decision.quorum = then.quorum or (holder.body.quorum if holder.body else None)
    decision.silence, decision.on_expiry = then.silence, then.on_expiry
    decision.sub_delegation, decision.secret_ballot = then.sub_delegation, then.ballot == "secret"
    decision.consult, decision.inform = list(then.consult), list(then.inform)
    decision.mode, decision.authority_until = found.mode, found.authority_until
    back = found.returns_to
    decision.returns_to = (
        None
        if back is None
        else {**back.holder.kept(), "method": back.then.method, "rule": back.rule, "clause": back.clause}
    )
