"""Leaving an event: the last line of every action, inside its transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from goldthread.journal.clock import local_date
from goldthread.journal.models import Event


@dataclass(frozen=True)
class Actor:
    """Who did it, for the journal: a person in a role, the operator, the system itself, a partner, or nobody known."""

    kind: str
    id: UUID | None = None
    role: str = ""


SYSTEM = Actor("system")
OPERATOR = Actor("operator")
ANONYMOUS = Actor("anonymous")


def leave(
    kind: str,
    *,
    by: Actor,
    at: datetime,
    organisation_id: int,
    practice: str,
    object_kind: str,
    object_id: UUID | None = None,
    rule: str = "",
    using: str = "default",
    **data: Any,
) -> Event:
    """Append one event, e.g. `leave("voice.idea_raised", …)`.

    `data` holds ids, codes and numbers only: never names, free text or contact details. An anonymous event keeps no
    person, role or time of day, and has a random id, so that it sorts nowhere.
    """
    anonymous = by.kind == "anonymous"
    event = Event(
        organisation_id=organisation_id,
        at=None if anonymous else at,
        on=local_date(at),
        actor_kind=by.kind,
        actor_id=None if anonymous else by.id,
        role="" if anonymous else by.role,
        rule=rule,
        kind=kind,
        practice=practice,
        object_kind=object_kind,
        object_id=object_id,
        data=_plain(data),
    )
    if anonymous:
        event.id = uuid4()
    event.save(using=using, force_insert=True)
    return event


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, str | int | float | bool | list | None) else str(value)
        for key, value in data.items()
    }
