"""goldthread check: the operator's doctor. Says what is wrong and what would put it right."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import click

from goldthread.journal import database
from goldthread.journal.database.connection import APP, DEFINER, JOBS, OWNER, parameters

OLDEST_SERVER = 15
LITTLE_SPACE = 1_000_000_000  # bytes


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, what was found, and what to do where it is not."""

    what: str
    ok: bool
    found: str
    remedy: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(as_json: bool) -> None:
    """Look at the database, migrations, clocks, seals, the record's invariants and the disk. Exit 1 if something is wrong."""
    findings = [one if not one.ok else replace(one, remedy="") for one in _examine()]
    if as_json:
        click.echo(json.dumps({"ok": all(one.ok for one in findings), "findings": [asdict(one) for one in findings]}))
    else:
        _show(findings)
    sys.exit(0 if all(one.ok for one in findings) else 1)


def _show(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for one in findings:
        table.add_row("ok" if one.ok else "[bold red]wrong[/]", one.what, one.found if one.ok else f"{one.found}. {one.remedy}")  # fmt: skip
    console = Console(highlight=False)
    console.print(table)
    wrong = sum(not one.ok for one in findings)
    console.print(f"\n{wrong} of {len(findings)} need attention" if wrong else "\nEverything is as it should be")


def _examine() -> Iterator[Finding]:
    """From the ground up; what stands on something that is missing is not looked at."""
    import psycopg

    database.start()
    try:
        with psycopg.connect(**parameters(None), autocommit=True, connect_timeout=5) as connection:
            yield _version(connection)
            roles = _roles(connection)
            yield roles
            prepared = connection.execute("select to_regclass('django_migrations') is not null").fetchone()
    except psycopg.OperationalError as error:
        yield Finding("database", False, _reason(error),
                      "Start it, or correct DATABASE_URL; a new installation is made by goldthread serve or demo")  # fmt: skip
        yield _disk()
        return
    if roles.ok and prepared and prepared[0]:
        from goldthread.cli.start import start

        start(migrate=False)
        migrations = _migrations()
        yield migrations
        if migrations.ok:
            yield from _record()
    else:
        yield Finding("migrations", False, "none were applied", "Run goldthread serve or goldthread work once: they migrate")  # fmt: skip
    yield _disk()


def _reason(error: Exception) -> str:
    """The server's own words, without where they were said."""
    return str(error).strip().splitlines()[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip()


def _version(connection: Any) -> Finding:
    number = connection.info.server_version
    where = "DATABASE_URL" if os.environ.get("DATABASE_URL") else "embedded"
    return Finding("database", number // 10000 >= OLDEST_SERVER, f"PostgreSQL {number // 10000}.{number % 10000} answers ({where})",
                   f"Use PostgreSQL {OLDEST_SERVER} or newer")  # fmt: skip


def _roles(connection: Any) -> Finding:
    rows = connection.execute(
        "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = any(%s)", [[OWNER, APP, JOBS, DEFINER]]
    ).fetchall()
    missing = {OWNER, APP, JOBS, DEFINER} - {row[0] for row in rows}
    if missing:
        return Finding("roles", False, f"missing: {', '.join(sorted(missing))}", "Run goldthread serve or work once: they prepare the database")  # fmt: skip
    strong = sorted(row[0] for row in rows if row[1] or (row[2] and row[0] != DEFINER))
    if strong:
        return Finding("roles", False, f"above the access rules: {', '.join(strong)}", "ALTER ROLE … NOSUPERUSER NOBYPASSRLS")  # fmt: skip
    return Finding("roles", True, "owner, app, jobs and definer, none above the access rules")


def _migrations() -> Finding:
    from goldthread.cli.start import unapplied

    waiting = unapplied()
    return Finding("migrations", not waiting, f"not applied: {', '.join(waiting)}" if waiting else "all applied",
                   "Run goldthread serve or goldthread work once: they migrate")  # fmt: skip


def _rows(statement: str) -> list[tuple]:
    """What the owner of the tables finds, over all organisations."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _none(what: str, statement: str, good: str, wrong: str, remedy: str) -> Finding:
    """Fine where the statement counts nothing."""
    count = int(_rows(statement)[0][0])
    return Finding(what, not count, good if not count else f"{count:,} {wrong}", remedy)


def _record() -> Iterator[Finding]:
    yield _none("clocks", "select count(*) from record_clock where state = 'pending' and not_before < goldthread_now() - interval '5 minutes'",
                "none is overdue", "are more than five minutes overdue", "Is goldthread work running?")  # fmt: skip
    parked = _rows("select practice, purpose, count(*), max(last_error) from record_clock where state = 'parked' group by 1, 2 order by 1, 2")  # fmt: skip
    yield Finding("parked clocks", not parked, "; ".join(f"{number} {practice}/{purpose}: {error}" for practice, purpose, number, error in parked) or "none",
                  "Put right what failed, then: update record_clock set state = 'pending', attempts = 0 where state = 'parked'")  # fmt: skip
    yield _none("seals", "select count(*) from journal_unsealedevent where since < goldthread_now() - interval '1 minute'",
                "no event has waited longer than a minute", "events have waited for a seal for over a minute", "Is goldthread work running?")  # fmt: skip
    yield _none("journal", "select count(*) from journal_event e where not exists (select from journal_eventseal s where s.event_id = e.id)"
                " and not exists (select from journal_unsealedevent q where q.event_id = e.id)",
                "every event is sealed or waits to be", "events have neither a seal nor a place in the queue", "Run goldthread verify")  # fmt: skip
    yield _none("append-only guards", "select count(*) from pg_trigger where tgname ~ '_(append_only|no_truncate|final)$' and tgenabled <> 'O'",
                "all are on", "are switched off", "ALTER TABLE … ENABLE TRIGGER, then goldthread verify")  # fmt: skip
    yield _none("row-level security", "select count(*) from pg_class c where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
                " and exists (select from pg_policies where tablename = c.relname) and not (relrowsecurity and relforcerowsecurity)",
                "on and forced wherever there is a policy", "tables have a policy that is not in force", "ALTER TABLE … FORCE ROW LEVEL SECURITY")  # fmt: skip
    yield _none("open decisions", "select count(*) from record_decision d where state = 'open' and not exists (select from record_clock c where"
                " c.about_id = d.id and c.purpose = 'decision_due' and c.state in ('pending', 'parked'))",
                "each has a clock", "have no clock", "Restore from the last backup that passes, and tell the authors of goldthread")  # fmt: skip
    yield _none("decision-makers", "select count(*) from record_decision d where state = 'open' and not exists (select from goldthread_deciders(d.id))",
                "each open decision has somebody who may take it", "open decisions have nobody who may take them",
                "Give somebody a role at the deciding unit or above it (unit manager)")  # fmt: skip
    yield _none("rounds", "select count(*) from record_round r join record_decision d on d.id = r.decision_id where r.stage <> 'closed' and (d.state <> 'open'"
                " or not exists (select from record_clock c where c.about_id = r.id and c.purpose = 'round_closes' and c.state in ('pending', 'parked')))",
                "each open proposal has a clock and an open question", "open proposals have no clock or no open question",
                "Restore from the last backup that passes, and tell the authors of goldthread")  # fmt: skip
    yield _none("schemes in force", "select count(*) from record_schemeterm a join record_schemeterm b on a.unit_id = b.unit_id and a.id < b.id and a.period && b.period",
                "at most one for each unit and day", "pairs of schemes are in force at once", "Restore from the last backup that passes, and tell the authors of goldthread")  # fmt: skip
    yield _none("promises", "select count(*) from record_commitment p where state = 'promised' and due_on >= goldthread_now()::date and not exists"
                " (select from record_clock c where c.about_id = p.id and c.state in ('pending', 'parked'))",
                "each open one has a clock", "open promises have no clock", "Restore from the last backup that passes, and tell the authors of goldthread")  # fmt: skip
    yield _none("messages", "select count(*) from record_notice where told_at is null and at < goldthread_now() - interval '3 days'",
                "none has waited for longer than three days", "have waited for longer than three days", "Look at the log of goldthread work: is the mail server reached?")  # fmt: skip


def _disk() -> Finding:
    """Where the installation's folder is, with its database, keys and outgoing mail."""
    folder = database.home()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding("disk", free > LITTLE_SPACE, f"{free / 1e9:,.1f} GB free at {folder}", "Free some space: at none, nothing can be recorded")  # fmt: skip
