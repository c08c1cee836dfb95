"""goldthread verify: recompute the event hash chain."""

import json
import sys

import click
from rich.console import Console
from rich.progress import Progress


@click.command()
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="ORG:SEQ:SHA256",
    help="A head kept earlier: finds a tail that was cut off.",
)
@click.option("--json", "as_json", is_flag=True)
def verify(heads: tuple[str, ...], as_json: bool) -> None:
    """Recompute every organisation's chain from the stored events. Exit 1 and the first bad event if one is broken."""
    from goldthread.cli.start import start
    from goldthread.journal import seals

    try:
        expected = tuple(seals.Head.parse(text) for text in heads)
    except ValueError as error:
        print(f"--head: {error}", file=sys.stderr)
        sys.exit(2)
    start(migrate=False)
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as progress:
        task = progress.add_task("Events", total=None)
        found = seals.verify(expected, progress=lambda done: progress.update(task, completed=done))
    if as_json:
        print(json.dumps({"events": found.events, "heads": [str(head) for head in found.heads], "broken": list(found.broken),
                          "unsealed": found.unsealed, "unsealed_too_long": found.unsealed_too_long}))  # fmt: skip
    else:
        print(f"{found.events:,} sealed events; {found.unsealed} waiting for a seal")
        for head in found.heads:
            print(f"head {head}")
        for line in found.broken:
            print(f"BROKEN: {line}")
        if found.unsealed_too_long:
            print(
                f"{found.unsealed_too_long} events have waited for a seal for over a minute: is `goldthread work` running?"
            )
    sys.exit(1 if found.broken else 0)
