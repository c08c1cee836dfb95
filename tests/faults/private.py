"""A database of one's own, for what must be committed: many at once, killed processes, tampering."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connections

from goldthread.journal.database import OWNER, parameters

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("GOLDTHREAD_FAULT_ROUNDS", "1"))

#: What every script begins with. `given` is what the test handed over; `answer(…)` hands back.
PRELUDE = """
import json, os, sys, threading, time
from datetime import UTC, date, datetime, timedelta
given = json.loads(sys.argv[1])
def answer(found): print("\\n" + json.dumps(found, default=str), flush=True)
from goldthread.cli.start import start
start(migrate=False, keep=True)
from django.db import connections, transaction
"""


@contextmanager
def private_database(template: str) -> Iterator[str]:
    """A copy of a migrated database, with all that was committed to it; dropped afterwards, whoever is still connected."""
    name = f"private_{uuid4().hex[:10]}"
    for alias in connections:
        connections[alias].close()
    with psycopg.connect(**parameters(None, database="postgres"), autocommit=True) as server:
        for patience in range(50):
            try:
                server.execute(f"create database {name} template {template} owner goldthread_owner")
                break
            except psycopg.errors.ObjectInUse:  # a connection that is just being closed
                if patience == 49:
                    raise
                time.sleep(0.1)
        try:
            yield name
        finally:
            server.execute(f"drop database if exists {name} with (force)")


def script(code: str, database: str, given: Any = None, **environment: str) -> subprocess.Popen[str]:
    """Start Python on `code`, in an installation that uses `database`."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PRELUDE + code, json.dumps(given, default=str)],
        env={**os.environ, "GOLDTHREAD_DATABASE": database, **environment}, cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process: subprocess.Popen[str], timeout: float = 60) -> Any:
    """What the script answered; an error shows its last words."""
    out, err = process.communicate(timeout=timeout)
    assert process.returncode == 0, err[-3000:]
    return json.loads(out.strip().splitlines()[-1])


def run(code: str, database: str, given: Any = None, **environment: str) -> Any:
    """Start a script and wait for its answer."""
    return finish(script(code, database, given, **environment))


def as_owner(database: str) -> psycopg.Connection:
    """A connection as the owner, each statement committed."""
    return psycopg.connect(**parameters(OWNER, database=database), autocommit=True)


def as_superuser(database: str) -> psycopg.Connection:
    """A connection as somebody who can do anything: whom the seals are there to find."""
    return psycopg.connect(**parameters(None, database=database), autocommit=True)
