"""goldthread load: real data from published or local files."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

KINDS = ("ods-trusts", "ae-monthly", "ae-nhsr", "beds-monthly", "rtt-monthly", "units", "people")
SHOWN = 20
PATIENCE = 2.0  # seconds before anybody is told how far it is


class Progress:
    """How far a file has come, on standard error, once it takes longer than PATIENCE."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.since = time.monotonic()
        self.status: Any = None

    def told(self, step: str, rows: int) -> None:
        """Called by the loader from time to time."""
        if self.status is None and time.monotonic() - self.since > PATIENCE:
            from rich.console import Console

            self.status = Console(stderr=True).status("")
            self.status.start()
        if self.status is not None:
            self.status.update(f"{self.name}: {step}, {rows:,} rows")

    def end(self) -> None:
        """Leave the line as it was."""
        if self.status is not None:
            self.status.stop()


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and count, but keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every rejected line.")
def load(kind: str, files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Load real data. The same file twice changes nothing; each file is loaded whole or not at all."""
    from goldthread.cli.start import start

    start()
    from goldthread.record.load import Unusable
    from goldthread.record.load import load as load_file

    reports = []
    problem = ""
    for path in files:
        progress = Progress(path.name)
        try:
            report = load_file(kind, path, dry_run=dry_run, told=progress.told, rejections=None if as_json else SHOWN)
        except Unusable as error:
            problem = str(error)
            break
        finally:
            progress.end()
        reports.append(report)
        if not as_json:
            click.echo(f"{report.file}{' (dry run: nothing kept)' if dry_run else ''}")
            click.echo(
                "  "
                + ", ".join(
                    f"{number:,} {name.replace('_', ' ')}"
                    for name, number in report.counts().items()
                    if number or name != "passed_over"
                )
            )
            for line, reason in report.rejections:
                click.echo(f"  line {line}: {reason}")
            if report.rejected > len(report.rejections):
                click.echo(f"  and {report.rejected - len(report.rejections):,} more; --json lists them all")
    if as_json:
        out = [
            asdict(report) | {"rejections": [{"line": line, "reason": reason} for line, reason in report.rejections]}
            for report in reports
        ]
        click.echo(json.dumps({"dry_run": dry_run, "files": out, "problem": problem or None}, indent=2))
    if problem:
        click.echo(problem, err=True)
        sys.exit(2)
