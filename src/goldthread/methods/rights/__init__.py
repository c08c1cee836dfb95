"""Decision rights: who may decide what, how and by when, as a table that people can read and a machine can check.

`read_policy` reads the TOML of a scheme of delegation; `explain` says whose decision a change is, and why; `check` finds
gaps, overlaps and rules without effect, exactly. Format, algorithms and assumptions: docs/reference/rights.md.
"""

from goldthread.methods.rights.check import Findings, Gap, Overlap, check
from goldthread.methods.rights.explain import ChangeProblem, Explanation, NobodyDecides, explain, safe_to_try
from goldthread.methods.rights.limits import with_limit
from goldthread.methods.rights.markdown import to_markdown
from goldthread.methods.rights.model import (
    Attribute,
    Condition,
    Decider,
    Is,
    NotMatched,
    Numbers,
    OneOf,
    Ordered,
    Policy,
    Rule,
    Safe,
    Step,
    Then,
    Value,
)
from goldthread.methods.rights.problems import Problem
from goldthread.methods.rights.read import Reading, read_policy
from goldthread.methods.rights.replay import Case, Replay, replay
from goldthread.methods.rights.unresolved import unresolved
from goldthread.methods.rights.words import in_words, when_in_words

__all__ = [
    "Attribute",
    "Case",
    "ChangeProblem",
    "Condition",
    "Decider",
    "Explanation",
    "Findings",
    "Gap",
    "Is",
    "NobodyDecides",
    "NotMatched",
    "Numbers",
    "OneOf",
    "Ordered",
    "Overlap",
    "Policy",
    "Problem",
    "Reading",
    "Replay",
    "Rule",
    "Safe",
    "Step",
    "Then",
    "Value",
    "check",
    "explain",
    "in_words",
    "read_policy",
    "replay",
    "safe_to_try",
    "to_markdown",
    "unresolved",
    "when_in_words",
    "with_limit",
]
