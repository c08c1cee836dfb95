"""goldthread demo: the whole system running with demonstration data."""

import os
import signal
import subprocess
import sys

import click
from rich.console import Console

from goldthread.journal import database

console = Console(stderr=True, highlight=False)


@click.command()
@click.option(
    "--profile",
    type=click.Choice(["nhs-ics", "company"]),
    help="Which words; fixed when the installation is made.  [default: nhs-ics]",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Load the demonstration, then end.")
def demo(profile: str | None, port: int, no_serve: bool) -> None:
    """Start the database, load the demonstration system if it is absent, and serve it."""
    from goldthread.cli.serve import require_free, run

    if not no_serve:
        require_free("127.0.0.1", port)
    _settle_profile(profile)
    os.environ["GOLDTHREAD_DEMO"] = "1"
    os.environ["GOLDTHREAD_ADDRESS"] = f"http://127.0.0.1:{port}"
    with console.status("Starting the database"):
        from goldthread.cli.start import start

        start()
    _load()
    if no_serve:
        return
    worker = subprocess.Popen([sys.executable, "-m", "goldthread.cli.main", "work"], stdin=subprocess.DEVNULL)
    # Ended by its terminal or its service manager, the web process must take the worker along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _say(port)
        os.environ.setdefault("GOLDTHREAD_POOL", "1")
        run("127.0.0.1", port)
    finally:
        worker.terminate()
        worker.wait(timeout=15)


def _settle_profile(wanted: str | None) -> None:
    from goldthread.cli.start import profile_file

    file = profile_file()
    if file.exists():
        there = file.read_text(encoding="utf-8").strip()
        if wanted and wanted != there:
            print(f"--profile: the installation in {database.home()} was made with the profile {there}, which is fixed. "
                  f"For {wanted}, name another folder: GOLDTHREAD_HOME=… goldthread demo --profile {wanted}", file=sys.stderr)  # fmt: skip
            sys.exit(2)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{wanted or 'nhs-ics'}\n", encoding="utf-8")


def _load() -> None:
    from goldthread.cli import demonstration

    finished = database.home() / "demonstration"
    if demonstration.is_loaded() and finished.exists():
        return
    if not demonstration.is_empty():
        print(f"The database in {database.home()} holds other data, or a demonstration whose making was interrupted. "
              "Use another folder: GOLDTHREAD_HOME=… goldthread demo", file=sys.stderr)  # fmt: skip
        sys.exit(2)
    with console.status("Making the demonstration system") as status:
        demonstration.load(lambda what: status.update(f"Making the demonstration system: {what.lower()}"))
    finished.write_text("complete\n", encoding="utf-8")


def _say(port: int) -> None:
    from goldthread.cli import demonstration

    out = Console(highlight=False)
    out.print(
        f"\n[bold]goldthread is running: http://127.0.0.1:{port}[/bold]   (Ctrl-C ends it; what you do is kept)\n"
    )
    out.print("Sign in as one of the people on the first page, for instance:")
    for email in demonstration.people()[:12]:
        out.print(f"  {email}")
    out.print()
