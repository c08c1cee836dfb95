"""The database is killed with -9 under load: whatever it said was written is there afterwards."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.faults.private import ROOT, ROUNDS, finish, script

pytestmark = pytest.mark.faults
NAME = "goldthread_crash"

PREPARE = """
from goldthread.journal import database
database.prepare()
from django.core.management import call_command
call_command("migrate", database="owner", verbosity=0)
connections.close_all()
answer("ready")
"""
# One event a transaction, as the application, its id in a file that is on the disk, once the database has said "committed".
WRITER = """
import os, sys
import psycopg
from goldthread.journal.database import APP, parameters
said = open(sys.argv[1], "a", encoding="ascii")
with psycopg.connect(**parameters(APP), autocommit=True) as app:
    while True:
        with app.transaction():
            app.execute("select set_config('goldthread.organisation', '0', true)")
            made = app.execute("insert into journal_event (organisation_id, at, \\"on\\", actor_kind, kind, practice, object_kind) values"
                               " (0, now(), current_date, 'system', 'test.happened', 'test', 'thing') returning id").fetchone()[0]
        said.write(f"{made}\\n")
        said.flush()
        os.fsync(said.fileno())
"""
LOOK = """
from goldthread.journal import seals
with connections["jobs"].cursor() as cursor:
    cursor.execute("select id::text from journal_event")
    there = {row[0] for row in cursor.fetchall()}
while seals.seal_all(): pass
found = seals.verify()
answer({"lost": sorted(set(given["said"]) - there), "broken": found.broken, "unsealed": found.unsealed, "events": found.events})
"""


class Installation:
    """A goldthread of its own, whose database may be killed."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {"GOLDTHREAD_HOME": str(home)}

    def run(self, code, given=None):
        """Run a script here; it starts the database if it is down, and leaves it running."""
        return finish(script(code, NAME, given, **self.environment))

    def postmaster(self):
        """The running database's first process, or None."""
        pid = self.home / "database" / "postmaster.pid"
        with contextlib.suppress(OSError, psutil.Error, ValueError):
            return psutil.Process(int(pid.read_text().splitlines()[0]))
        return None

    def set(self, **settings):
        """Change settings of the running database, and say whether it is one that keeps what it writes."""
        socket = (self.home / "database" / "postmaster.pid").read_text().splitlines()[4].strip()
        with psycopg.connect(host=socket, port=5432, user="postgres", dbname=NAME, autocommit=True) as anybody:
            for name, value in settings.items():
                anybody.execute(f"alter system set {name} = '{value}'")
            anybody.execute("select pg_reload_conf()")
            return [anybody.execute(f"show {name}").fetchone()[0] for name in ("fsync", "full_page_writes")]

    def kill(self):
        """End every process of this database at once, as a power cut would."""
        first = self.postmaster()
        everybody = [first, *first.children(recursive=True)]
        for process in everybody:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(everybody, timeout=10)

    def write_until_killed(self, seconds, writers=3):
        """Everything that was acknowledged before the kill."""
        files = [self.home / f"said-{number}" for number in range(writers)]
        for file in files:
            file.unlink(missing_ok=True)
        environment = {**os.environ, **self.environment, "GOLDTHREAD_DATABASE": NAME}
        running = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(file)], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
            for file in files
        ]  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until and not all(file.exists() and file.stat().st_size > 40 for file in files):
            time.sleep(0.01)
        time.sleep(seconds)
        self.kill()
        for process in running:
            assert process.wait(timeout=15) != 0  # its connection broke
        return [line for file in files for line in file.read_text().splitlines() if len(line) == 36]


@pytest.fixture(scope="module")
def installation():
    """Made once for this file, in a folder that goes away."""
    home = Path(tempfile.mkdtemp(prefix="goldthread-crash-"))
    made = Installation(home)
    try:
        assert made.run(PREPARE) == "ready"
        yield made
    finally:
        if made.postmaster():
            made.kill()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_was_acknowledged_survives(installation, seed):
    said = installation.write_until_killed(random.Random(seed).uniform(0.3, 1.5))
    assert len(said) > 30
    found = installation.run(LOOK, {"said": said})
    assert found["lost"] == []
    assert (found["broken"], found["unsealed"]) == ([], 0)
    assert found["events"] >= len(said)


def test_the_control_loses_some(installation):
    """The same with commits that do not wait for the disk: the test above would notice. Runs last: the setting stays."""
    assert installation.set(synchronous_commit="off", wal_writer_delay="10s") == ["on", "on"]
    lost = 0
    for seconds in (0.4, 0.7, 1.1):
        said = installation.write_until_killed(seconds)
        found = installation.run(LOOK, {"said": said})
        assert found["broken"] == []  # what is left is whole all the same
        lost = len(found["lost"])
        if lost:
            break
    assert lost >= 1
