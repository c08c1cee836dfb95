"""A seat at the table of a decision that is taken together, as its holder sees it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.record.models import Seat
from goldthread.record.practice import practice_named
from goldthread.web.kit import words
from goldthread.web.presenters.decisions.voices import SeatLine
from goldthread.web.presenters.decisions.words import METHODS, POSITIONS


@dataclass(frozen=True)
class AtSeat:
    """The page of a seat."""

    heading: str
    state: str
    context: str
    label: str
    proposal: str
    proposal_says: str
    proposal_reason: str
    stage: str
    my_position: str
    table: list[SeatLine]
    open: bool


def seat(viewer: Viewer, row: Seat, shared: dict[str, Any] | None, table: list[dict[str, Any]]) -> AtSeat:
    """What is proposed, who else sits there, what they say, and what this seat has said."""
    if shared is None:
        return AtSeat("This seat is not at a table any more", "", "", row.label, "", "", "", "", "", [], False)
    now = shared["round_id"] if shared["round_stage"] not in (None, "closed") else None
    lines: list[SeatLine] = []
    mine = ""
    for one in table:
        if one["step"] != row.step or (
            one["round_id"] not in (None, now) and now is not None and _answered(table, one, now)
        ):
            continue
        here = now is not None and one["round_id"] == now
        says = POSITIONS.get(str(one["said"]), "") if here else ""
        if one["seat_id"] == row.id and here:
            mine = says or "Has voted"
        idle = {"recused": "Has stepped back", "left": "Not at the table any more"}.get(
            one["state"], "Has not answered"
        )
        line = SeatLine(
            one["label"], one["organisation"], says or idle, (one["reason"] or "") if here else "", "", one["active"]
        )
        if all(line.label != other.label for other in lines):
            lines.append(line)
    outcomes = practice_named(shared["practice"]).decision_kind(shared["kind"]).outcomes
    return AtSeat(shared["question"], _state(viewer, shared, outcomes), shared["context"], row.label, shared["round_text"] if now else "",
                  outcomes.get(shared["round_outcome"] or "", ""), shared["round_reason"] if now else "", shared["round_stage"] or "", mine, lines,
                  shared["state"] == "open" and now is not None)  # fmt: skip


def _answered(table: list[dict[str, Any]], one: dict[str, Any], now: object) -> bool:
    return any(other["seat_id"] == one["seat_id"] and other["round_id"] == now for other in table)


def _state(viewer: Viewer, shared: dict[str, Any], outcomes: dict[str, str]) -> str:
    if shared["state"] == "decided":
        return f"Decided on {words.day(local_date(shared['decided_at']))}: {outcomes.get(shared['outcome'], shared['outcome'])}"
    if shared["state"] != "open":
        return "This question has ended without a decision"
    due = local_date(shared["due_at"] - timedelta(seconds=1))
    return f"Asked by {shared['organisation']} · taken {METHODS[shared['method']]} · due {words.until(due, local_date(viewer.at))}"
