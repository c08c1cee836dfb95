"""What the parts of a decision are called on pages."""

from datetime import date, timedelta

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.record.models import Decision
from goldthread.record.practice import practice_named
from goldthread.record.queries.thread import EFFECTS, METHODS, whose
from goldthread.record.rules import policy_of
from goldthread.web.kit import words

__all__ = ["EFFECTS", "METHODS", "last_day", "outcome_of", "rule_words", "whose", "why_mine"]

POSITIONS = {
    "consent": "Consents",
    "stand_aside": "Stands aside",
    "object": "Objects",
    "for": "For",
    "against": "Against",
    "abstain": "Abstains",
    "sign": "Signs",
    "refuse": "Refuses",
    "voted": "Has voted",
}
MAY_SAY = {
    "consent": "We consent: it is good enough for now and safe enough to try",
    "stand_aside": "We stand aside: not ours to hold up",
    "object": "We object, with a reason that the next text can answer",
    "for": "For",
    "against": "Against",
    "abstain": "Abstain",
    "sign": "Sign it",
    "refuse": "Refuse it",
}
RESULTS = {
    "carried": "carried",
    "lost": "not carried",
    "objected": "objections to answer",
    "inquorate": "too few took part",
    "silent": "not every seat answered",
    "recast": "ended, because the decision went elsewhere",
}
SILENCE = {
    "lapses": "If nobody decides by then, the question ends without an answer.",
    "consents": "If nobody objects by then, that counts as consent.",
    "escalates": "If nobody decides by then, it goes further up.",
}


def last_day(row: Decision) -> date:
    """The calendar day at whose end it is due."""
    return local_date(row.due_at - timedelta(seconds=1))


def outcome_of(row: Decision, outcome: str = "") -> str:
    """The outcome in the practice's own words."""
    wanted = outcome or row.outcome
    return practice_named(row.practice).decision_kind(row.kind).outcomes.get(wanted, wanted)


def why_mine(viewer: Viewer, row: Decision) -> str:
    """Why it is the viewer's: the role, the deputy, the body, the hand-over; and whether it came up from below."""
    who = whose(row)
    if row.delegated_to_id == viewer.person_id:
        return f"It was handed to you on behalf of {who}."
    if row.body is not None:
        return f"You speak for {row.body.title}."
    roles = {held.role for held in viewer.held if held.unit_key == row.decider_unit_id}
    if row.decider_role in roles:
        base = f"You are {who.split(chr(39) + 's ', 1)[-1]} of {row.decider_unit.name}."
    elif row.deputy_role in roles:
        base = f"You are deputy of {row.decider_unit.name}."
    else:
        base = f"Nobody else is left to take it at {row.decider_unit.name}, so it is yours."
    if row.passed_up:
        base += f" It was not answered in time in {row.unit.name} and came to you."
    return base


def rule_words(row: Decision) -> str:
    """The rule under which it was opened, in plain English."""
    from goldthread.methods import rights

    if row.scheme is None:
        return (
            f"{words.capital(whose(row))} decides alone what is asked in {row.unit.name}, or the deputy. Nobody has adopted a scheme of "
            "delegation here yet, so this is the one rule that applies; after fourteen days the question goes to the unit above."
        )
    policy = policy_of(row.scheme)
    rule = next((one for one in policy.rules if one.id == row.rule), None)
    return rights.in_words(policy, rule) if rule else ""
