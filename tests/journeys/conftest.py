"""A real server on a database of its own, and a real Chromium in front of it.

    page                        a desk, 1280 px wide
    phone                       320 px wide
    page_without_javascript     a desk, scripts switched off
    any_page                    runs the test once with each of the three

A journey fails, whatever else it checks, if a page broke the content policy, a script failed, a file was missing or the
server answered with an error of its own.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

from tests.journeys.steps import WITHOUT_JAVASCRIPT
from tests.system import AT

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "goldthread_journeys"
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Site:
    """The running server and the database behind it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def rows(self, statement: str, *values: Any) -> list[tuple]:
        """What the database holds, as its owner sees it: to check what a journey has left behind."""
        with _owner() as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def site(
    migrated: str, seeded: dict, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The small system behind a real server, at its own time (tests/system.py); its people are the demonstration's."""
    with django_db_blocker.unblock():
        _copy_database(migrated)
    with _owner() as connection:
        connection.execute(
            "update organisation_account set email = replace(email, '@example.org', '@demo.goldthread.example')"
        )
        set_time(connection)
    log = tmp_path_factory.mktemp("server") / "log"
    port = _free_port()
    with _server(port, log) as process:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, log)
        yield Site(address)


def set_time(connection: psycopg.Connection) -> None:
    """Shift the copy's clock to the moment the small system lives in."""
    connection.execute("delete from goldthread_time_shift")
    connection.execute("insert into goldthread_time_shift (shift) values (%s - now())", [AT])


def _owner() -> psycopg.Connection:
    from goldthread.journal.database.connection import OWNER, parameters

    return psycopg.connect(**parameters(OWNER, database=DATABASE), autocommit=True)


def _copy_database(template: str) -> None:
    """A copy as it stands now. The original must have no connections while it is copied."""
    from django.db import connections

    from goldthread.journal.database.connection import OWNER, parameters

    connections.close_all()
    with psycopg.connect(**parameters(None, database="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(DATABASE)))
        make = sql.SQL("create database {} template {} owner {}").format(
            *map(sql.Identifier, (DATABASE, template, OWNER))
        )
        for attempt in range(50):
            try:
                server.execute(make)
                return
            except psycopg.errors.ObjectInUse:
                if attempt == 49:
                    raise
                time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _server(port: int, log: Path) -> Iterator[subprocess.Popen]:
    environment = {
        **os.environ,
        "GOLDTHREAD_DATABASE": DATABASE,
        "GOLDTHREAD_DEMO": "1",
        "GOLDTHREAD_ADDRESS": f"http://127.0.0.1:{port}",
        "GOLDTHREAD_POOL": "1",
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "goldthread.project.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    with log.open("wb") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{address}/cookies", timeout=5) as answer:
                answer.read()
            return
        except (URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")


# The browser. It lives as long as this folder's tests: Playwright keeps an event loop, which Django would take for its own.


def browser_path() -> str | None:
    """An installed browser; None lets Playwright use its own."""
    noted = ROOT / ".venv" / "browser-path"
    candidates = [os.environ.get("GOLDTHREAD_CHROMIUM"), noted.read_text().strip() if noted.exists() else None]
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in [*candidates, *map(shutil.which, names)] if path and Path(path).exists()), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser_path(), args=list(CHROMIUM))
        yield running
        running.close()


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own session, at a width, with or without scripts."""
    contexts = []
    faults: list[str] = []

    def opened(viewport: dict[str, int] = DESK, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.address,
            viewport=viewport,
            java_script_enabled=javascript,
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if not javascript:
            WITHOUT_JAVASCRIPT.add(context)
        page = context.new_page()
        _listen(page, faults)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def _listen(page: Page, faults: list[str]) -> None:
    page.on("pageerror", lambda error: faults.append(f"a script failed on {page.url}: {error}"))
    page.on(
        "console", lambda said: faults.append(f"{page.url}: {said.text}") if _breaks_the_policy(said.text) else None
    )
    page.on(
        "response",
        lambda answer: (
            faults.append(f"{answer.status} for {answer.url}")
            if answer.status >= 500 or (answer.status >= 400 and "/static/" in answer.url)
            else None
        ),
    )


def _breaks_the_policy(said: str) -> bool:
    # nhsuk-frontend's stylesheet names a font that no page of ours uses: Chromium mentions that it would be refused.
    return "Content Security Policy" in said and "assets.nhs.uk/fonts" not in said


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A desk."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """The narrowest phone."""
    return open_page(PHONE)


@pytest.fixture
def page_without_javascript(open_page: Callable[..., Page]) -> Page:
    """A desk with scripts switched off."""
    return open_page(javascript=False)


@pytest.fixture(params=["desk", "phone", "without JavaScript"])
def any_page(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    """Each of the three in turn."""
    return open_page(PHONE if request.param == "phone" else DESK, javascript=request.param != "without JavaScript")
