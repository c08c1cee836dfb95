"""Ideas in sentences. Nobody anonymous is described by anything but the unit and the week."""

from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.practices.voice.describe import STATES, author_of
from goldthread.practices.voice.models import Answer, Comment, Idea
from goldthread.practices.voice.queries import Listed
from goldthread.record.models import Change
from goldthread.web.charts import svg
from goldthread.web.charts.waiting import AnswerCurve, survival_chart
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.decisions.words import last_day

ANSWERS = {
    "accepted": "Yes, we do it",
    "trial": "We try it",
    "declined": "No",
    "already_done": "It is done already",
    "passed_on": "Passed on to the unit above",
}


@dataclass(frozen=True)
class Line:
    """One idea in a list."""

    href: str
    text: str
    time: str
    late: bool
    state: str
    strong: bool
    where: str
    by: str
    supports: int


@dataclass(frozen=True)
class Listing:
    """The page of ideas."""

    heading: str
    lead: str
    lines: list[Line]


def when(idea: Idea) -> str:
    """The day; for anybody not named, the week and nothing finer."""
    return words.day(idea.raised_on) if idea.identity == "named" else words.week_of(idea.raised_on)


def listing(viewer: Viewer, rows: list[Listed], show: str) -> Listing:
    """Ideas with how long they wait or took."""
    today = local_date(viewer.at)
    lines = []
    for row in rows:
        idea = row.idea
        text = idea.text if len(idea.text) <= 160 else f"{idea.text[:157]}…"
        due = last_day(idea.decision) if idea.decision and idea.state == "open" else None
        late = due is not None and due < today
        time = (
            f"waiting {words.duration(row.days)}"
            if idea.state == "open"
            else f"answered after {words.duration(row.days)}"
        )
        if due is not None:
            time += f", due {words.until(due, today)}" if not late else f", {words.until(due, today)}"
        state = "being tried" if idea.state == "open" and idea.trying_since else STATES[idea.state]
        lines.append(Line(address("idea", idea_id=idea.id), text, time, late, state, idea.state in ("accepted", "trial"),
                          idea.unit.name, author_of(idea), row.supports))  # fmt: skip
    if show == "open":
        heading = (
            "No idea is waiting for an answer"
            if not rows
            else f"{words.capital(words.plural(len(rows), 'idea'))} {'waits' if len(rows) == 1 else 'wait'} for an answer"
        )
        longest = max((row.days for row in rows), default=0)
        lead = f"The longest has waited {words.duration(longest)}." if rows else ""
        if any(line.late for line in lines):
            lead += f" {words.capital(words.plural(sum(line.late for line in lines), 'idea'))} past the day by which an answer was due."
        return Listing(heading, lead, lines)
    done = sum(row.idea.state in ("accepted", "trial") for row in rows)
    heading = (
        f"{words.capital(words.plural(len(rows), 'idea'))} answered, {done} of them taken up"
        if rows
        else "No idea has been answered yet"
    )
    return Listing(heading, "", lines)


@dataclass(frozen=True)
class Waited:
    """The waiting-time chart with its sentence."""

    takeaway: str
    chart: Markup
    words: str


def waited(curve: object | None) -> Waited | None:
    """How long answers take, those still waiting counted; None while there are fewer than five ideas."""
    if curve is None or curve.n < 5:  # type: ignore[attr-defined]
        return None
    share = curve.by(28)  # type: ignore[attr-defined]
    known = (
        "not known yet"
        if share is None
        else f"about {round(100 * share.value)} in 100 (between {round(100 * share.lower)} and {round(100 * share.upper)})"
    )
    takeaway = f"Answered within 28 days: {known}"
    drawn = AnswerCurve.of("Ideas", curve)  # type: ignore[arg-type]
    chart = svg.responsive(
        lambda identity, compact: survival_chart(takeaway, [drawn], id=identity, promise=14, compact=compact), "waiting"
    )
    return Waited(takeaway, chart, f"{curve.n} ideas of the last year, {curve.n_open} still waiting and counted.")  # type: ignore[attr-defined]


@dataclass(frozen=True)
class SaidAnswer:
    """An answer as people read it."""

    state: str
    who: str
    when: str
    reason: str


@dataclass(frozen=True)
class SaidComment:
    """A comment as people read it."""

    who: str
    when: str
    text: str


@dataclass(frozen=True)
class PlannedChange:
    """A change as people read it."""

    id: UUID
    title: str
    state: str


@dataclass(frozen=True)
class One:
    """The page of one idea."""

    id: UUID
    heading: str
    state: str
    where: str
    text: str
    by: str
    when: str
    supports: int
    answers: list[SaidAnswer]
    changes: list[PlannedChange]
    comments: list[SaidComment]


def one(
    viewer: Viewer, idea: Idea, supports: int, answers: list[Answer], changes: list[Change], comments: list[Comment]
) -> One:
    """One idea with its answers, what it changed and what was said."""
    today = local_date(viewer.at)
    heading = {
        "open": "Waiting for an answer",
        "accepted": "Yes: it is being done",
        "trial": "It is being tried",
        "declined": "Not this time",
        "already_done": "It is done already",
        "passed_on": "Passed on",
        "merged": "Joined to the same idea of somebody else",
        "withdrawn": "Taken back",
    }[idea.state]
    state = ""
    if idea.state == "open" and idea.decision:
        state = f"{words.capital(idea.decision.decider_unit.name)}'s manager answers, due {words.until(last_day(idea.decision), today)}."
        if idea.decision.passed_up:
            state += " Nobody answered in time below, so it came up."
        if idea.trying_since:
            state += f" The team has been trying it since {words.day(idea.trying_since)}."
    return One(
        id=idea.id,
        heading=heading,
        state=state,
        where=idea.unit.name,
        text=idea.text,
        by=words.capital(author_of(idea)),
        when=when(idea),
        supports=supports,
        answers=[SaidAnswer(ANSWERS[row.state], row.by.name, words.day(row.at), row.reason) for row in answers],
        changes=[
            PlannedChange(row.id, row.title, f"live since {words.day(row.live_on)}" if row.live_on else "planned")
            for row in changes
        ],
        comments=[SaidComment(row.person.name, words.ago(row.at, viewer.at), row.text) for row in comments],
    )
