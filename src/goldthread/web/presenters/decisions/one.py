"""One decision: the question, whose it is and why, who must be heard, what was said, how it stands."""

from dataclasses import dataclass, field
from typing import Any

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.record.actions.decisions.looking_back import VERDICTS
from goldthread.record.models import Decision
from goldthread.record.models.decisions import TOGETHER
from goldthread.record.queries.decisions import Whole
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.decisions.lists import answer_href
from goldthread.web.presenters.decisions.voices import PartyLine, RoundBlock, party_line, proposal
from goldthread.web.presenters.decisions.why import known, more, why
from goldthread.web.presenters.decisions.words import (
    EFFECTS,
    METHODS,
    last_day,
    outcome_of,
    whose,
)


@dataclass(frozen=True)
class One:
    """The page of one decision. `main` is the one thing to do next: (words, address)."""

    heading: str
    state: str
    why: list[str]
    more: list[str]
    facts: list[tuple[str, str]]
    known: list[tuple[str, str, str]]
    parties: list[PartyLine]
    rounds: list[RoundBlock]
    main: tuple[str, str] | None
    others: list[tuple[str, str]]
    notes: list[str]
    thread_href: str
    history: list[str] = field(default_factory=list)


def one(viewer: Viewer, around: Whole, is_mine: bool, said_for: list[Any]) -> One:
    """Everything the page says of a decision, open or ended."""
    row = around.row
    return One(
        heading=row.question,
        state=_state(viewer, row, is_mine),
        why=why(viewer, around, is_mine),
        more=more(row),
        facts=_facts(row),
        known=known(row),
        parties=[party_line(one, around) for one in around.heard],
        rounds=[proposal(one, around) for one in reversed(around.rounds)],
        main=_main(around, is_mine, said_for),
        others=_others(around, is_mine, viewer),
        notes=_notes(around),
        thread_href=address("thread", practice=row.practice, kind=row.about_kind, object_id=row.about_id),
        history=[
            f"{words.day(local_date(one.at))}: {'what is known of it changed' if one.because == 'facts_changed' else 'temporary authority ended'}; "
            f"scheme line {one.before['rule']} became {one.after['rule']}"
            for one in around.history
        ],
    )


def _state(viewer: Viewer, row: Decision, is_mine: bool) -> str:
    today = local_date(viewer.at)
    if row.state == "open":
        how = "" if row.method == "alone" else f", {METHODS[row.method]}"
        return f"Due {words.until(last_day(row), today)} · " + (
            f"yours to take{how}" if is_mine else f"{whose(row)} decides{how}"
        )
    if row.state == "decided" and row.decided_at is not None:
        by = {"carried": f"{METHODS[row.method]}", "silence": "because nobody objected in time"}
        who = f"by {row.decided_by.name}" if row.decided_by is not None else by[row.decided_as]
        return f"{outcome_of(row)}, on {words.day(local_date(row.decided_at))} {who}"
    return {
        "merged": "Joined to another question",
        "withdrawn": "Withdrawn",
        "lapsed": "Ended without an answer: nobody decided in time",
    }[row.state]


def _facts(row: Decision) -> list[tuple[str, str]]:
    facts = [("Asked", words.day(local_date(row.opened_at))), ("Where", row.unit.name)]
    if row.clause:
        facts.append(("Scheme of delegation", f"{row.clause}, version {row.scheme_version}"))
    if row.passed_up:
        facts.append(
            (
                "Passed up",
                f"{words.plural(row.passed_up, 'time')}, because nobody answered in time or agreement was not found",
            )
        )
    if row.ladder_step:
        facts.append(("Dispute", f"Step {row.ladder_step} of the dispute ladder"))
    if row.authority_until and row.state == "open":
        facts.append(
            (
                "Temporary delegated authority",
                f"ends on {words.moment(row.authority_until)}; then it goes back by itself",
            )
        )
    if row.delegated_to:
        facts.append(("Handed to", row.delegated_to.name))
    if row.at_huddle:
        facts.append(("Huddle", f"For the next huddle of {row.unit.name}"))
    if row.state == "decided" and row.decided_at:
        took = (local_date(row.decided_at) - local_date(row.opened_at)).days
        facts += [("Reason", row.reason), ("It took", words.duration(took) if took else "less than a day")]
    if row.expects:
        facts.append(("Expected", row.expects))
    if row.look_back_on:
        facts.append(("Look back", words.day(row.look_back_on)))
    if row.happened_at:
        facts.append(("What happened", f"{VERDICTS[row.happened_verdict]}. {row.happened}"))
    return facts


def _main(around: Whole, is_mine: bool, said_for: list[Any]) -> tuple[str, str] | None:
    """The one thing to do next on this page."""
    row = around.row
    if row.state == "decided":
        due = row.look_back_on is not None and row.happened_at is None and is_mine
        return ("Look back: what happened?", address("decision_look_back", decision_id=row.id)) if due else None
    if row.state != "open":
        return None
    if said_for:
        return ("Say what you think", address("decision_say", decision_id=row.id, party_id=said_for[0].id))
    if not is_mine:
        return None
    if row.method in TOGETHER:
        if around.rounds and around.rounds[-1].stage != "closed":
            return None
        if around.hearing is None and any(one.party.must and one.party.basis != "profession" for one in around.heard):
            return ("Ask those who must be heard", address("decision_ask", decision_id=row.id))
        return ("Put a proposal", address("decision_propose", decision_id=row.id))
    if around.hearing is None and (row.method == "advice" or any(one.party.must for one in around.heard)):
        return ("Ask those who must be heard", address("decision_ask", decision_id=row.id))
    href = answer_href(row)
    return (
        "Decide",
        href if not href.endswith(f"/decision/{row.id}") else address("decision_decide", decision_id=row.id),
    )


def _others(around: Whole, is_mine: bool, viewer: Viewer) -> list[tuple[str, str]]:
    row = around.row
    found = []
    if row.state == "open" and (is_mine or row.raised_by_id == viewer.person_id):
        found.append(("Add somebody who is touched", address("decision_party", decision_id=row.id)))
        if row.scheme_id is not None:
            found.append(("Correct what is known of it", address("decision_facts", decision_id=row.id)))
    if (
        row.state == "open"
        and is_mine
        and around.hearing is None
        and row.method not in TOGETHER
        and not any(one.party.must for one in around.heard)
    ):
        found.append(("Ask people first", address("decision_ask", decision_id=row.id)))
    return found


def _notes(around: Whole) -> list[str]:
    row, view = around.row, around.view
    notes = []
    if view is not None and view.opened_at is None:
        notes.append(
            f"The decision-maker wrote down their view before hearing, on {words.day(local_date(view.sealed_at))}. It opens when they decide."
        )
    elif view is not None and view.effect in EFFECTS:
        heard = sum(len(one.said) for one in around.heard)
        notes.append(
            f"{words.capital(EFFECTS[view.effect])}: {words.plural(heard, 'voice')} heard after the decision-maker had written down their view."
        )
    unanswered = sum(not said.reply for one in around.heard for said in one.said)
    if row.state == "open" and row.method == "advice" and unanswered:
        notes.append(
            f"{words.capital(words.plural(unanswered, 'voice'))} {'has' if unanswered == 1 else 'have'} no answer yet: everybody who was heard gets one before it is decided."
        )
    if around.recusals:
        notes.append(
            f"{words.capital(words.plural(around.recusals, 'person', 'people'))} stepped back because of an interest."
        )
    if row.supersedes_id and row.supersedes is not None:
        notes.append(f"It takes the place of an earlier decision: {row.supersedes.question}")
    return notes
