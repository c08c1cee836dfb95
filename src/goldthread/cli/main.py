"""The `goldthread` command. Each subcommand lives in a module of its own, read only when it is called."""

import importlib
import os
import sys
from typing import Any

import click

COMMANDS = {
    "demo": ("goldthread.cli.demo", "The whole system running with demonstration data"),
    "serve": ("goldthread.cli.serve", "The web process"),
    "work": ("goldthread.cli.work", "The job process: clocks, seals, messages"),
    "load": ("goldthread.cli.load", "Load real data from published or local files"),
    "check": ("goldthread.cli.check", "The operator's doctor"),
    "verify": ("goldthread.cli.verify", "Recompute the event hash chain"),
    "export": ("goldthread.cli.export", "Tidy tables of what the caller may see"),
    "account": ("goldthread.cli.account", "Let a person sign in with a password"),
    "spc": ("goldthread.cli.spc", "Control charts and run charts of a file"),
    "rights": ("goldthread.cli.rights", "Who may decide what: check a scheme, ask it, replay past decisions"),
}


class Lazy(click.Group):
    """Lists every command but imports only the one that is called, so that `spc` starts without a database."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The commands in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command, imported now."""
        if name not in COMMANDS:
            return None
        found: click.Command = getattr(importlib.import_module(COMMANDS[name][0]), name)
        return found

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The help page's list, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.command(cls=Lazy)
@click.option("--as", "person", metavar="PERSON", help="Act as this person (code or e-mail).")
@click.option("--organisation", metavar="CODE", help="For this organisation.")
@click.version_option(package_name="goldthread")
@click.pass_context
def goldthread(context: click.Context, person: str | None, organisation: str | None) -> None:
    """An improvement operating system: every change has a thread."""
    context.obj = {"person": person, "organisation": organisation}


def main() -> Any:
    """Run the command line. A broken pipe is nobody's fault; a database that is away is one calm sentence."""
    try:
        return goldthread(prog_name="goldthread")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as end:
        if isinstance(end.code, str):  # something given to us cannot be used, and the text says what
            print(end.code, file=sys.stderr)
            sys.exit(2)
        raise
    except Exception as error:
        if type(error).__module__.startswith("psycopg") or type(error).__name__ in (
            "OperationalError",
            "InterfaceError",
        ):
            print(
                f"The database does not answer: {str(error).strip().splitlines()[0]}\nStart it, or check DATABASE_URL, and try again.",
                file=sys.stderr,
            )
            sys.exit(2)
        raise


if __name__ == "__main__":
    main()
