"""One decision: the question, whose it is and why, who must be heard, what was said, how it stands."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.methods import rights
from goldthread.methods.rights.phrases import label, value_in_words
from goldthread.methods.rights.words import name_in_words
from goldthread.organisation.access import Viewer
from goldthread.record.actions.decisions.looking_back import VERDICTS
from goldthread.record.actions.hearings import STANCES
from goldthread.record.models import Decision
from goldthread.record.models.decisions import TOGETHER
from goldthread.record.queries.decisions import Heard, Whole
from goldthread.record.rules import policy_of
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.decisions.lists import answer_href
from goldthread.web.presenters.decisions.words import (
    EFFECTS,
    METHODS,
    POSITIONS,
    RESULTS,
    SILENCE,
    last_day,
    outcome_of,
    rule_words,
    whose,
    why_mine,
)


@dataclass(frozen=True)
class Said:
    """What one person or partner said, and the answer."""

    id: UUID
    who: str
    stance: str
    text: str
    when: str
    reply: str


@dataclass(frozen=True)
class PartyLine:
    """Somebody who is touched or must be asked."""

    label: str
    state: str
    must: bool
    about: list[tuple[str, str]]
    said: list[Said]
    link_href: str = ""


@dataclass(frozen=True)
class SeatLine:
    """A seat at the table and what it says to the proposal before it."""

    label: str
    organisation: str
    says: str
    reason: str
    integrated: str
    counts: bool
    link_href: str = ""


@dataclass(frozen=True)
class RoundBlock:
    """One proposal: its frozen text and what came of it."""

    id: UUID
    heading: str
    text: str
    reason: str
    state: str
    seats: list[SeatLine]
    questions: list[tuple[UUID, str, str]]
    open: bool
    stage: str
    tally: str


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
        why=_why(viewer, around, is_mine),
        more=_more(row),
        facts=_facts(row),
        known=_known(row),
        parties=[_party(one, around) for one in around.heard],
        rounds=[_round(one, around) for one in reversed(around.rounds)],
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


def _why(viewer: Viewer, around: Whole, is_mine: bool) -> list[str]:
    """Whose it is in a line or two: the role, the clause with what counted, and where the border to somebody else lies."""
    row = around.row
    found = [why_mine(viewer, row)] if is_mine else []
    if row.scheme is None:
        return [*found, rule_words(row)]
    policy = policy_of(row.scheme)
    rule = next((one for one in policy.rules if one.id == row.rule), None)
    if rule is not None:
        counted = [
            _counted(policy.attributes[name], row)
            for name in policy.attributes
            if name in rule.when and name in row.attributes
        ]
        found.append(
            f"Scheme of delegation {row.clause or row.rule}: {words.lower_first(rule.title) if rule.title else ''} ({' · '.join(counted)})."
        )
        found += _borders(policy, rule, row)
    if row.state == "open":
        found.append(SILENCE[row.silence])
    return found


def _counted(attribute: rights.Attribute, row: Decision) -> str:
    """A fact that counted, short: "£0", "one ward or team", but "risk to patients or staff: low"."""
    said = value_in_words(attribute, row.attributes[attribute.name])
    plain = attribute.unit or str(row.attributes[attribute.name]) in attribute.words
    return said if plain else f"{label(attribute)}: {said}"


def _borders(policy: rights.Policy, rule: rights.Rule, row: Decision) -> list[str]:
    """What would make it somebody else's: one more than each upper limit in whole numbers."""
    said = []
    for name, condition in rule.when.items():
        high = condition.high if isinstance(condition, rights.Numbers) else None
        attribute = policy.attributes[name]
        if high is None or (attribute.high is not None and high >= attribute.high):
            continue
        try:
            other = rights.explain(policy, {**row.attributes, name: high + 1}).rule
        except (rights.ChangeProblem, rights.NobodyDecides):
            continue
        if other.then.decider != rule.then.decider:
            said.append(
                f"If {label(attribute)} were {value_in_words(attribute, high + 1)}, it would be for {name_in_words(policy, other.then.decider)}."
            )
    return said[:1]


def _more(row: Decision) -> list[str]:
    """The line of the scheme in full, what was assumed, and why the line before it does not apply."""
    if row.scheme is None:
        return []
    policy = policy_of(row.scheme)
    found = [rule_words(row)]
    if row.assumed:
        names = [
            f"{label(policy.attributes[name])} ({value_in_words(policy.attributes[name], row.attributes[name])})"
            for name in row.assumed
            if name in policy.attributes
        ]
        found.append(f"Nobody said otherwise, so this was taken as given: {words.listed(names)}.")
    near = next((one for one in reversed(row.explanation.get("narrower", [])) if one["because"]), None)
    if near is not None:
        found.append(f"The line before it in the scheme ({near['rule']}) does not apply: {near['because']}.")
    return found


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


def _known(row: Decision) -> list[tuple[str, str, str]]:
    """The facts the scheme asked for: what, how much, and where it comes from."""
    if row.scheme is None:
        return []
    policy = policy_of(row.scheme)
    found = []
    for name, value in row.attributes.items():
        attribute = policy.attributes.get(name)
        if attribute is None or (name in row.assumed and name not in ("cost", "risk")):
            continue
        said = row.explanation.get("said", {}).get(name)
        source = "assumed" if name in row.assumed else "worked out" if said != value else ""
        if attribute.derived == "cost_12_months" and isinstance(said, int) and said != value:
            source = f"{value_in_words(attribute, said)} now, the rest asked or agreed for the same in the last twelve months"
        found.append((words.capital(label(attribute)), value_in_words(attribute, value), source))
    return found


def _party(one: Heard, around: Whole) -> PartyLine:
    party = one.party
    if one.said:
        many = party.who in ("unit", "body", "profession") and party.asked_of
        state = f"{len(one.said)} of {party.asked_of} heard" if many else "heard"
    elif party.basis == "profession" and any(
        group.startswith(party.profession.replace("_", " ").lower()) for group in around.seated_groups
    ):
        state = "has a seat at the table"
    elif party.asked_at:
        state = (
            "asked, not heard yet"
            if around.hearing and around.hearing.closed_at is None
            else "asked, and did not answer"
        )
    else:
        state = "not asked yet"
    about = [
        (name, text)
        for name, text in (
            ("Interest", party.interest),
            ("Concern", party.concern),
            ("What would settle it", party.would_settle),
        )
        if text
    ]
    said = [
        Said(row.id, row.said_by.name if row.said_by else row.partner.name if row.partner else "", STANCES[row.stance], row.text,
             words.day(local_date(row.said_at)), row.reply)
        for row in one.said
    ]  # fmt: skip
    open_to_partner = (
        party.partner_id is not None and around.row.state == "open" and around.hearing is not None and not one.said
    )
    link = (
        address("decision_partner_link", decision_id=around.row.id, kind="party", object_id=party.id)
        if open_to_partner
        else ""
    )
    return PartyLine(party.label, state, party.must, about, said, link)


def _round(one: Any, around: Whole) -> RoundBlock:
    row = around.row
    seats = [line for line in around.table if line["step"] == row.ladder_step or line["round_id"] == one.id]
    lines, seen = [], set()
    for line in seats:
        if line["seat_id"] in seen and line["round_id"] != one.id:
            continue
        seen.add(line["seat_id"])
        here = line["round_id"] == one.id
        said = POSITIONS.get(str(line["said"]), "Has voted" if here and row.secret_ballot else "") if here else ""
        idle = {"recused": "Has stepped back", "left": "Not at the table any more"}.get(
            str(line["state"]), "Has not answered"
        )
        link = (
            address("decision_partner_link", decision_id=row.id, kind="seat", object_id=line["seat_id"])
            if line["seat_id"] in around.partner_seats
            else ""
        )
        lines.append(SeatLine(str(line["label"]), str(line["organisation"]), said or idle, str(line["reason"] or "") if here else "",
                              str(line["integrated"] or "") if here else "", bool(line["active"]), "" if said else link))  # fmt: skip
    if row.secret_ballot and one.stage != "closed":
        lines = []  # who has voted is shown after the close only
    result = RESULTS.get(one.result, "")
    state = f"{words.capital(result)}" if one.stage == "closed" else (
        "Questions first, then positions" if one.stage == "clarify" else f"Positions until {words.moment(one.closes_at)}")  # fmt: skip
    counts = around.ballots.get(one.id)
    tally = (
        f"{counts['for']} for, {counts['against']} against, {counts['abstain']} abstained (secret ballot)"
        if counts
        else ""
    )
    return RoundBlock(one.id, f"Proposal {one.number}: {outcome_of(row, one.outcome)}", one.text, one.reason, state, lines,
                      [(ask.id, ask.question, ask.answer) for ask in around.clarifications if ask.round_id == one.id],
                      one.stage != "closed", one.stage, tally)  # fmt: skip


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
