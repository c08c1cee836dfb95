"""A whole installation of one's own: a folder, an embedded server, processes; all of it may be killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.faults.private import PRELUDE, ROOT

SEED = """
from django.core.management import call_command
from goldthread.journal import database
database.prepare()
call_command("migrate", database="owner", verbosity=0)
from tests.system import seed_small_system
answer(seed_small_system())
"""


@dataclass
class Installation:
    """`seeded` as in tests/system.py; `environment` is what every process of this installation needs."""

    home: Path
    environment: dict[str, str]
    seeded: dict[str, Any]

    def start(self, code: str, given: Any = None) -> subprocess.Popen[str]:
        """Python on `code` (tests/faults/private.py), here."""
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PRELUDE + code, json.dumps(given, default=str)],
            env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, code: str, given: Any = None) -> Any:
        """What the script answered."""
        out, err = (process := self.start(code, given)).communicate(timeout=120)
        assert process.returncode == 0, err[-3000:]
        return json.loads(out.strip().splitlines()[-1])

    def command(self, *arguments: str, log: Path) -> subprocess.Popen[str]:
        """`goldthread …`, here, left running."""
        with log.open("a") as file:
            return subprocess.Popen([sys.executable, "-m", "goldthread.cli.main", *arguments], env=self.environment, cwd=ROOT,
                                    stdin=subprocess.DEVNULL, stdout=file, stderr=file, text=True)  # fmt: skip

    def connect(self) -> psycopg.Connection:
        """The superuser, each statement committed."""
        lines = (self.home / "database" / "postmaster.pid").read_text().splitlines()
        return psycopg.connect(host=lines[4].strip(), port=5432, user="postgres", dbname="goldthread", autocommit=True)

    def postmaster(self) -> psutil.Process | None:
        """The running server, if it runs."""
        file = self.home / "database" / "postmaster.pid"
        if not file.exists():
            return None
        try:
            found = psutil.Process(int(file.read_text().splitlines()[0]))
            return found if "postgres" in found.name() and str(self.home) in " ".join(found.cmdline()) else None
        except psutil.NoSuchProcess:
            return None

    def kill_database(self) -> int:
        """SIGKILL to the server and all its processes, as if the machine had taken them; returns how many."""
        main = self.postmaster()
        assert main is not None
        family = [main, *main.children(recursive=True)]
        main.suspend()  # it would restart what dies before it
        family = list({one.pid: one for one in [*family, *main.children(recursive=True)]}.values())
        for one in family:
            try:
                one.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(family, timeout=10)
        return len(family)

    def start_database(self) -> None:
        """Start it again; PostgreSQL recovers by itself."""
        assert self.run("answer(1)") == 1


@contextmanager
def installation() -> Iterator[Installation]:
    """Make one, with the small system committed; at the end nothing of it is left."""
    home = Path(tempfile.mkdtemp(prefix="gt-fault-", dir="/tmp"))
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "GOLDTHREAD_DATABASE", "GOLDTHREAD_DEMO")}  # fmt: skip
    made = Installation(home, {**environment, "GOLDTHREAD_HOME": str(home)}, {})
    try:
        made.seeded = made.run(SEED)
        yield made
    finally:
        main = made.postmaster()
        if main is not None:
            main.send_signal(signal.SIGQUIT)
            psutil.wait_procs([main], timeout=10)
        shutil.rmtree(home, ignore_errors=True)


def until(true: Callable[[], Any], seconds: float = 20, pause: float = 0.05) -> Any:
    """Wait until something is so; fails when it never is."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, f"not so after {seconds} seconds"
        time.sleep(pause)
    return found
