"""My decisions: what is mine to take, what is put to me, where I am asked."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.record.models import Decision, Party
from goldthread.record.queries.decisions import AtTheTable
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.decisions.words import METHODS, last_day, why_mine


@dataclass(frozen=True)
class Line:
    """One decision in a list."""

    id: UUID
    question: str
    where: str
    due: str
    late: bool
    why: str
    href: str


@dataclass(frozen=True)
class Mine:
    """The page "My decisions"."""

    heading: str
    lines: list[Line]
    seats: list[Line]
    asked: list[Line]


def mine(viewer: Viewer, rows: list[Decision], seats: list[AtTheTable], asked: list[tuple[Decision, Party]]) -> Mine:
    """Due first, with the reason why each is the viewer's."""
    today = local_date(viewer.at)
    lines = [
        Line(row.id, row.question, row.unit.name, words.until(last_day(row), today), last_day(row) < today,
             why_mine(viewer, row) + (f" Taken {METHODS[row.method]}." if row.method != "alone" else ""), answer_href(row))
        for row in rows
    ]  # fmt: skip
    put = [_seat_line(one, today) for one in seats if not one.answered]
    heard = [_asked_line(row, party, today) for row, party in asked]
    return Mine(_heading(rows, put, heard, today), lines, put, heard)


def _heading(rows: list[Decision], put: list[Line], heard: list[Line], today: object) -> str:
    week = sum(last_day(row) <= today + timedelta(days=7) for row in rows)  # type: ignore[operator]
    if week and len(rows) == 1:
        return "Your one decision is due this week"
    if week:
        return f"{words.capital(words.spelled(week))} of your {words.plural(len(rows), 'decision')} {'is' if week == 1 else 'are'} due this week"
    if rows:
        return f"{words.capital(words.plural(len(rows), 'decision'))} {'waits' if len(rows) == 1 else 'wait'} for you, none due this week"
    if put or heard:
        return f"{words.capital(words.plural(len(put) + len(heard), 'question'))} {'waits' if len(put) + len(heard) == 1 else 'wait'} for your voice"
    return "No decision is waiting for you"


def _seat_line(one: AtTheTable, today: object) -> Line:
    due = local_date(one.due_at - timedelta(seconds=1))
    return Line(one.seat.id, one.question, one.home, words.until(due, today), due < today,  # type: ignore[arg-type, operator]
                f"You speak for {one.seat.label}. Taken {METHODS[one.method]}.", address("seat", seat_id=one.seat.id))  # fmt: skip


def _asked_line(row: Decision, party: Party, today: object) -> Line:
    return Line(row.id, row.question, row.unit.name, words.until(last_day(row), today), False,  # type: ignore[arg-type]
                f"You are asked as: {party.label}.", address("decision_say", decision_id=row.id, party_id=party.id))  # fmt: skip


def answer_href(row: Decision) -> str:
    """Where the question is answered: the practice's own page, else the decision's."""
    if (row.practice, row.kind) == ("voice", "answer_idea") and row.method == "alone":
        return address("idea", idea_id=row.about_id)
    return address("decision", decision_id=row.id)
