"""goldthread work: the job process. Any number may run; each clock still fires once."""

import logging
import signal
import threading
from collections.abc import Callable

import click

log = logging.getLogger(__name__)

#: The longest pause between tries while the database is away, in seconds.
PATIENCE = 30.0


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--pause", default=2.0, show_default=True, type=click.FloatRange(min=0.01), help="Seconds between looks.")
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
    """One round after another until `stopping`: the present transaction is finished, then it ends.

    A database that is away is waited for, a little longer each time; nothing is lost meanwhile.
    """
    from django.db import Error, close_old_connections, connections

    away = 0
    while True:
        busy = False
        try:
            busy = one_round(stopping.is_set)
            away = 0
        except Error as error:
            away += 1
            log.error("waiting for the database: %s", type(error).__name__)
            for connection in connections.all(initialized_only=True):
                connection.close()
            if once:
                raise
        if once or stopping.wait(min(pause * 2 ** min(away, 10), PATIENCE) if away else 0 if busy else pause):
            return
        close_old_connections()


def one_round(stopping: Callable[[], bool] = lambda: False) -> bool:
    """Clocks, then seals, then messages; each in transactions of its own, and none in the way of the next.

    True when there may be more to do at once.
    """
    from django.db import Error

    from goldthread.journal import seals
    from goldthread.record import outbox, sweeper

    done = []
    for what in (lambda: sweeper.sweep(stopping=stopping), seals.seal_all, outbox.deliver):
        if stopping():
            break
        try:
            done.append(what())
        except Error:
            raise
        except Exception:
            log.exception("a job failed; the others go on")
    return bool(done) and done[0] >= sweeper.MOST
