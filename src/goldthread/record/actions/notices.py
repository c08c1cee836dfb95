"""Telling people: written in the transaction of what it tells, delivered by the outbox (record/outbox.py)."""

from collections.abc import Iterable
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
    tell_all(
        [person_id],
        organisation_id=organisation_id,
        about=about,
        kind=kind,
        at=at,
        once=once,
        anonymous=anonymous,
        using=using,
    )


def tell_all(
    people: Iterable[UUID | None], *, organisation_id: int, about: Ref, kind: str, at: datetime, once: str = "",
    anonymous: bool = False, using: str = "default",
) -> None:  # fmt: skip
    """Tell many people the same, in one round trip: a hearing may ask a whole organisation."""
    rows = [
        (uuid4() if anonymous else uuid7(at), organisation_id, f"{kind}:{about.id}:{person or 'author'}:{once}"[:120], person,
         about.practice, about.kind, about.id, kind, at)
        for person in people
    ]  # fmt: skip
    with connections[using].cursor() as cursor:
        cursor.executemany(
            """
            insert into record_notice (id, organisation_id, key, person_id, practice, about_kind, about_id, kind, at)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict on constraint notice_once do nothing
            """,
            rows,
        )
