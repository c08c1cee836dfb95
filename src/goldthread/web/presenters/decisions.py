"""Decisions in sentences: why they are mine, how long there is, what became of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.organisation.roles import ROLES
from goldthread.record.models import Decision
from goldthread.record.practice import practice_named
from goldthread.web.kit import words
from goldthread.web.kit.templates import address


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


@dataclass(frozen=True)
class One:
    """The page of one decision."""

    heading: str
    state: str
    why: str
    facts: list[tuple[str, str]]
    answer_href: str
    thread_href: str


def mine(viewer: Viewer, rows: list[Decision]) -> Mine:
    """Due first, with the reason why each is the viewer's."""
    today = local_date(viewer.at)
    lines = [
        Line(
            row.id,
            row.question,
            row.unit.name,
            words.until(last_day(row), today),
            last_day(row) < today,
            why(viewer, row),
            _answer(row),
        )
        for row in rows
    ]
    week = sum(last_day(row) <= today + timedelta(days=7) for row in rows)
    if not rows:
        heading = "No decision is waiting for you"
    elif week:
        heading = f"{words.capital(words.spelled(week))} of your {words.plural(len(rows), 'decision')} {'is' if week == 1 else 'are'} due this week"
    else:
        heading = f"{words.capital(words.plural(len(rows), 'decision'))} {'waits' if len(rows) == 1 else 'wait'} for you, none due this week"
    return Mine(heading, lines)


def last_day(row: Decision) -> date:
    """The calendar day at whose end it is due."""
    return local_date(row.due_at - timedelta(seconds=1))


def why(viewer: Viewer, row: Decision) -> str:
    """Why it is the viewer's: the role, the deputy, the hand-over; and whether it came up from below."""
    if row.delegated_to_id == viewer.person_id:
        return f"It was handed to you by {row.decider_unit.name}'s {ROLES[row.decider_role].title.lower()}."
    roles = {held.role for held in viewer.held if held.unit_key == row.decider_unit_id}
    as_deputy = row.decider_role not in roles and row.deputy_role in roles
    base = f"You are {'deputy' if as_deputy else ROLES[row.decider_role].title.lower()} of {row.decider_unit.name}."
    if row.passed_up:
        base += f" It was not answered in time in {row.unit.name} and came to you."
    return base


def one(viewer: Viewer, row: Decision, is_mine: bool) -> One:
    """The facts of one decision, open or ended."""
    today = local_date(viewer.at)
    who = f"the {ROLES[row.decider_role].title.lower()} of {row.decider_unit.name}"
    if row.state == "open":
        state = f"Due {words.until(last_day(row), today)} · " + ("yours to take" if is_mine else f"{who} decides")
    elif row.state == "decided":
        outcome = practice_named(row.practice).decision_kind(row.kind).outcomes.get(row.outcome, row.outcome)
        state = f"{outcome} on {words.day(row.decided_at)} by {row.decided_by.name}"  # type: ignore[union-attr]
    else:
        state = {"merged": "Joined to another question", "withdrawn": "Withdrawn"}[row.state]
    reason = (
        f"{words.capital(who)} decides alone what is asked in {row.unit.name}, or the deputy. Nobody has adopted a scheme of delegation "
        "here yet, so this is the one rule that applies; after fourteen days the question goes to the unit above."
    )
    facts = [("Asked", words.day(row.opened_at)), ("Where", row.unit.name)]
    if row.passed_up:
        facts.append(("Passed up", f"{words.plural(row.passed_up, 'time')}, because nobody answered in fourteen days"))
    if row.delegated_to:
        facts.append(("Handed to", row.delegated_to.name))
    if row.at_huddle:
        facts.append(("Huddle", f"For the next huddle of {row.unit.name}"))
    if row.state == "decided":
        took = (local_date(row.decided_at) - local_date(row.opened_at)).days  # type: ignore[arg-type]
        facts += [("Reason", row.reason), ("It took", words.duration(took) if took else "less than a day")]
        if row.expects:
            facts.append(("Expected", row.expects))
        if row.look_back_on:
            facts.append(("Look back", words.day(row.look_back_on)))
    return One(row.question, state, reason, facts, _answer(row) if is_mine else "",
               address("thread", practice=row.practice, kind=row.about_kind, object_id=row.about_id))  # fmt: skip


def _answer(row: Decision) -> str:
    """Where the question is answered: the practice's own page, else the decision's."""
    if (row.practice, row.kind) == ("voice", "answer_idea"):
        return address("idea", idea_id=row.about_id)
    return address("decision", decision_id=row.id)
