"""From values to places on the paper: round axis ticks, and labels that keep out of each other's way."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LARGEST, _SMALLEST = 1e15, 1e-12


@dataclass(frozen=True)
class Box:
    """The rectangle inside the axes."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left


@dataclass(frozen=True)
class Axis:
    """A linear scale with its ticks; `place` is where a value stands."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    decimals: int

    def place(self, value: float) -> float:
        """The coordinate of a value, kept on the paper."""
        share = (bounded(value) - self.low) / (self.high - self.low)
        return self.start + max(-0.02, min(1.02, share)) * (self.end - self.start)


def bounded(value: float) -> float:
    """Values so large that drawing them would overflow are drawn at the edge."""
    return max(-_LARGEST, min(_LARGEST, value))


def axis(values: Iterable[float], start: float, end: float, most: int = 6, *, whole: bool = False) -> Axis:
    """A scale that holds the values between round ticks; from zero when that costs little; `whole` for counts."""
    held = [bounded(value) for value in values if math.isfinite(value)] or [0.0, 1.0]
    held = [value if abs(value) > _SMALLEST else 0.0 for value in held]
    low, high = min(held), max(held)
    if high - low <= 1e-9 * max(1e-6, abs(high), abs(low)):
        low, high = min(0.0, low * 1.2), max(0.0, high * 1.2) or 1.0
    if 0 < low <= 0.6 * high:
        low = 0.0
    step = _round_step((high - low) / max(1, most - 1))
    step = max(1.0, step) if whole else step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(index * step for index in range(first, last + 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if decimals and abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:
        decimals += 1
    return Axis(ticks[0], ticks[-1], start, end, ticks, min(decimals, 9))


def _round_step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * unit for unit in (1, 2, 5, 10, 20) if power * unit >= raw * (1 - 1e-9))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart until `gap` lies between neighbours, in order and, where there is room, within low..high."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    previous = low - gap
    for index in order:
        placed[index] = previous = max(wanted[index], previous + gap)
    following = high + gap
    for index in reversed(order):
        placed[index] = following = min(placed[index], following - gap)
    return placed


def every(count: int, room: float, label: float, *, steps: Sequence[int] = (1, 2, 3, 6, 12, 24, 60, 120)) -> list[int]:
    """Which of `count` evenly spaced places get a label `label` wide, so that none touch; the last always does."""
    if count < 1:
        return []
    slots = max(1, int(room // max(label, 1)))
    needed = max(1, math.ceil(count / slots))
    step = next((s for s in steps if s >= needed), needed)
    return list(range((count - 1) % step, count, step))
