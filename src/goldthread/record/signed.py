"""Links in messages: signed, expiring, for one purpose and one person."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing

from goldthread.record.refs import Ref

SALT = "goldthread.record.signed"
VALID_FOR = timedelta(days=14)


@dataclass(frozen=True)
class SignedLink:
    """What a link lets its holder do: one purpose, about one thing, as one person of one organisation."""

    purpose: str
    ref: Ref
    organisation_id: int
    person_id: UUID


def make_link(*, purpose: str, ref: Ref, organisation_id: int, person_id: UUID, at: datetime) -> str:
    """The token of a link that expires fourteen days after `at`."""
    ends = int((at + VALID_FOR).timestamp())
    return signing.dumps([purpose, str(ref), organisation_id, str(person_id), ends], salt=SALT)


def read_link(token: str, *, purpose: str, at: datetime) -> SignedLink | None:
    """What the token says; None if it was altered, is for something else, or has expired."""
    try:
        said, ref, organisation_id, person_id, ends = signing.loads(token[:2000], salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    if said != purpose or at > datetime.fromtimestamp(ends, UTC):
        return None
    return SignedLink(said, Ref.parse(ref), organisation_id, UUID(person_id))
