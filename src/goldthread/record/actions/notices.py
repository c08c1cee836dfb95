"""Telling people: written in the transaction of what it tells, delivered by the outbox (record/outbox.py)."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import connections

from goldthread.journal.ids import uuid7
from goldthread.record.refs import Ref


def tell(
    *, organisation_id: int, person_id: UUID | None, about: Ref, kind: str, at: datetime, once: str = "",
    anonymous: bool = False, using: str = "default",
) -> None:  # fmt: skip
    """Tell a person (or, with None, whoever `about` knows to tell) of `kind`. The same thing is never told twice:
    `once` tells repeated events of one kind apart. A link to an anonymous thing keeps no time of day.
    """
    key = f"{kind}:{about.id}:{person_id or 'author'}:{once}"
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            insert into record_notice (id, organisation_id, key, person_id, practice, about_kind, about_id, kind, at)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict on constraint notice_once do nothing
            """,
            [
                uuid4() if anonymous else uuid7(at),
                organisation_id,
                key[:120],
                person_id,
                about.practice,
                about.kind,
                about.id,
                kind,
                at,
            ],
        )
