"""Searches the space of all changes by boxes, never by points: exact, because every condition is a set on one attribute.

A box is a set of cells for each attribute that has been split so far, and any cell for the rest. `alive` holds the rules
that accept every point of it as far as it has been split. The box is closed when one of them asks nothing more, and is
a gap when none is left. What lies below depends on `alive` and the attributes left alone, so it is found once.
"""

from goldthread.methods.rights.axes import Axis

#: Cells chosen for some attributes, as (attribute's place, cells); an attribute not named may have any.
Region = tuple[tuple[int, tuple[int, ...]], ...]


class Gaps:
    """Looks for what no rule of `covering` accepts; with `wanted`, only where one of those does. Stops at `limit`."""

    def __init__(self, axes: list[Axis], covering: int, wanted: int, limit: int) -> None:
        self._axes = axes
        self._covering = covering
        self._wanted = wanted
        self._limit = limit
        self._known: dict[tuple[int, int], tuple[Region, ...]] = {}

    def find(self) -> tuple[Region, ...]:
        """Disjoint regions, in a fixed order."""
        return tuple(sorted(self._below(self._covering | self._wanted, (1 << len(self._axes)) - 1)))

    def _below(self, alive: int, left: int) -> tuple[Region, ...]:
        if self._wanted and not alive & self._wanted:
            return ()
        demanding = 0  # rules that still ask for something
        for place, axis in enumerate(self._axes):
            if left >> place & 1:
                demanding |= axis.constrains & alive
        satisfied = alive & ~demanding
        if satisfied & self._covering:
            return ()
        if not alive & self._covering and (satisfied or not self._wanted):
            return ((),)
        key = (alive, left)
        if key not in self._known:
            self._known[key] = self._split(alive, left)
        return self._known[key]

    def _split(self, alive: int, left: int) -> tuple[Region, ...]:
        place = busiest(self._axes, alive, left)
        by_result: dict[tuple[Region, ...], list[int]] = {}
        closed: list[int] = []
        groups = sorted(grouped(self._axes[place], alive).items(), key=lambda one: (one[0].bit_count(), one[1]))
        for fewer, cells in groups:
            if any(self._closes(known, fewer) for known in closed):
                continue
            found = self._below(fewer, left & ~(1 << place))
            if not found:
                closed.append(fewer)
                continue
            by_result.setdefault(found, []).extend(cells)
            if sum(map(len, by_result)) >= self._limit:
                break
        regions = [
            with_cells(region, (place, tuple(sorted(cells)))) for found, cells in by_result.items() for region in found
        ]
        return tuple(regions[: self._limit])

    def _closes(self, known: int, other: int) -> bool:
        """Where nothing was found with some rules alive, nothing is with more that cover and no more that are wanted."""
        return not known & self._covering & ~other and not other & self._wanted & ~known


def with_cells(region: Region, chosen: tuple[int, tuple[int, ...]]) -> Region:
    """The region narrowed to some cells of one more attribute."""
    return tuple(sorted((*region, chosen)))


def busiest(axes: list[Axis], alive: int, left: int) -> int:
    """The attribute to split next: the one that most of the rules alive ask for, so that most of them are settled."""
    return max(
        (place for place in range(len(axes)) if left >> place & 1),
        key=lambda place: ((axes[place].constrains & alive).bit_count(), -place),
    )


def grouped(axis: Axis, alive: int) -> dict[int, list[int]]:
    """The cells of an attribute by the rules that stay alive in them; neighbours that no rule tells apart come together."""
    groups: dict[int, list[int]] = {}
    for cell, mask in enumerate(axis.masks):
        groups.setdefault(mask & alive, []).append(cell)
    return groups


def escapes(axes: list[Axis], rule: int, others: int) -> bool:
    """Is there a change that one rule accepts and none of the others does? Looks only inside the rule's own box."""
    own = [[cell for cell, mask in enumerate(axis.masks) if mask >> rule & 1] for axis in axes]
    masks = [sorted({axis.masks[cell] for cell in cells}) for axis, cells in zip(axes, own, strict=True)]
    for rows in masks:
        others &= _any(rows)
    asks = [~_all(rows) for rows in masks]
    covered: set[tuple[int, int]] = set()

    def free(alive: int, left: int) -> bool:
        if not alive:
            return True
        demanding = 0
        for place, mask in enumerate(asks):
            if left >> place & 1:
                demanding |= mask & alive
        if alive & ~demanding or (alive, left) in covered:
            return False
        place = max(
            (one for one in range(len(asks)) if left >> one & 1),
            key=lambda one: ((asks[one] & alive).bit_count(), -one),
        )
        closed: list[int] = []
        for fewer in sorted({mask & alive for mask in masks[place]}, key=lambda one: (one.bit_count(), one)):
            if any(fewer & known == known for known in closed):
                continue
            if free(fewer, left & ~(1 << place)):
                return True
            closed.append(fewer)
        covered.add((alive, left))
        return False

    return free(others, (1 << len(axes)) - 1)


def _any(masks: list[int]) -> int:
    out = 0
    for mask in masks:
        out |= mask
    return out


def _all(masks: list[int]) -> int:
    out = -1
    for mask in masks:
        out &= mask
    return out
