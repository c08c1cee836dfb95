"""The database stops while people work: a calm page, nothing lost, and all is well once it is back, without a restart of ours."""

import socket
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from tests.faults.installation import until

RAISE = """
from goldthread.organisation.access import viewer_of
from goldthread.organisation.models import Unit
from goldthread.practices.voice.actions.ideas import raise_idea
at = datetime.now(UTC)
with transaction.atomic():
    raise_idea(by=viewer_of(given["organisation"], given["nurse"], at), at=at, unit=Unit.objects.get(id=given["ward7"]), text="A hoist")
answer(1)
"""


def get(address):
    """Status, page and headers."""
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.status, response.read().decode(), response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


@pytest.fixture
def running(own, tmp_path):
    """`goldthread serve`, with its connection pool, and `goldthread work`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    processes = [own.command("serve", "--port", str(port), log=log), own.command("work", "--pause", "0.2", log=log)]
    address = f"http://127.0.0.1:{port}"

    def up():
        try:
            return get(f"{address}/sign-in")[0] == 200
        except OSError:
            return False

    try:
        until(up)
        yield address, processes, log
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=15)


def test_a_calm_page_and_afterwards_everything_goes_on(own, running):
    address, processes, log = running
    own.kill_database()
    began = time.monotonic()
    status, page, headers = get(f"{address}/sign-in")
    assert time.monotonic() - began < 15
    assert status == 503
    assert headers["Retry-After"] == "30"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "Traceback" not in page
    assert "OperationalError" not in page
    assert "<h1" in page

    own.start_database()
    assert [get(f"{address}/sign-in")[0] for _ in range(15)] == [200] * 15  # no dead connection was kept
    assert [process.poll() for process in processes] == [None, None]

    # The job process has found it again: what was written meanwhile is sealed, and messages go out.
    given = {name: own.seeded[name][2] for name in ("nurse", "ward7")}
    own.run(RAISE, {**given, "organisation": own.seeded["trust"][0]})

    def done():
        with own.connect() as server:
            sealed = server.execute("select count(*) from journal_event e join journal_eventseal s on s.event_id = e.id where kind = 'voice.idea_raised'").fetchone()[0]  # fmt: skip
            told = server.execute("select count(*) from record_notice where told_at is not null").fetchone()[0]
        return sealed >= 1 and told >= 2

    until(done, seconds=45)
    assert "waiting for the database" in log.read_text()
    assert "Traceback" not in log.read_text().partition("waiting for the database")[0]


def test_a_sweeper_that_is_told_to_stop_finishes_what_it_does(own, tmp_path):
    log = tmp_path / "log"
    began = datetime.now(UTC)
    process = own.command("work", "--pause", "0.2", log=log)
    until(lambda: (datetime.now(UTC) - began).total_seconds() > 3)
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert "Traceback" not in log.read_text()
