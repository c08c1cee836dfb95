"""Setting and stopping clocks."""

from datetime import datetime
from uuid import uuid4

from goldthread.record.models import Clock
from goldthread.record.refs import Ref


def set_clock(
    about: Ref, *, organisation_id: int, purpose: str, due_at: datetime, anonymous: bool = False, using: str = "default"
) -> Clock:
    """Let something happen at `due_at` unless the clock is stopped before; replaces a pending clock of the same purpose."""
    stop_clock(about, organisation_id=organisation_id, purpose=purpose, using=using)
    clock = Clock(
        organisation_id=organisation_id,
        practice=about.practice,
        about_kind=about.kind,
        about_id=about.id,
        purpose=purpose,
        due_at=due_at,
        not_before=due_at,
    )
    if anonymous:
        clock.id = uuid4()  # a version 7 id would tell the time of day
    clock.save(using=using, force_insert=True)
    return clock


def stop_clock(about: Ref, *, organisation_id: int, purpose: str, using: str = "default") -> None:
    """Stop the pending (or parked) clock of a purpose, if there is one: what it waited for has happened."""
    waiting = Clock.objects.using(using).filter(
        organisation_id=organisation_id,
        practice=about.practice,
        about_kind=about.kind,
        about_id=about.id,
        purpose=purpose,
    )
    waiting.filter(state__in=("pending", "parked")).update(state="stopped")
