"""Days running: how long somebody has been in a hard area without a day away. Plain dates, no database."""

from collections.abc import Collection
from datetime import date, timedelta

DAY = timedelta(days=1)


def run_with(days: Collection[date], day: date) -> int:
    """How many days running there would be around `day` if it were added to `days`."""
    first = last = day
    while first - DAY in days:
        first -= DAY
    while last + DAY in days:
        last += DAY
    return (last - first).days + 1


def runs(days: Collection[date]) -> list[tuple[date, int]]:
    """Each unbroken run: its first day and its length in days, in order."""
    found: list[tuple[date, int]] = []
    for day in sorted(set(days)):
        if found and found[-1][0] + found[-1][1] * DAY == day:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((day, 1))
    return found


def within(days: Collection[date], most: int) -> set[date]:
    """The days that are no further than `most` days into their run."""
    return {first + n * DAY for first, length in runs(days) for n in range(min(length, most))}
