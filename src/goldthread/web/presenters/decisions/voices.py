"""Who is touched by a decision and what they said; proposals, and what each seat says to them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.record.actions.hearings import STANCES
from goldthread.record.queries.decisions import Heard, Whole
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.decisions.words import POSITIONS, RESULTS, outcome_of


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


def party_line(one: Heard, around: Whole) -> PartyLine:
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


def proposal(one: Any, around: Whole) -> RoundBlock:
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
