"""Is the scheme complete and unambiguous? Gaps, overlaps and dead rules, exactly, with an example of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from goldthread.methods.rights.axes import Axis
from goldthread.methods.rights.model import Policy, Value
from goldthread.methods.rights.search import Gaps, Region, escapes

MOST_GAPS = 200


@dataclass(frozen=True)
class Gap:
    """A kind of change that no ordinary rule covers; `residual` where a rule of last resort catches it all the same."""

    witness: dict[str, Value]
    residual: bool


@dataclass(frozen=True)
class Overlap:
    """Two rules that both cover a change and say different things; `declared` where the scheme says that this is meant."""

    rules: tuple[str, str]
    declared: bool
    witness: dict[str, Value]


@dataclass(frozen=True)
class Findings:
    """What there is to put right. Gaps that nothing catches come first; at most 200 are listed."""

    rules: int
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    dead: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is left without a decision-maker, ambiguous without being meant, or without effect."""
        missing = any(not gap.residual for gap in self.gaps)
        return not (missing or self.dead or any(not overlap.declared for overlap in self.overlaps))


def check(policy: Policy) -> Findings:
    """Find every kind of change that nobody or two may decide, and every rule that never decides."""
    return Findings(len(policy.rules), _gaps(policy), tuple(_overlaps(policy)), _dead(policy))


def _gaps(policy: Policy) -> tuple[Gap, ...]:
    index = policy.index
    none = Gaps(index.axes, index.all, 0, MOST_GAPS).find()
    last_resort = (
        Gaps(index.axes, index.all & ~index.residual, index.residual, MOST_GAPS).find() if index.residual else ()
    )
    # Where both kinds are many, each gets half of the list: neither may hide the other.
    room = max(MOST_GAPS // 2, MOST_GAPS - len(none))
    kept = last_resort[:room]
    found = [Gap(_example(index.axes, region), False) for region in none[: MOST_GAPS - len(kept)]]
    return (*found, *(Gap(_example(index.axes, region), True) for region in kept))


def _example(axes: list[Axis], region: Region) -> dict[str, Value]:
    """A point of the region: the least cell of what was split, the usual value of the rest."""
    cells = {place: sum(1 << cell for cell in chosen) for place, chosen in region}
    return {axis.name: _pick(axis, cells.get(place, -1)) for place, axis in enumerate(axes)}


def _pick(axis: Axis, cells: int) -> Value:
    """Of the cells whose bits are set, the usual value if it lies there; else the least."""
    if axis.usual is not None and cells >> axis.usual & 1 and axis.attribute.default is not None:
        return axis.attribute.default
    return axis.example((cells & -cells).bit_length() - 1)


def _overlaps(policy: Policy) -> Iterator[Overlap]:
    """Each pair once, in the order in which rules are tried."""
    axes, rules = policy.index.axes, policy.rules
    boxes = [[axis.boxes[bit] for axis in axes] for bit in range(len(rules))]
    for first, earlier in enumerate(rules):
        for second in range(first + 1, len(rules)):
            later = rules[second]
            if earlier.then == later.then:
                continue
            common = [one & other for one, other in zip(boxes[first], boxes[second], strict=True)]
            if not all(common):
                continue
            meant = earlier.residual or later.residual
            declared = meant or later.id in earlier.specialises or earlier.id in later.specialises
            witness = {axis.name: _pick(axis, mask) for axis, mask in zip(axes, common, strict=True)}
            yield Overlap((earlier.id, later.id), declared, witness)


def _dead(policy: Policy) -> tuple[str, ...]:
    axes = policy.index.axes
    return tuple(
        rule.id for bit, rule in enumerate(policy.rules) if not rule.residual and not escapes(axes, bit, (1 << bit) - 1)
    )
