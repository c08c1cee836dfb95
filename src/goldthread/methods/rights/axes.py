"""One attribute of a scheme, cut where some rule's answer changes."""

from bisect import bisect_right

from goldthread.methods.rights.model import Attribute, Condition, Is, Numbers, OneOf, Value
from goldthread.methods.rights.phrases import span


class Axis:
    """One attribute as a row of cells; within a cell no condition can tell two values apart.

    `masks[cell]` has bit i set where rule i accepts the cell; `boxes[i]` has bit c set where it accepts cell c. Of an int, `starts[cell]` is its least value; the first may
    be None, for numbers without a least one.
    """

    def __init__(self, attribute: Attribute, conditions: list[Condition | None]) -> None:
        self.attribute = attribute
        self.name = attribute.name
        self.starts: tuple[int | None, ...] = ()
        self.values: tuple[Value, ...] = ()
        self.cell_of: dict[Value, int] = {}
        if attribute.type == "int":
            numbers = [one for one in conditions if isinstance(one, Numbers)]
            self.starts = _starts(attribute, numbers)
            self.cuts: list[int] = [start for start in self.starts[1:] if start is not None]
        else:
            values: tuple[Value, ...] = (False, True) if attribute.type == "bool" else attribute.values
            self.values = values
            self.cell_of = {value: cell for cell, value in enumerate(self.values)}
        cells = range(len(self.starts or self.values))
        self.accepts = [tuple(self._accepts(cell, one) for cell in cells) for one in conditions]
        self.boxes = [sum(1 << cell for cell in cells if row[cell]) for row in self.accepts]
        self.masks = tuple(sum(1 << bit for bit, box in enumerate(self.boxes) if box >> cell & 1) for cell in cells)
        self.constrains = sum(1 << bit for bit, row in enumerate(self.accepts) if not all(row))
        self.usual = None if attribute.default is None else self.cell(attribute.default)

    def cell(self, value: Value) -> int:
        """Where a valid value lies."""
        return bisect_right(self.cuts, value) if self.starts else self.cell_of[value]

    def example(self, cell: int) -> Value:
        """A value in the cell; of numbers the least, or the greatest where there is no least."""
        if not self.starts:
            return self.values[cell]
        start = self.starts[cell]
        if start is not None:
            return start
        return self.cuts[0] - 1 if self.cuts else min(0, self.attribute.high or 0)

    def _accepts(self, cell: int, condition: Condition | None) -> bool:
        value = self.example(cell)
        return condition is None or accepts(self.attribute, condition, value)


def accepts(attribute: Attribute, condition: Condition, value: Value) -> bool:
    """Does a value meet a condition?"""
    if isinstance(condition, Numbers):
        return (condition.low is None or condition.low <= value) and (condition.high is None or value <= condition.high)  # type: ignore[operator]
    if isinstance(condition, OneOf):
        return value in condition.values
    if isinstance(condition, Is):
        return value is condition.value
    low, high = span(attribute, condition)
    return low <= attribute.values.index(str(value)) <= high


def _starts(attribute: Attribute, conditions: list[Numbers]) -> tuple[int | None, ...]:
    """The least values of the cells, ascending; the first is the attribute's own least value, or None."""
    cuts = {one.low for one in conditions if one.low is not None}
    cuts |= {one.high + 1 for one in conditions if one.high is not None}
    inside = (
        cut
        for cut in sorted(cuts)
        if (attribute.low is None or cut > attribute.low) and (attribute.high is None or cut <= attribute.high)
    )
    return (attribute.low, *inside)
