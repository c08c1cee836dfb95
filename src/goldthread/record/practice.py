"""The seam: all that a leadership practice has to satisfy, and how the record reaches it.

A practice declares itself once (its `practice.py`), calls the record's actions, and is called back through the functions
named here. It is never imported by the record.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.record.refs import Ref

if TYPE_CHECKING:
    from goldthread.record.models import Clock, Decision


@dataclass(frozen=True)
class DecisionKind:
    """A question this practice raises. `outcomes` maps each canonical answer to the words people read.

    `facts` are what is always known of such a question, in the words of the shipped schemes; a scheme that has other words
    is asked without them.
    """

    slug: str
    title: str
    outcomes: dict[str, str]
    positive: frozenset[str] = frozenset()  # outcomes after which something is expected to change
    facts: dict[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class MeasureKind:
    """A measure this practice yields about itself. `kind`, `direction` and `period` as for any measure."""

    slug: str
    title: str
    kind: str
    direction: str
    numerator: str
    denominator: str = ""
    period: str = "month"


@dataclass(frozen=True)
class ObjectKind:
    """A kind of object that refs may point at; `shape` is how the thread draws it."""

    slug: str
    title: str
    shape: str


@dataclass(frozen=True)
class Described:
    """An object as a thread shows it to one viewer."""

    ref: Ref
    kind_title: str
    title: str
    on: date
    shape: str
    by: str = ""  # never a person for anonymous things
    detail: str = ""
    vague_date: bool = False  # show no finer than the week


@dataclass(frozen=True)
class YieldedPoint:
    """One value that a practice measured about itself, for a unit and a period (exclusive end)."""

    measure: str
    unit_key: int
    period_start: date
    period_end: date
    value: float | None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class YieldedClaim:
    """A sentence with what it rests on; `rows` are the refs it counted."""

    sentence: str
    estimand: str
    population: str
    method: str
    result: dict[str, float | int | str | None]
    rows: tuple[Ref, ...]


class Describes(Protocol):
    """Looks up many objects at once. A ref left out, or None, is one the viewer may not see."""

    def __call__(
        self, refs: Sequence[Ref], viewer: Viewer, *, using: str = "default"
    ) -> dict[Ref, Described | None]: ...


@dataclass(frozen=True)
class Scope:
    """What points and claims are asked about: a unit with all below it."""

    unit: Unit


def _nothing_decided(decision: "Decision") -> None:
    return None


def _nothing_lapsed(decision: "Decision", *, using: str) -> None:
    return None


def _nobody(about_kind: str, about_id: UUID, *, using: str) -> UUID | None:
    return None


def _nothing_due(clock: "Clock", at: object) -> None:
    return None


@dataclass(frozen=True)
class Practice:
    """One leadership practice."""

    slug: str
    title: str
    describe: Describes
    points: Callable[[Viewer, Scope, date, date], Iterable[YieldedPoint]]
    claims: Callable[[Viewer, Scope, date, date], Iterable[YieldedClaim]]
    decisions: tuple[DecisionKind, ...] = ()
    measures: tuple[MeasureKind, ...] = ()
    objects: tuple[ObjectKind, ...] = ()
    on_decided: Callable[["Decision"], None] = _nothing_decided
    on_lapsed: Callable[..., None] = _nothing_lapsed  # nobody answered, and the scheme lets the question lapse
    on_clock: Callable[..., None] = _nothing_due
    whom_to_tell: Callable[..., UUID | None] = _nobody  # for notices without a person; only the outbox job asks
    docs: str = ""  # its page under docs/
    events: frozenset[str] = field(default_factory=frozenset)  # every kind of event its actions leave

    def decision_kind(self, slug: str) -> DecisionKind:
        """The declared kind of decision; LookupError if it was not declared."""
        for kind in self.decisions:
            if kind.slug == slug:
                return kind
        raise LookupError(f"practice {self.slug!r} declares no decision {slug!r}")


_REGISTERED: dict[str, Practice] = {}


def register(practice: Practice) -> None:
    """Make a practice known. Called once when Django starts; a slug is taken once."""
    if not isinstance(practice, Practice):
        raise TypeError(f"expected a Practice, got {type(practice).__name__}")
    known = _REGISTERED.get(practice.slug)
    if practice.slug == "record" or (known is not None and known is not practice):
        raise ValueError(f"the practice name {practice.slug!r} is taken")
    _REGISTERED[practice.slug] = practice


def practices() -> tuple[Practice, ...]:
    """All registered practices, by name."""
    return tuple(_REGISTERED[slug] for slug in sorted(_REGISTERED))


def practice_named(slug: str) -> Practice:
    """The practice called `slug`; LookupError names those there are."""
    try:
        return _REGISTERED[slug]
    except KeyError:
        raise LookupError(f"no practice {slug!r}; there are: {', '.join(sorted(_REGISTERED))}") from None
