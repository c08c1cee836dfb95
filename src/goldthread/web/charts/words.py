"""Text that must fit: widths, wrapping, numbers and British dates. Arial's widths, near enough."""

import math
from collections.abc import Sequence
from datetime import date

_NARROW = set("iljtfrI.,:;'|!()[] -")
_WIDE = set("mwMW@%—")


def width(words: str, size: float) -> float:
    """How wide a line of text is, a little overestimated."""
    return size * sum(_em(character) for character in words)


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.31
    if character in _WIDE:
        return 0.88
    if character.isupper():
        return 0.7
    return 0.56 if ord(character) < 0x250 else 1.0


def clip(words: str, room: float, size: float) -> str:
    """The text, or as much of it as there is room for, with an ellipsis."""
    if width(words, size) <= room:
        return words
    while words and width(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def wrap(words: str, room: float, size: float, most: int = 3) -> tuple[str, ...]:
    """The text in at most `most` lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in words.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] = clip(f"{kept[-1]} {lines[most]}…", room, size)
    return tuple(clip(each, room, size) for each in kept)


def day(when: date, *, year: bool = True) -> str:
    """12 Mar 2025, whatever the machine's locale."""
    return f"{when.day} {_MONTHS[when.month - 1]}{f' {when.year}' if year else ''}"


def month(when: date) -> str:
    """Mar 2025."""
    return f"{_MONTHS[when.month - 1]} {when.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def duration(days: int) -> str:
    """58 days, 1 day."""
    return f"{days:,} day{'' if days == 1 else 's'}"


def amount(value: float, decimals: int) -> str:
    """A number with thousands separators and a fixed number of decimals; never "-0"."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text


def decimals_for(values: Sequence[float], most: int = 3) -> int:
    """How many decimals it takes to tell these values apart: 0 for whole numbers, else about three figures."""
    if not values or all(value == round(value) for value in values):
        return 0
    spread = (max(values) - min(values)) or abs(values[0])
    return max(0, min(most, 1 - math.floor(math.log10(spread))))


def percent(share: float) -> str:
    """A share (0 to 1) as 26%; "under 1%" and "over 99%" where rounding would say never or always."""
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"
