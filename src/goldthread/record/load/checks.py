"""What lines are checked for, in sets: dates in one format, cells that are missing or too long, lines that repeat."""

import contextlib
import datetime as dt
import re
from typing import TYPE_CHECKING

from goldthread.record.load.reading import Unusable

if TYPE_CHECKING:
    from goldthread.record.load import Loading

_SHAPES = {
    "year-month-day": re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    "yearmonthday": re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"),
    "day/month/year": re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"),
    "year-month": re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})"),
}


def read_dates(one: "Loading", *columns: str) -> None:
    """Fill load_dates(written, day) from the distinct cells of these columns; reject what is no date.

    A file writes its dates in one format: with two, nobody can tell whether 03/04 is in March, so it is unusable.
    """
    one.temp("load_dates", "written text primary key, day date")
    first: dict[str, tuple[int, str, str]] = {}
    for column in columns:
        cells = one.ask(
            f'select "{column}", min(line) from load_rows where "{column}" is not null group by 1 order by 2'  # noqa: S608
        )
        good = []
        for written, line in cells:
            for shape, pattern in _SHAPES.items():
                found = pattern.fullmatch(written) if written.isascii() else None
                if found:
                    first.setdefault(shape, (line, column, written))
                    parts = found.groupdict(default="1")
                    with contextlib.suppress(ValueError):
                        good.append((written, dt.date(int(parts["y"]), int(parts["m"]), int(parts.get("d", 1)))))
                    break
        if len(first) > 1:
            (a, (la, ca, wa)), (b, (lb, cb, wb)) = sorted(first.items(), key=lambda item: item[1][0])[:2]
            raise Unusable(
                f"{one.path.name}, line {lb}, column {cb!r}: dates in two formats, {a} in line {la} ({ca} {wa!r}) and {b} "
                f"in line {lb} ({wb!r}); write all of them in one, like 2024-04-30"
            )
        if good:
            one.cursor.executemany("insert into load_dates values (%s, %s) on conflict do nothing", good)
        one.reject(
            f"""select line, '{column} ' || quote_literal(left("{column}", 60)) || ' is not a date; write it like 2024-04-30'
                from load_rows where "{column}" is not null
                and not exists (select from load_dates where written = "{column}")"""  # noqa: S608
        )


Check = tuple[str, str]  # a condition in SQL on a staged row, and the reason as SQL text


def missing(*columns: str) -> list[Check]:
    """One of these cells is empty."""
    return [(f'"{name}" is null', f"'{name} is empty'") for name in columns]


def long(**limits: int) -> list[Check]:
    """A cell is longer than its place in the record."""
    return [
        (f'length("{name}") > {most}', f"""'{name} has ' || length("{name}") || ' characters; at most {most} fit'""")
        for name, most in limits.items()
    ]


def reject_rows(one: "Loading", *checks: Check) -> None:
    """Reject lines for the first of these conditions that holds: one look at each row, however many there are."""
    whens = " ".join(f"when {condition} then {reason}" for condition, reason in checks)
    one.reject(f"select line, why from (select line, case {whens} end from load_rows) as r (line, why) where why is not null")  # noqa: S608  # fmt: skip


def reject_missing(one: "Loading", *columns: str) -> None:
    """Reject lines in which one of these cells is empty."""
    reject_rows(one, *missing(*columns))


def reject_long(one: "Loading", **limits: int) -> None:
    """Reject lines with a cell longer than its place in the record."""
    reject_rows(one, *long(**limits))


def reject_repeated(one: "Loading", *columns: str) -> None:
    """Keep the first of the lines that say the same of the same thing, and reject the others."""
    keys = ", ".join(f'"{name}"' for name in columns)
    one.reject(
        f"""select line, 'repeats line ' || first || ' ({", ".join(columns)})' from load_rows
            join (select {keys}, min(line) as first from load_rows group by {keys} having count(*) > 1) again
            using ({keys}) where line > first"""  # noqa: S608
    )
