"""Read CSV, XLSX and ODS tables so that every complaint can name the file, the line and the column.

Cells are kept as text; `numbers` and `moments` turn a column into what a method needs. An empty cell is a missing value.
"""

import csv
import datetime as dt
import io
import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_SHOWN = 60


class FileProblem(Exception):
    """The file cannot be used; the message says where, what is wrong and what would be right."""


@dataclass(frozen=True)
class Table:
    """Columns of text by name, with the line of the file that each row came from."""

    name: str
    columns: dict[str, list[str]]
    lines: list[int]

    def column(self, wanted: str) -> list[str]:
        """The cells of one column. Raises FileProblem naming the columns there are."""
        if wanted in self.columns:
            return self.columns[wanted]
        there = ", ".join(self.columns)
        hint = " (cells must be separated by commas)" if len(self.columns) == 1 and re.search(r"[;\t]", there) else ""
        raise FileProblem(f"{self.name}: there is no column {wanted!r}; the columns are: {there}{hint}")

    def keep(self, rows: Iterable[int]) -> "Table":
        """The same table with only these rows."""
        at = list(rows)
        columns = {name: [cells[i] for i in at] for name, cells in self.columns.items()}
        return Table(self.name, columns, [self.lines[i] for i in at])


def read_table(path: str | Path) -> Table:
    """Read a table with one header row. Raises FileProblem for a file that cannot be used."""
    path = Path(path)
    suffix = path.suffix.lower()
    try:
        if suffix in (".xlsx", ".ods"):
            rows = _sheet_rows(path)
        else:
            rows = _csv_rows(path)
    except OSError as error:
        raise FileProblem(f"{path.name}: cannot be read ({error.strerror or error})") from None
    return _table(path.name, rows)


def shown(cell: str) -> str:
    """A cell as it may appear in a message: quoted, and not longer than a line."""
    return repr(cell if len(cell) <= LONGEST_SHOWN else cell[:LONGEST_SHOWN] + "…")


def _csv_rows(path: Path) -> list[tuple[int, list[str]]]:
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:4] == b"PK\x03\x04":
        kind = "UTF-16 text" if raw[0] != 0x50 else "a spreadsheet or archive"
        raise FileProblem(f"{path.name}: this is {kind}; save it as CSV in UTF-8, or name a spreadsheet .xlsx or .ods")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise FileProblem(f"{path.name}, line {line}: contains a NUL byte; save the file as CSV in UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileProblem(f"{path.name}, line {line}: is not UTF-8; save the file as “CSV UTF-8”") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    rows, line = [], 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileProblem(f"{path.name}, line {line}: cannot be read as CSV ({error})") from None
    return rows


def _sheet_rows(path: Path) -> list[tuple[int, list[str]]]:
    """The first sheet of a spreadsheet; lines are counted as the spreadsheet counts them."""
    from python_calamine import CalamineError, CalamineWorkbook

    with path.open("rb"):
        pass  # a missing file is reported like any other
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise FileProblem(
            f"{path.name}: cannot be read as a spreadsheet ({error}); is it a real XLSX or ODS?"
        ) from None
    return [(line, [_as_text(cell) for cell in row]) for line, row in enumerate(cells, 1)]


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _table(name: str, rows: list[tuple[int, list[str]]]) -> Table:
    filled = [(line, [cell.strip() for cell in row]) for line, row in rows]
    filled = [(line, row) for line, row in filled if any(row)]
    if not filled:
        raise FileProblem(f"{name}: the file is empty; a header row and at least one row of values are needed")
    header_line, header = filled[0]
    while header and not header[-1]:
        header.pop()
    for at, title in enumerate(header):
        if not title:
            raise FileProblem(f"{name}, line {header_line}: column {at + 1} has no name; give every column a name")
        if title in header[:at]:
            raise FileProblem(f"{name}, line {header_line}: two columns are called {title!r}; names must differ")
    if len(filled) == 1:
        raise FileProblem(f"{name}: there is a header but no row of values")
    width = len(header)
    for line, row in filled[1:]:
        if len(row) < width or any(row[width:]):
            raise FileProblem(f"{name}, line {line}: has {len(row)} cells where the header has {width}")
    columns = {title: [row[at] for _, row in filled[1:]] for at, title in enumerate(header)}
    return Table(name, columns, [line for line, _ in filled[1:]])


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def numbers(table: Table, name: str) -> list[float | None]:
    """A column as numbers, None where the cell is empty. Raises FileProblem at the first cell that is no number."""
    out: list[float | None] = []
    for line, cell in zip(table.lines, table.column(name), strict=True):
        if not cell:
            out.append(None)
            continue
        value = float(cell) if _NUMBER.fullmatch(cell) else math.nan
        if not math.isfinite(value):
            raise FileProblem(
                f"{table.name}, line {line}, column {name!r}: {shown(cell)} is not a number; "
                "write it like 1234.5, without signs or separators, and leave the cell empty where it is missing"
            )
        out.append(value)
    return out


Key = dt.date | dt.datetime | float

_MONTHS = dict(
    zip(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), range(1, 13), strict=True)
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})")
_NAMED = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})\.?[ -](\d{4}|\d{2})")
ACCEPTED = "2024-04-30, 2024-04, 30/04/2024 (day first), 30 April 2024, Apr 2024, or a plain sequence number"


@dataclass(frozen=True)
class Moments:
    """A column that orders the points: what was written, what it sorts by, and in which format."""

    texts: list[str]
    keys: list[Key]
    kind: str


def moments(table: Table, name: str) -> Moments:
    """A column of dates or sequence numbers, all in one format. Raises FileProblem otherwise."""
    texts = table.column(name)
    keys: list[Key] = []
    first: tuple[str, int, str] | None = None
    for line, text in zip(table.lines, texts, strict=True):
        where = f"{table.name}, line {line}, column {name!r}"
        if not text:
            raise FileProblem(f"{where}: the date is empty; every point needs one, like {ACCEPTED}")
        kind, key = _moment(text, where)
        if first is None:
            first = (kind, line, text)
        elif kind != first[0]:
            raise FileProblem(
                f"{table.name}, column {name!r}: dates in two formats, {first[0]} in line {first[1]} ({shown(first[2])}) "
                f"and {kind} in line {line} ({shown(text)}); write all of them in one"
            )
        keys.append(key)
    return Moments(list(texts), keys, first[0] if first else "")


def parse_moment(text: str, where: str, kind: str) -> Key:
    """A single date given beside the file, for instance on the command line; numbers stay with numbers."""
    found, key = _moment(text.strip(), where)
    if (found == "a number") != (kind == "a number"):
        raise FileProblem(f"{where}: {shown(text)} is {found}, but the file has {kind}; write it the same way")
    return key


def _moment(text: str, where: str) -> tuple[str, Key]:
    """The format of a date and what it sorts by."""
    try:
        if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return "a number", float(text)
        if found := _ISO.fullmatch(text):
            year, month, day = (int(part) for part in found.groups()[:3])
            if found[4]:
                return "year-month-day with a time", dt.datetime.fromisoformat(
                    f"{year:04}-{month:02}-{day:02}T{found[4].strip('T ').zfill(5)}"
                )
            return "year-month-day", dt.date(year, month, day)
        if found := _ISO_MONTH.fullmatch(text):
            return "year-month", dt.date(int(found[1]), int(found[2]), 1)
        if found := _DAY_FIRST.fullmatch(text):
            return "day/month/year", dt.date(_year(found[3]), int(found[2]), int(found[1]))
        if (found := _NAMED.fullmatch(text)) and found[2][:3].lower() in _MONTHS:
            return "a month's name", dt.date(_year(found[3]), _MONTHS[found[2][:3].lower()], int(found[1] or 1))
    except ValueError:
        raise FileProblem(f"{where}: there is no such date as {shown(text)}; accepted: {ACCEPTED}") from None
    raise FileProblem(f"{where}: {shown(text)} is not a date; accepted: {ACCEPTED}")


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def period_gaps(keys: list[Key], texts: list[str], kind: str) -> tuple[list[str], int | None]:
    """Sentences on dates that seem to be missing, and the points in a yearly or weekly cycle if it is plain.

    keys: sorted. Rows are taken as adjacent whatever the gaps; nothing is filled.
    """
    if len(keys) < 3:
        return [], None
    months = [key.year * 12 + key.month for key in keys if isinstance(key, dt.date)]
    if len(months) == len(keys) and kind != "a number" and len(set(months)) == len(months):
        places: list[float] = [float(month) for month in months]
        cycle = {1: 12, 3: 4}
    elif len(months) == len(keys):
        places = [key.toordinal() for key in keys if isinstance(key, dt.date)]
        cycle = {1: 7}
    else:
        places = [key for key in keys if isinstance(key, float)]
        cycle = {}
    steps = [after - before for before, after in itertools.pairwise(places)]
    usual = max(set(steps), key=lambda step: (steps.count(step), -step))
    wide = [at for at, step in enumerate(steps) if step > 1.5 * usual] if usual > 0 else []
    if 2 * len(wide) > len(steps) or 2 * steps.count(usual) < len(steps):
        return ["The dates are not evenly spaced; neighbouring rows are taken as neighbours all the same."], None
    out = [f"Dates seem to be missing between {texts[at]} and {texts[at + 1]}." for at in wide[:3]]
    if len(wide) > 3:
        out.append(f"Dates seem to be missing in {len(wide) - 3} more places.")
    if wide:
        out.append("Rows are taken as neighbours across the gaps; nothing is filled in.")
    return out, None if wide else cycle.get(int(usual))
