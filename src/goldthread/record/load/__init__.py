"""Loading files into the record: each file is one transaction, staged by COPY and checked in sets.

A file that cannot be used raises `Unusable`; a line that cannot be used is counted, with its number and the reason.
"""

import datetime as dt
import hashlib
import importlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from goldthread.journal import clock, scope
from goldthread.record.load.reading import Source, Unusable

JOBS = "jobs"
MODULES = {
    "ods-trusts": "ods",
    "ae-monthly": "published",
    "ae-nhsr": "published",
    "beds-monthly": "published",
    "rtt-monthly": "published",
    "units": "units",
    "people": "people",
}
KINDS = tuple(MODULES)
__all__ = [
    "JOBS", "KINDS", "Loading", "Report", "Unusable", "load", "read_dates", "reject_long", "reject_missing", "reject_repeated", "stage",
]  # fmt: skip

Told = Callable[[str, int], None]


@dataclass
class Report:
    """What became of the rows of one file. `read` is the sum of the other counts."""

    kind: str
    file: str
    sha256: str = ""
    read: int = 0
    added: int = 0
    unchanged: int = 0
    corrected: int = 0
    passed_over: int = 0  # rows of a kind that the loader does not take, such as other departments' attendances
    rejected: int = 0
    rejections: list[tuple[int, str]] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The numbers, for the journal and for print."""
        names = ("read", "added", "unchanged", "corrected", "passed_over", "rejected")
        return {name: getattr(self, name) for name in names}


@dataclass
class Loading:
    """One file on its way in."""

    kind: str
    path: Path
    at: dt.datetime
    cursor: Any
    told: Told
    report: Report

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        self.cursor.execute(sql, values or None)
        found: list[tuple[Any, ...]] = self.cursor.fetchall()
        return found

    def do(self, sql: str, *values: Any) -> int:
        """Run a statement; the number of rows it touched."""
        self.cursor.execute(sql, values or None)
        return int(self.cursor.rowcount)

    def temp(self, name: str, columns: str) -> None:
        """A table of this transaction; one left by an enclosing transaction is replaced."""
        self.do(f"drop table if exists pg_temp.{name}")
        self.do(f"create temp table {name} ({columns}) on commit drop")

    def reject(self, sql: str, *values: Any) -> int:
        """Move lines out of the staging table: `sql` selects line and reason."""
        count = self.do(
            f"insert into load_refused select distinct on (line) line, reason from ({sql}) as found (line, reason) "  # noqa: S608
            "order by line",
            *values,
        )
        if count:
            self.do("delete from load_rows using load_refused f where f.line = load_rows.line")
        return count


def load(
    kind: str,
    path: str | Path,
    *,
    at: dt.datetime | None = None,
    dry_run: bool = False,
    told: Told = lambda _step, _rows: None,
    rejections: int | None = None,
) -> Report:
    """Load one file in one transaction. `rejections` limits how many are kept in the report; all are counted."""
    module = importlib.import_module(f"goldthread.record.load.{MODULES[kind]}")
    path = Path(path)
    with transaction.atomic(using=JOBS):
        with connections[
            JOBS
        ].cursor() as cursor:  # one file at a time, so that two loads of one file add nothing twice
            cursor.execute("select pg_advisory_xact_lock(hashtext('goldthread.load'))")
        at = at or clock.now(using=JOBS)
        scope.enter(scope.INSTALLATION, using=JOBS)
        with connections[JOBS].cursor() as cursor:
            report = Report(kind, path.name)
            one = Loading(kind, path, at, cursor, told, report)
            one.temp("load_refused", "line integer, reason text")
            module.run(one)
            report.rejected = one.ask("select count(*) from load_refused")[0][0]
            report.rejections = [
                (line, reason)
                for line, reason in one.ask("select line, reason from load_refused order by 1 limit %s", rejections)
            ]
            module.remember(one)
        if dry_run:
            transaction.set_rollback(True, using=JOBS)
    return report


def stage(
    one: Loading, wanted: Sequence[str], optional: Sequence[str] = (), aliases: dict[str, str] | None = None
) -> None:
    """COPY the named columns of a file, all as text with the line number, into the temp table load_rows.

    `aliases` maps other spellings of a column's name (reading.plain) to the name asked for.
    """
    source = Source(one.path, wanted, optional, aliases or {})
    blocks = source.blocks()
    header, block = next(blocks, (None, None))
    if header is None or block is None:
        if source.digest.digest() == hashlib.sha256().digest():
            source.match([])
        raise Unusable(f"{one.path.name}: there is no row of values; a header row and at least one row are needed")
    there = [name or f"_{at}" for at, name in enumerate(header.columns)]
    absent = [name for name in optional if name not in there]
    # Codes are compared byte by byte: quicker than the database's own order of words, and the same everywhere.
    one.temp("load_rows", "line integer, " + ", ".join(f'"{name}" text collate "C"' for name in [*there, *absent]))
    refused: list[tuple[int, str]] = []
    names = ", ".join(f'"{name}"' for name in there)
    with one.cursor.copy(f"copy load_rows (line, {names}) from stdin with (format csv)") as copy:
        for _, part in itertools.chain([(header, block)], blocks):
            copy.write(part.csv)
            refused += part.refused
            one.report.read += part.rows
            one.told("reading", one.report.read)
    with one.cursor.copy("copy load_refused from stdin") as copy:
        for pair in refused:
            copy.write_row(pair)
    if not one.report.read:
        raise Unusable(f"{one.path.name}: there is no row of values; a header row and at least one row are needed")
    one.report.sha256 = source.digest.hexdigest()
    one.do("analyze load_rows")
    one.told("checking", one.report.read)


from goldthread.record.load.checks import (  # noqa: E402  (checks builds on Loading)
    read_dates,
    reject_long,
    reject_missing,
    reject_repeated,
)
