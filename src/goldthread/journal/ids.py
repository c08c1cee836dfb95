"""Identifiers: UUID version 7, which sort by the moment they were made; the twin of the SQL function goldthread_uuid7()."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import Func, UUIDField


def uuid7(at: datetime) -> UUID:
    """A version 7 UUID for the moment `at` (an aware datetime). Source: RFC 9562 §5.7."""
    milliseconds = int(at.timestamp() * 1000)
    number = milliseconds << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=number)


class NewId(Func):
    """The database's own new identifier, as a column default."""

    function = "goldthread_uuid7"
    arity = 0
    output_field = UUIDField()
