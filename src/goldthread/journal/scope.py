"""For which organisation, and as which person, the present transaction acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connections, transaction

#: The installation itself, for events that belong to no organisation (loads of published statistics, settings).
INSTALLATION = 0


def enter(organisation: int, person: UUID | None = None, *, using: str = "default") -> None:
    """Set the scope of the open transaction; it ends with the transaction. Outside one this has no effect, so it is an error."""
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("a scope lasts as long as its transaction: call enter() inside transaction.atomic()")
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('goldthread.organisation', %s, true), set_config('goldthread.person', %s, true)",
            [str(organisation), str(person) if person else ""],
        )


@contextmanager
def acting_for(organisation: int, person: UUID | None = None, *, using: str = "default") -> Iterator[None]:
    """One transaction in the scope of `organisation`."""
    with transaction.atomic(using=using):
        enter(organisation, person, using=using)
        yield


@contextmanager
def crossing(organisation: int, *, using: str = "default") -> Iterator[None]:
    """Part of the open transaction in another organisation's scope, then back. For what organisations do together; every use is
    named in docs/decisions/0007.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "select current_setting('goldthread.organisation', true), current_setting('goldthread.person', true)"
        )
        here, who = cursor.fetchone()
    enter(organisation, UUID(who) if who else None, using=using)
    try:
        yield
    finally:
        if not connections[using].needs_rollback and here:
            enter(int(here), UUID(who) if who else None, using=using)
