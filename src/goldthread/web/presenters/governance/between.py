"""How promises, briefs and the public page read."""

from collections.abc import Sequence
from datetime import date

from goldthread.practices.governance import queries
from goldthread.practices.governance.models import (
    BriefReceived,
    BriefShared,
    BriefUnderstood,
    Matter,
    PartnerBrief,
    Pledge,
    PledgeReceived,
)
from goldthread.practices.governance.practice import PRACTICE
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.governance.common import Line


def pledge_line(row: Pledge, today: date) -> Line:
    """A promise we gave."""
    to = row.to_organisation or row.to_partner
    late = row.state == "promised" and row.due_on < today
    return Line(
        row.text,
        address("pledge", pledge_id=row.id),
        pledge_state(row, today),
        f"to {to.name if to else ''} · {row.unit.name}{' · on the public page' if row.public else ''}",
        late=late,
    )


def received_line(row: PledgeReceived, today: date) -> Line:
    """A promise we were given."""
    return Line(row.text, address("pledge_received", received_id=row.id), pledge_state(row, today), f"from {row.from_organisation.name}",
                late=row.confirmed is None and (row.state == "kept" or (row.state == "promised" and row.due_on < today)))  # fmt: skip


def pledge_state(row: Pledge | PledgeReceived, today: date) -> str:
    """How a promise stands."""
    if row.confirmed:
        return "kept and confirmed"
    if row.state == "kept":
        return "said to be kept, not confirmed yet"
    if row.state == "promised":
        return f"due {words.until(row.due_on, today)}" if row.due_on >= today else words.until(row.due_on, today)
    return "not kept" if row.state == "not_kept" else "taken back"


def pledges_heading(given: Sequence[Pledge], received: Sequence[PledgeReceived], today: date) -> str:
    """What is late, what waits for our word, or that all is well."""
    late = sum(row.state == "promised" and row.due_on < today for row in given)
    waiting = sum(row.state == "kept" and row.confirmed is None for row in received)
    if late:
        return f"{words.capital(words.plural(late, 'promise'))} of ours {'is' if late == 1 else 'are'} late"
    if waiting:
        return f"{words.capital(words.plural(waiting, 'promise'))} to us {'waits' if waiting == 1 else 'wait'} for our word"
    if not given and not received:
        return "No promises between organisations yet"
    kept = sum(bool(row.confirmed) for row in given)
    return f"{words.capital(words.plural(kept, 'promise'))} of ours kept and confirmed, none late"


def brief_lines(row: PartnerBrief | BriefReceived) -> tuple[tuple[str, str], ...]:
    """What a brief says."""
    return (("Wants to achieve", row.aims), ("Cannot do", row.limits), ("Gains or loses", row.incentives))


def brief_line(one: queries.BriefRead) -> Line:
    """A brief in the list."""
    name = one.partner.name if one.partner else "Our own brief"
    href = address("partner_brief", partner_id=one.partner.id) if one.partner else address("own_brief")
    if one.now is None:
        return Line(name, href, "not written yet")
    said = f"said back by {len(one.understood)}" if one.understood else "nobody has said it back yet"
    return Line(name, href, f"version {one.now.number}, {words.day(one.now.at)}", said)


def understood_by(one: BriefUnderstood) -> str:
    """Who said a brief back."""
    found = one.person or one.partner or one.by_organisation
    return f"{found.name if found else ''}, {words.day(one.at)}"


def shared_with(one: BriefShared) -> str:
    """Whom a brief was sent to."""
    found = one.to_organisation or one.to_partner
    return f"{found.name if found else ''}, {words.day(one.at)}"


def public_pledge(row: Pledge, today: date) -> tuple[str, str, str, str]:
    """Promised, to whom, due, what happened: names of organisations, never of people."""
    to = row.to_organisation or row.to_partner
    if row.confirmed:
        happened = f"Kept on {words.day(row.kept_on)}, confirmed by {to.name if to else 'the receiver'}"
    elif row.state == "kept":
        happened = f"We say it was kept on {words.day(row.kept_on)}; not confirmed yet"
    elif row.state == "not_kept":
        happened = "Not kept"
    else:
        happened = "Not due yet" if row.due_on >= today else f"Not done: {words.until(row.due_on, today)}"
    return row.text, to.name if to else "", words.day(row.due_on), happened


def public_matter(row: Matter) -> tuple[str, str, str]:
    """Asked, decided, and why."""
    decision = row.decision
    assert decision is not None  # noqa: S101  (only decided ones are shown)
    answer = PRACTICE.decision_kind("matter").outcomes[decision.outcome]
    return row.title, f"{answer}, {words.day(decision.decided_at)}", decision.reason


def public_heading(shown: queries.Public, name: str, today: date) -> str:
    """The finding: of what was due, how much was kept and confirmed."""
    due = [row for row in shown.pledges if row.due_on < today or row.state != "promised"]
    if not due:
        return f"What {name} has promised, and what happened"
    kept = sum(bool(row.confirmed) for row in due)
    return f"{name} has kept {kept} of {len(due)} promises that were due"
