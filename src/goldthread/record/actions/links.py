"""Joining objects: the links that make a thread."""

from datetime import datetime
from uuid import uuid4

from goldthread.journal.clock import local_date
from goldthread.record.models import Link
from goldthread.record.refs import Ref


def link(
    source: Ref,
    meaning: str,
    target: Ref,
    *,
    organisation_id: int,
    at: datetime,
    anonymous: bool = False,
    using: str = "default",
) -> None:
    """Record that `source` raised / answers / implements / … `target`. Saying it twice changes nothing."""
    row = Link(
        organisation_id=organisation_id,
        source_practice=source.practice,
        source_kind=source.kind,
        source_id=source.id,
        meaning=meaning,
        target_practice=target.practice,
        target_kind=target.kind,
        target_id=target.id,
        on=local_date(at),
    )
    if anonymous:
        row.id = uuid4()
    known = Link.objects.using(using).filter(
        organisation_id=organisation_id, source_id=source.id, meaning=meaning, target_id=target.id
    )
    if not known.exists():
        row.save(using=using, force_insert=True)
