"""A team's own values, pasted or uploaded: a date column and a value column become points, or every bad line is named."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from goldthread.files import FileProblem, Table, moments, numbers, read_table
from goldthread.record.actions.measures import NewPoint, check_point
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import MeasureVersion

DATE_NAMES = ("date", "day", "week", "month", "period", "period_start")


def table_of(content: bytes, name: str) -> Table:
    """Read what was uploaded (CSV, XLSX, ODS by its name). Refused says where and what would be right."""
    suffix = Path(name).suffix.lower()
    with tempfile.NamedTemporaryFile(suffix=suffix if suffix in (".csv", ".xlsx", ".ods") else ".csv") as file:
        file.write(content)
        file.flush()
        try:
            found = read_table(file.name)
        except FileProblem as problem:
            raise Refused(str(problem).replace(Path(file.name).name, name)) from problem
    return Table(name, found.columns, found.lines)


def pasted_table(text: str) -> Table:
    """Read what was pasted: two columns, with or without a header."""
    lines = [line for line in text.replace("\t", ",").splitlines() if line.strip()]
    if not lines:
        raise Refused("Paste at least one line with a date and a value.")
    if lines[0].lower().split(",")[0].strip() not in DATE_NAMES:
        lines.insert(0, "date,value")
    return table_of("\n".join(lines).encode(), "pasted lines")


def points_of(table: Table, version: MeasureVersion) -> list[NewPoint]:
    """The points of a table. One bad line refuses them all: the message names each bad line, and nothing is recorded."""
    names = {name.lower(): name for name in table.columns}
    dated = next((names[name] for name in DATE_NAMES if name in names), None)
    if dated is None:
        raise Refused(
            f"There is no date column. Call one of the columns “date”; there are: {', '.join(table.columns)}."
        )
    counted = {"numerator", "denominator"} <= set(names)
    if not counted and "value" not in names:
        raise Refused(
            f"There is no column “value” (or “numerator” and “denominator”); there are: {', '.join(table.columns)}."
        )
    try:
        when = moments(table, dated)
        columns = [numbers(table, names[name]) for name in (("numerator", "denominator") if counted else ("value",))]
    except FileProblem as problem:
        raise Refused(str(problem)) from problem
    days = [key for key in when.keys if isinstance(key, date)]
    if len(days) < len(when.keys):
        raise Refused("The dates must be days or months, like 2026-03-27 or 27/03/2026.")
    points, wrong = [], []
    for at, line in enumerate(table.lines):
        start = first_day(days[at], version.period)
        point = (
            NewPoint(start, numerator=columns[0][at], denominator=columns[1][at])
            if counted
            else NewPoint(start, value=columns[0][at])
        )
        try:
            check_point(version, point)
        except Invalid as problem:
            wrong.append(f"Line {line}: {problem}")
        points.append(point)
    if wrong:
        more = f" And {len(wrong) - 5} more lines." if len(wrong) > 5 else ""
        raise Refused("Nothing was recorded. " + " ".join(wrong[:5]) + more)
    return points


def first_day(day: date, period: str) -> date:
    """The first day of the period that a day lies in."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1) if period == "year" else day
