"""The command line's contract: what starts, what it prints, and the exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from goldthread.cli.main import COMMANDS, goldthread
from goldthread.journal.database import APP, OWNER, parameters
from tests.faults.private import as_owner, as_superuser, private_database, run

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments, **environment):
    """A fresh process, as a terminal starts it."""
    return subprocess.run(
        [sys.executable, "-m", "goldthread.cli.main", *arguments], env={**os.environ, **environment}, cwd=ROOT, capture_output=True, text=True, timeout=60
    )  # fmt: skip


@pytest.fixture
def database(seeded, migrated):
    """A copy of the small system for processes of their own."""
    with private_database(migrated) as name:
        yield name


def test_the_help_names_every_command_and_imports_none():
    code = "import sys; from goldthread.cli.main import goldthread; goldthread(['--help'], standalone_mode=False); " \
           "sys.exit(int(any(name in sys.modules for name in ('django', 'psycopg', 'uvicorn', 'numpy'))))"  # fmt: skip
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stderr
    for name in COMMANDS:
        assert f"  {name}" in found.stdout


def test_charts_need_no_server_and_no_django(tmp_path):
    file = tmp_path / "values.csv"
    file.write_text("day,value\n" + "".join(f"{day},{day % 5}\n" for day in range(1, 30)))
    code = "import sys; from goldthread.cli.main import goldthread\n" \
           "goldthread(sys.argv[1:], standalone_mode=False)\n" \
           "sys.exit(int(any(name in sys.modules for name in ('django', 'psycopg'))))"  # fmt: skip
    found = subprocess.run([sys.executable, "-c", code, "spc", str(file), "--date", "day", "--value", "value", "--json"], cwd=ROOT,
                           env={**os.environ, "GOLDTHREAD_HOME": str(tmp_path / "none")}, capture_output=True, text=True, timeout=60)  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["series"]
    assert not (tmp_path / "none").exists()


def test_a_command_that_does_not_exist():
    found = CliRunner().invoke(goldthread, ["sing"])
    assert found.exit_code == 2
    assert "sing" in found.stderr


@pytest.mark.parametrize("arguments", [["verify"], ["work", "--once"]])
def test_a_stopped_database_is_one_calm_sentence(arguments):
    found = command(*arguments, DATABASE_URL="postgresql://goldthread@127.0.0.1:9/goldthread")
    assert found.returncode == 2
    assert found.stdout == ""
    assert "The database does not answer" in found.stderr
    assert "DATABASE_URL" in found.stderr
    assert "Traceback" not in found.stderr


def test_an_address_that_is_none_says_how_it_must_look():
    found = command("verify", DATABASE_URL="mysql://somewhere")
    assert found.returncode == 2
    assert "postgresql://user:password@host:5432/database" in found.stderr


def test_a_head_that_cannot_be_read():
    found = command("verify", "--head", "7:two:three")
    assert found.returncode == 2
    assert "organisation:seq:sha256" in found.stderr
    assert found.stdout == ""


MAKE = """
from goldthread.journal import scope
from goldthread.journal.events import SYSTEM, leave
with scope.acting_for(given):
    for _ in range(5):
        leave("test.happened", by=SYSTEM, at=datetime.now(UTC), organisation_id=given, practice="test", object_kind="thing")
answer(1)
"""


def test_work_seals_verify_proves_and_check_looks(database, seeded):
    trust = seeded["trust"][0]
    run(MAKE, database, trust)
    assert command("work", "--once", GOLDTHREAD_DATABASE=database).returncode == 0
    found = command("verify", "--json", GOLDTHREAD_DATABASE=database)
    assert found.returncode == 0, found.stderr
    said = json.loads(found.stdout)
    assert (said["events"], said["broken"], said["unsealed"]) == (5, [], 0)
    head = said["heads"][0]
    assert head.startswith(f"{trust}:5:")
    assert command("verify", "--head", head, GOLDTHREAD_DATABASE=database).stdout.count(f"head {head}") == 1

    well = command("check", "--json", GOLDTHREAD_DATABASE=database)
    assert well.returncode == 0, well.stdout + well.stderr
    assert json.loads(well.stdout)["ok"] is True

    with as_superuser(database) as anybody:
        anybody.execute("alter table journal_event disable trigger all")
        anybody.execute(
            "update journal_event set kind = 'test.never' where id = (select event_id from journal_eventseal where seq = 3)"
        )
        bad = anybody.execute("select event_id from journal_eventseal where seq = 3").fetchone()[0]
    found = command("verify", GOLDTHREAD_DATABASE=database)
    assert found.returncode == 1
    assert str(bad) in found.stdout
    assert "changed after it was sealed" in found.stdout
    sick = command("check", "--json", GOLDTHREAD_DATABASE=database)
    assert sick.returncode == 1
    assert {one["what"] for one in json.loads(sick.stdout)["findings"] if not one["ok"]} == {"append-only guards"}


def test_check_says_what_is_wrong_and_what_would_be_right(database, seeded):
    trust = seeded["trust"][0]
    run(MAKE, database, trust)
    with as_owner(database) as owner:
        owner.execute("update journal_unsealedevent set since = now() - interval '5 minutes'")
        for state, minutes in (("pending", 30), ("parked", 600)):
            owner.execute(
                "insert into record_clock (organisation_id, practice, about_kind, about_id, purpose, due_at, not_before, state, last_error)"
                " values (%s, 'voice', 'idea', gen_random_uuid(), 'nudge', now(), now() - %s * interval '1 minute', %s, 'ValueError: no')",
                [trust, minutes, state],
            )
    found = command("check", "--json", GOLDTHREAD_DATABASE=database)
    wrong = {one["what"]: one for one in json.loads(found.stdout)["findings"] if not one["ok"]}
    assert found.returncode == 1
    assert set(wrong) == {"clocks", "parked clocks", "seals"}
    assert "goldthread work" in wrong["clocks"]["remedy"]
    assert wrong["parked clocks"]["found"] == "1 voice/nudge: ValueError: no"
    readable = command("check", GOLDTHREAD_DATABASE=database, COLUMNS="160")
    assert readable.returncode == 1
    assert "3 of " in readable.stdout
    assert "Traceback" not in readable.stderr


def test_check_without_a_database_says_so():
    found = command("check", "--json", DATABASE_URL="postgresql://goldthread@127.0.0.1:9/goldthread")
    assert found.returncode == 1
    first = json.loads(found.stdout)["findings"][0]
    assert (first["what"], first["ok"]) == ("database", False)
    assert "refused" in first["found"]


def test_check_of_an_empty_database_asks_for_migration(migrated):
    import psycopg

    with psycopg.connect(**parameters(None, database="postgres"), autocommit=True) as server:
        server.execute("create database nothing_in_it")
    try:
        found = command("check", "--json", GOLDTHREAD_DATABASE="nothing_in_it")
    finally:
        with psycopg.connect(**parameters(None, database="postgres"), autocommit=True) as server:
            server.execute("drop database nothing_in_it with (force)")
    assert found.returncode == 1
    assert {one["what"] for one in json.loads(found.stdout)["findings"] if not one["ok"]} == {"migrations"}


def test_a_taken_port_is_refused(migrated):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = command("serve", "--port", str(taken.getsockname()[1]))
    assert found.returncode == 2
    assert "--port" in found.stderr


def test_days_begin_where_the_installation_is(monkeypatch):
    monkeypatch.setenv("GOLDTHREAD_TIME_ZONE", "Europe/Paris")
    assert parameters(APP)["options"] == "-c goldthread.time_zone=Europe/Paris"
    assert parameters(OWNER)["options"] == "-c role=goldthread_owner -c goldthread.time_zone=Europe/Paris"
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://me:secret@db/goldthread?sslmode=require&options=-c%20statement_timeout%3D9s"
    )
    found = parameters(APP)
    assert found["options"] == "-c statement_timeout=9s -c role=goldthread_app -c goldthread.time_zone=Europe/Paris"
    assert found["sslmode"] == "require"
