"""Who decides, until schemes of delegation arrive in the next issue: one built-in rule.

The unit's manager decides alone, with a deputy, in fourteen days; then it goes to the parent unit.
"""

from dataclasses import dataclass
from datetime import date

from goldthread.organisation import tree
from goldthread.organisation.models import Unit

BUILT_IN = "built-in"
SCHEME_VERSION = 0
DECIDER = "unit_manager"
DEPUTY = "deputy_manager"
WITHIN_DAYS = 14


@dataclass(frozen=True)
class Match:
    """What a rule says of a question: who, how, by when. The scheme's evaluator will answer in the same shape."""

    rule: str
    scheme_version: int
    method: str
    decider_role: str
    deputy_role: str
    decider_unit: Unit
    within_days: int


def match(unit: Unit, on: date) -> Match:
    """The built-in rule for a question about `unit`: the nearest manager at or above it; where there is none, the topmost unit."""
    decider = tree.managed_from(unit, on) or tree.root_of(unit.organisation_id)
    return Match(BUILT_IN, SCHEME_VERSION, "alone", DECIDER, DEPUTY, decider, WITHIN_DAYS)


def above(decider_unit: Unit, on: date) -> Unit:
    """Who decides when a decision was not taken in time: the nearest manager above; at the top, the same unit again."""
    parent = decider_unit.parent
    if parent is None or parent.organisation_id != decider_unit.organisation_id:
        return decider_unit
    return tree.managed_from(parent, on) or decider_unit
