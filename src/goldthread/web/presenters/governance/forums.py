"""How forums and meetings read."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from goldthread.practices.governance import queries
from goldthread.practices.governance.models import (
    Meeting,
)
from goldthread.record.models import BodySeat, Decision
from goldthread.record.practice import practice_named
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.governance.common import PLACES, RIGHTS, WHY, Line


def forums_heading(found: Sequence[queries.Forum]) -> str:
    """What waits for the forums."""
    if not found:
        return "There is no forum yet"
    waiting = sum(len(one.waiting) for one in found)
    if not waiting:
        return "Nothing waits for a forum now"
    return f"{words.capital(words.plural(waiting, 'decision'))} {'waits' if waiting == 1 else 'wait'} for a forum"


def forum_line(one: queries.Forum, today: date) -> Line:
    """A forum in the list."""
    meets = f"meets {words.until(one.next_meeting.on, today)}" if one.next_meeting else "no meeting planned"
    empty = f" · {words.plural(len(one.vacant), 'profession')} without a seat" if one.vacant else ""
    return Line(one.body.title, address("forum", body_id=one.body.id), meets,
                f"{RIGHTS[one.body.rights]} · {words.plural(len(one.seats), 'seat')}{empty}", tag=f"{len(one.waiting)} waiting" if one.waiting else "")  # fmt: skip


def seat_line(seat: BodySeat) -> tuple[str, str, str, str]:
    """Who sits, as what, for which profession and organisation."""
    name = seat.person.name if seat.person else seat.partner.name if seat.partner else ""
    return name, PLACES[seat.place], seat.profession or "–", seat.represents or ("Partner" if seat.partner_id else "–")


def needed_line(one: queries.Needed, today: date) -> Line:
    """A decision that needs a forum."""
    due = one.decision.due_at.date()
    return Line(one.decision.question, address("decision", decision_id=one.decision.id), f"due {words.until(due, today)}" if due >= today else words.until(due, today),
                f"{WHY[one.why]} · {one.decision.unit.name}", late=due < today)  # fmt: skip


def meeting_line(one: Meeting, today: date) -> Line:
    """A meeting in a list."""
    when = {"planned": words.until(one.on, today), "held": "held", "cancelled": "called off"}[one.state]
    return Line(words.weekday(one.on), address("meeting", meeting_id=one.id), when, one.place)


def meeting_heading(one: Meeting, found: Sequence[queries.Minute], today: date) -> str:
    """What the meeting has to do, or what it did."""
    count = words.plural(len(found), "decision")
    if one.state == "cancelled":
        return "This meeting was called off"
    if one.state == "planned":
        return f"{words.capital(count)} on the agenda" if found else "Nothing needs this meeting yet"
    decided = sum(row.decided_there for row in found)
    return f"{words.capital(words.plural(decided, 'decision'))} taken on the day, of {len(found)} on the agenda"


def outcome_of(decision: Decision) -> str:
    """The outcome in the words of the practice that asked."""
    if decision.state != "decided":
        return {
            "open": "open",
            "withdrawn": "taken back",
            "merged": "joined to another question",
            "lapsed": "ended without an answer",
        }[decision.state]
    return (
        practice_named(decision.practice).decision_kind(decision.kind).outcomes.get(decision.outcome, decision.outcome)
    )


def minute(row: queries.Minute) -> dict[str, Any]:
    """One item of the agenda or the minutes."""
    one = row.decision
    facts = []
    if one.state == "decided":
        who = (
            one.decided_by.name
            if one.decided_by
            else one.body.title
            if one.body
            else "everybody who decides it together"
        )
        facts = [
            ("Why", one.reason),
            (
                "By",
                f"{who}, {words.day(one.decided_at)}{'' if row.decided_there else ' (not on the day of the meeting)'}",
            ),
        ]
        if one.expects:
            facts.append(("Expected", one.expects))
    return {"id": row.item.id, "question": one.question, "href": address("decision", decision_id=one.id), "outcome": outcome_of(one),
            "why": WHY[row.item.why], "facts": facts, "note": row.item.note, "due": f"due {words.day(one.due_at)}" if one.state == "open" else ""}  # fmt: skip
