"""What a scheme of delegation says, once it has been read and found sound: attributes, rules, outcomes, decision-makers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from goldthread.methods.rights.index import Index

Value = str | int | bool

TYPES = ("ordered", "enum", "bool", "int")
METHODS = ("alone", "advice", "consent", "majority", "two-key", "joint")
SILENCE = ("lapses", "consents", "escalates")
BALLOTS = ("named", "secret")


@dataclass(frozen=True)
class Attribute:
    """One fact about a change that conditions may ask for. `low` and `high` bound an int, both inclusive, None = unbounded."""

    name: str
    type: str
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    unit: str = ""
    default: Value | None = None
    title: str = ""
    hint: str = ""
    derived: str = ""
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ordered:
    """From `low` to `high` on a scale, both inclusive; None is an open end."""

    low: str | None
    high: str | None


@dataclass(frozen=True)
class Numbers:
    """Whole numbers from `low` to `high`, both inclusive; None is an open end."""

    low: int | None
    high: int | None


@dataclass(frozen=True)
class OneOf:
    """Any of these values."""

    values: frozenset[str]


@dataclass(frozen=True)
class Is:
    """Yes, or no."""

    value: bool


Condition = Ordered | Numbers | OneOf | Is


@dataclass(frozen=True)
class Then:
    """Who decides, how and by when; who is asked and told; what silence means. Days are local calendar days."""

    decider: str
    method: str
    within_days: int
    quorum: int | None = None
    consult: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    silence: str = "escalates"
    on_expiry: str = "escalate"
    review_days: int | None = None
    professions: tuple[str, ...] = ()
    ballot: str = "named"
    second: str = ""
    sub_delegation: bool = False
    seal: bool | None = None


@dataclass(frozen=True)
class Rule:
    """One row of the scheme. An attribute that `when` leaves out may have any value."""

    id: str
    clause: str
    priority: int
    specialises: tuple[str, ...]
    residual: bool
    when: Mapping[str, Condition]
    then: Then
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Decider:
    """Who a name in the scheme stands for: a role at a level, or a body."""

    name: str
    role: str = ""
    level: str = ""
    deputy: str = ""
    body: str = ""
    title: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the dispute ladder."""

    decider: str
    within_days: int
    title: str = ""


@dataclass(frozen=True)
class NotMatched:
    """A rule that was tried earlier, and what it asks for that this change is not."""

    rule: str
    because: str


@dataclass(frozen=True)
class Safe:
    """A kind of change that may simply be tried, and what goes with that."""

    id: str
    title: str
    when: Mapping[str, Condition]
    start: str
    inform: tuple[str, ...]
    stop_if: str
    look_back_days: int


@dataclass(frozen=True, eq=False)
class Policy:
    """A sound scheme. `rules` stand in the order in which they are tried: priority, then place in the file.

    Two policies are the same only if they are one object; that makes a policy a cheap key.
    """

    title: str
    attributes: dict[str, Attribute]
    rules: tuple[Rule, ...]
    deciders: dict[str, Decider] = field(default_factory=dict)
    ladder: tuple[Step, ...] = ()
    safe: tuple[Safe, ...] = ()

    @cached_property
    def index(self) -> "Index":
        """The table prepared for quick questions; made at the first one."""
        from goldthread.methods.rights.index import Index

        return Index(self)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; KeyError if there is none."""
        return self._by_id[rule_id]

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def __getstate__(self) -> dict[str, Any]:
        """Copies and pickles carry what was written, not what was prepared."""
        return {name: value for name, value in self.__dict__.items() if name not in ("index", "_by_id")}
