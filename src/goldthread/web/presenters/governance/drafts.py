"""How drafts read: clauses, where their words came from, comments and answers."""

from collections.abc import Sequence
from typing import Any

from goldthread.practices.governance import queries
from goldthread.practices.governance.describe import DRAFT_STATES
from goldthread.practices.governance.models import (
    ClauseVersion,
    Comment,
)
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.governance.common import COMMENT_KINDS, OUTCOMES, Line


def draft_line(one: queries.DraftLine) -> Line:
    """A draft in the list."""
    row = one.draft
    waiting = f" · {words.plural(one.waiting, 'comment')} without an answer" if one.waiting else ""
    return Line(row.title, address("draft", draft_id=row.id), DRAFT_STATES[row.state] if not out(row) else "waits for its decision",
                f"{row.unit.name} · {row.owner.name} holds the pen{waiting}", late=bool(one.waiting))  # fmt: skip


def out(draft: Any) -> bool:
    """Whether the draft waits for its decision."""
    return draft.decision is not None and draft.decision.state == "open"


def drafts_heading(found: Sequence[queries.DraftLine]) -> str:
    """What is being written, and what waits."""
    open_ = [one for one in found if one.draft.state in ("drafting", "consulting")]
    waiting = sum(one.waiting for one in open_)
    if waiting:
        return f"{words.capital(words.plural(waiting, 'comment'))} on drafts {'has' if waiting == 1 else 'have'} no answer yet"
    return (
        f"{words.capital(words.plural(len(open_), 'draft'))} being written, every comment answered"
        if open_
        else "Nothing is being written now"
    )


def draft_heading(draft: Any, clauses: Sequence[queries.ClauseRead]) -> str:
    """How far the draft is."""
    waiting, total = sum(one.waiting for one in clauses), sum(len(one.comments) for one in clauses)
    if out(draft):
        return f"“{draft.title}” waits for its decision"
    if draft.state == "adopted":
        return f"“{draft.title}” was adopted on {words.day(draft.adopted_on)}"
    if draft.state == "withdrawn":
        return f"“{draft.title}” is not taken further"
    if waiting:
        return f"“{draft.title}”: {words.plural(waiting, 'comment')} without an answer"
    if total:
        return f"“{draft.title}”: every comment has its answer"
    return f"“{draft.title}” is {DRAFT_STATES[draft.state]}"


def bound_name(one: Any) -> str:
    """One of those a draft binds."""
    if one.unit is not None:
        return f"{one.unit.name} and below"
    return str(one.body.title if one.body is not None else one.partner.name)


def who_said(one: Comment) -> str:
    """Who made a comment."""
    return one.person.name if one.person else f"{one.partner.name}, partner" if one.partner else ""


def clause(one: queries.ClauseRead) -> dict[str, Any]:
    """A clause with its words, where they came from and what is said about it."""
    return {
        "id": one.clause.id, "position": one.clause.position, "text": one.now.text, "gone": not one.now.text,
        "from": provenance(one.now), "waiting": one.waiting, "count": len(one.comments),
        "versions": [{"number": row.number, "text": row.text, "from": provenance(row)} for row in reversed(one.versions)],
        "comments": [comment(row, one.now.number) for row in one.comments],
    }  # fmt: skip


def provenance(row: ClauseVersion) -> str:
    """Where the words of a version came from, in one sentence."""
    written = f"Version {row.number}, {row.written_by.name}, {words.day(row.at)}"
    if row.from_comment is not None:
        written += f", after a comment by {who_said(row.from_comment)}"
    return f"{written}. {row.because}" if row.because else f"{written}."


def comment(row: Comment, now: int) -> dict[str, Any]:
    """A comment and its answer."""
    older = f" on version {row.version.number}" if row.version.number != now else ""
    return {
        "id": row.id, "kind": COMMENT_KINDS[row.kind], "text": row.text, "who": f"{who_said(row)}, {words.day(row.at)}{older}",
        "outcome": OUTCOMES.get(row.outcome, ""), "answer": row.answer,
        "answered": f"{row.answered_by.name}, {words.day(row.answered_at)}" if row.answered_by else "",
    }  # fmt: skip
