"""Answering an idea: one outcome with a reason, what will change, and telling everybody who asked."""

from datetime import date, datetime

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import Actor, leave
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.practices.voice.actions.ideas import ref_of
from goldthread.practices.voice.models import Answer, Idea, Support
from goldthread.record import rules
from goldthread.record.actions import changes, decisions
from goldthread.record.actions.links import link
from goldthread.record.actions.notices import tell
from goldthread.record.errors import Invalid
from goldthread.record.models import Change, Decision

#: The reasons people may choose from; the words beside them are always their own.
REASONS = {
    "do_it": "It makes things better",
    "evidence": "What we know speaks for or against it",
    "cost": "Money or people",
    "safety": "Safety",
    "law": "Law or a national rule",
    "elsewhere": "Somebody else decides it",
    "in_place": "It is there already",
    "other": "Another reason",
}


@transaction.atomic
def answer_idea(
    *, by: Viewer, at: datetime, idea: Idea, outcome: str, reason: str, reason_code: str, expects: str = "",
    look_back_on: date | None = None, change: str = "", owner: Person | None = None, planned_on: date | None = None,
) -> Idea:  # fmt: skip
    """Give the answer: accepted, trial, declined, already done or passed on, with a reason in words.

    An accepted or tried idea names what will change (`change`) and who owns it (default: who answers). One that is passed on opens
    the same question at the unit above.
    """
    if reason_code not in REASONS:
        raise Invalid("reason_code", "Choose the kind of reason.")
    if outcome in ("accepted", "trial") and not change.strip():
        raise Invalid(
            "change", "Say in a few words what will be done differently, so that people can see whether it happened."
        )
    if idea.decision is None or idea.state != "open":
        raise Invalid("outcome", "This idea has been answered already.")
    if (
        outcome == "passed_on"
        and rules.above(idea.decision.decider_unit, local_date(at)).key == idea.decision.decider_unit_id
    ):
        raise Invalid("outcome", "There is nobody above to pass it to: it is yours to answer.")
    decision = decisions.decide(
        by=by, at=at, decision=idea.decision, outcome=outcome, reason=reason, reason_code=reason_code, expects=expects,
        look_back_on=look_back_on,
    )  # fmt: skip
    if outcome in ("accepted", "trial"):
        plan_from_answer(by=by, at=at, decision=decision, title=change, owner=owner, planned_on=planned_on)
    if outcome == "passed_on":
        pass_on(by=by, at=at, idea=idea)
    idea.refresh_from_db()
    return idea


def on_decided(decision: Decision) -> None:
    """The decision is taken: the idea takes its state, the answer is kept, and everybody who asked is told. Same transaction."""
    at = decision.decided_at
    if at is None or decision.about_kind != "idea":
        return
    idea = Idea.objects.select_for_update().get(id=decision.about_id)
    Answer.objects.create(
        organisation_id=decision.organisation_id, idea=idea, decision=decision, state=decision.outcome,
        reason_code=decision.reason_code or "other", reason=decision.reason, by_id=decision.decided_by_id, at=at,
    )  # fmt: skip
    idea.state, idea.answered_on = decision.outcome, local_date(at)
    idea.save(update_fields=["state", "answered_on"])
    merged = list(Idea.objects.filter(merged_into=idea, state="merged"))
    for one in (idea, *merged):
        tell_author(one, kind="idea_answered", at=at, once=str(decision.id))
        for person_id in Support.objects.filter(idea=one).values_list("person_id", flat=True):
            tell(organisation_id=one.organisation_id, person_id=person_id, about=ref_of(one), kind="idea_you_support_answered",
                 at=at, once=str(decision.id))  # fmt: skip
    leave("voice.idea_answered", by=Actor("person", decision.decided_by_id, decision.decided_as), at=at,
          organisation_id=decision.organisation_id, practice="voice", object_kind="idea", object_id=idea.id,
          rule=decision.rule, outcome=decision.outcome)  # fmt: skip


def tell_author(idea: Idea, *, kind: str, at: datetime, once: str = "") -> None:
    """Tell the author: by name, or through the outbox where the name is kept; an anonymous author looks with the code."""
    if idea.identity != "anonymous":
        tell(
            organisation_id=idea.organisation_id,
            person_id=idea.author_id,
            about=ref_of(idea),
            kind=kind,
            at=at,
            once=once,
        )


@transaction.atomic
def plan_from_answer(
    *,
    by: Viewer,
    at: datetime,
    decision: Decision,
    title: str,
    owner: Person | None = None,
    planned_on: date | None = None,
) -> Change:
    """Plan what an accepted idea changes."""
    who = owner or Person.objects.get(organisation_id=by.organisation_id, id=by.person_id)
    made = changes.plan_change(by=by, at=at, decision=decision, title=title, owner=who, planned_on=planned_on)
    leave("voice.change_planned", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="idea", object_id=decision.about_id, change=made.id)  # fmt: skip
    return made


@transaction.atomic
def pass_on(*, by: Viewer, at: datetime, idea: Idea) -> Decision:
    """Ask the unit above the same question. The idea is open again, and waits with its first day."""
    idea = Idea.objects.select_for_update(of=("self",)).select_related("unit", "decision__decider_unit").get(id=idea.id)
    above: Unit = rules.above(idea.decision.decider_unit, local_date(at))  # type: ignore[union-attr]
    question = idea.decision.question if idea.decision else idea.text[:120]
    idea.decision = decisions.raise_decision(
        by=by,
        at=at,
        kind="answer_idea",
        about=ref_of(idea),
        unit=above,
        question=question,
        anonymous=idea.identity == "anonymous",
    )
    idea.state, idea.answered_on = "open", None
    idea.save(update_fields=["decision", "state", "answered_on"])
    leave("voice.idea_passed_on", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="idea", object_id=idea.id, to=above.key)  # fmt: skip
    return idea.decision


@transaction.atomic
def merge_ideas(*, by: Viewer, at: datetime, idea: Idea, into: Idea) -> Idea:
    """Two people had the same idea: one question, one answer, and both authors hear it."""
    idea = Idea.objects.select_related("decision", "unit").get(id=idea.id)
    into = Idea.objects.select_related("decision", "unit").get(id=into.id)
    if (
        idea.id == into.id
        or into.state != "open"
        or idea.state != "open"
        or idea.decision is None
        or into.decision is None
    ):
        raise Invalid("into", "Choose another idea that is still waiting for an answer.")
    if into.unit_id not in tree.subtree_keys(idea.decision.decider_unit) and into.unit_id != idea.unit_id:
        raise Invalid("into", "Choose an idea of the same unit or one below it.")
    decisions.merge(by=by, at=at, decision=idea.decision, into=into.decision)
    idea.state, idea.answered_on, idea.merged_into = "merged", local_date(at), into
    idea.save(update_fields=["state", "answered_on", "merged_into"])
    link(ref_of(idea), "joins", ref_of(into), organisation_id=by.organisation_id, at=at)
    tell_author(idea, kind="idea_merged", at=at)
    tell_author(into, kind="idea_joined", at=at, once=str(idea.id))
    leave("voice.idea_merged", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="idea", object_id=idea.id, into=into.id)  # fmt: skip
    return idea
