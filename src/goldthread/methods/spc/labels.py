"""The words on a point: flags (all that apply, one bit each), one label, one type; and which flag wins.

Flags are kept as a byte per point: bit k of the byte is FLAGS[k], and label code k + 1. Even bits point up, odd bits
down. The order of FLAGS is the order in which a label is chosen: outside the limits, trend, two of three, shift.
"""

import functools

import numpy as np
from numpy.typing import NDArray

FLAGS = (
    "above_limit",
    "below_limit",
    "trend_up",
    "trend_down",
    "two_of_three_above",
    "two_of_three_below",
    "shift_above",
    "shift_below",
)
LABELS = ("common_cause", *FLAGS)

OUTSIDE, TREND, TWO_OF_THREE, SHIFT = 0, 2, 4, 6
"""The upward bit of each rule; the downward one is the next."""

DIRECTIONS = {"down": -1, "neutral": 0, "up": 1}
"""What an improvement is, as a sign."""


def names_of(flags: int) -> tuple[str, ...]:
    """The names of the flags set in one byte, in order of precedence."""
    return _NAMES[flags]


_NAMES = tuple(tuple(name for bit, name in enumerate(FLAGS) if flags >> bit & 1) for flags in range(256))


def sign_of(label: int) -> int:
    """+1 for a label that points up, −1 for one that points down, 0 for common cause."""
    return 0 if label == 0 else (1 if label % 2 == 1 else -1)


def type_of(label: int, direction: int) -> str:
    """What a label means to someone for whom `direction` is better: the point's type."""
    sign = sign_of(label)
    if sign == 0:
        return "common_cause"
    if direction == 0:
        return "neutral_high" if sign > 0 else "neutral_low"
    return "improvement" if sign == direction else "concern"


def variation_of(label: int, direction: int) -> str:
    """The variation icon that a label gives: type, and whether the value is high or low."""
    kind = type_of(label, direction)
    if kind in ("improvement", "concern"):
        return f"{kind}_{'high' if sign_of(label) > 0 else 'low'}"
    return kind


@functools.cache
def label_table(improvement_wins: bool) -> NDArray[np.uint8]:
    """Label codes for every byte of flags, shape (3 × 256,): row 0 lower is better, 1 neutral, 2 higher is better."""
    table = np.zeros((3, 256), np.uint8)
    for direction in (-1, 0, 1):
        for flags in range(1, 256):
            codes = [bit + 1 for bit in range(8) if flags >> bit & 1]
            better = [code for code in codes if improvement_wins and direction and sign_of(code) == direction]
            table[direction + 1, flags] = (better or codes)[0]
    return table.reshape(-1)
