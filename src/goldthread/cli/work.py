"""goldthread work: the job process. Any number may run; each clock still fires once."""

import logging
import signal
import threading

import click

log = logging.getLogger(__name__)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--pause", default=2.0, show_default=True, help="Seconds between looks.")
def work(once: bool, pause: float) -> None:
    """Fire clocks, seal events and deliver messages until stopped."""
    from goldthread.cli.start import start

    start()
    stopping = threading.Event()
    if not once:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopping.set())
    loop(stopping, pause=pause, once=once)


def loop(stopping: threading.Event, *, pause: float = 2.0, once: bool = False) -> None:
    """One round after another until `stopping`. A database that is away is waited for; nothing is lost meanwhile."""
    from django.db import Error, close_old_connections, connections

    while True:
        try:
            one_round()
        except Error as error:
            log.error("waiting for the database: %s", type(error).__name__)
            for connection in connections.all():
                connection.close()
            if once:
                raise
        if once or stopping.wait(pause):
            return
        close_old_connections()


def one_round() -> None:
    """Clocks, then seals, then messages; each in transactions of its own."""
    from goldthread.journal import seals
    from goldthread.record import outbox, sweeper

    sweeper.sweep()
    seals.seal_all()
    outbox.deliver()
