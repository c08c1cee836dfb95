"""The table prepared for quick questions: a bit for each rule, and answers kept by cell rather than by value."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from goldthread.methods.rights.axes import Axis
from goldthread.methods.rights.model import NotMatched, Rule, Value
from goldthread.methods.rights.phrases import must

if TYPE_CHECKING:
    from goldthread.methods.rights.model import Policy

#: The rule (None: nobody may decide), the attributes it asks for, and why each rule before it does not apply.
Answer = tuple[Rule | None, tuple[str, ...], tuple[NotMatched, ...]]
_KINDS = {"bool": bool, "int": int, "ordered": str, "enum": str}


class Index:
    """The axes of a policy, and what has been explained already (bounded)."""

    MOST_KEPT = 4096

    def __init__(self, policy: "Policy") -> None:
        self.rules = policy.rules
        whens = [rule.when for rule in policy.rules]
        self.axes = [Axis(one, [when.get(name) for when in whens]) for name, one in policy.attributes.items()]
        self.all = (1 << len(whens)) - 1
        self.residual = sum(1 << bit for bit, rule in enumerate(policy.rules) if rule.residual)
        self.explained: dict[tuple[int, ...], Answer] = {}
        self._reasons: dict[tuple[int, tuple[int, ...]], NotMatched] = {}
        self._plan: list[tuple[Any, ...]] = [
            (axis.name, _KINDS[axis.attribute.type], _cuts(axis), axis.cell_of) for axis in self.axes
        ]

    def answer(self, change: Mapping[str, Value]) -> Answer | None:
        """Which rule decides, and why none before it does. None if the change is not complete and valid as it stands."""
        if len(change) != len(self._plan):
            return None
        places = []
        try:
            for name, kind, cuts, cell_of in self._plan:
                value = change[name]
                if type(value) is not kind:
                    return None
                places.append(cell_of[value] if cuts is None else bisect_right(cuts, value))
        except KeyError:
            return None
        key = tuple(places)
        found = self.explained.get(key)
        if found is None:
            cells = [place - _below(axis) for axis, place in zip(self.axes, key, strict=True)]
            if not all(0 <= cell < len(axis.masks) for axis, cell in zip(self.axes, cells, strict=True)):
                return None
            found = self._answer(cells)
            if len(self.explained) >= self.MOST_KEPT:
                self.explained.clear()
            self.explained[key] = found
        return found

    def _answer(self, cells: list[int]) -> Answer:
        mask = self.all
        for axis, cell in zip(self.axes, cells, strict=True):
            mask &= axis.masks[cell]
        winner = (mask & -mask).bit_length() - 1 if mask else None
        before = range(len(self.rules) if winner is None else winner)
        narrower = tuple([self._not_matched(bit, cells) for bit in before])
        rule = None if winner is None else self.rules[winner]
        return rule, tuple(rule.when) if rule else (), narrower

    def _not_matched(self, bit: int, cells: list[int]) -> NotMatched:
        """What a rule asks for that these cells are not; put into words once for each set of attributes."""
        failing = tuple([at for at, cell in enumerate(cells) if not self.axes[at].masks[cell] >> bit & 1])
        found = self._reasons.get((bit, failing))
        if found is None:
            rule = self.rules[bit]
            asked = (must(axis.attribute, rule.when[axis.name]) for axis in (self.axes[at] for at in failing))
            found = self._reasons[bit, failing] = NotMatched(rule.id, "; ".join(asked))
        return found


def _cuts(axis: Axis) -> list[int] | None:
    """Where to look for the cell of a number; those beyond the attribute's bounds have places of their own."""
    if not axis.starts:
        return None
    low, high = axis.attribute.low, axis.attribute.high
    return [*([low] if low is not None else []), *axis.cuts, *([high + 1] if high is not None else [])]


def _below(axis: Axis) -> int:
    """How many places lie below the first cell."""
    return int(bool(axis.starts) and axis.attribute.low is not None)
