"""Links in messages: signed, expiring, for one purpose and one person, or one partner without an account."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing

from goldthread.record.refs import Ref

SALT = "goldthread.record.signed"
PARTNER_SALT = "goldthread.record.signed.partner"
VALID_FOR = timedelta(days=14)


@dataclass(frozen=True)
class SignedLink:
    """What a link lets its holder do: one purpose, about one thing, as one person of one organisation."""

    purpose: str
    ref: Ref
    organisation_id: int
    person_id: UUID


@dataclass(frozen=True)
class PartnerLink:
    """The same for a partner of an organisation; `made_at` tells what happened since."""

    purpose: str
    ref: Ref
    organisation_id: int
    partner_id: UUID
    made_at: datetime


def make_link(
    *, purpose: str, ref: Ref, organisation_id: int, at: datetime, person_id: UUID | None = None,
    partner_id: UUID | None = None,
) -> str:  # fmt: skip
    """The token of a link that expires fourteen days after `at`. Name a person or a partner: neither can use the other's."""
    if (person_id is None) == (partner_id is None):
        raise ValueError("a link is for one person or for one partner")
    ends = int((at + VALID_FOR).timestamp())
    if partner_id is not None:
        return signing.dumps([purpose, str(ref), organisation_id, str(partner_id), ends], salt=PARTNER_SALT)
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


def read_partner_link(token: str, *, at: datetime) -> PartnerLink | None:
    """What a partner's token says, whatever its purpose; None if it was altered, is a person's, or has expired."""
    try:
        said, ref, organisation_id, partner_id, ends = signing.loads(token[:2000], salt=PARTNER_SALT)
    except (signing.BadSignature, ValueError):
        return None
    until = datetime.fromtimestamp(ends, UTC)
    if at > until:
        return None
    return PartnerLink(said, Ref.parse(ref), organisation_id, UUID(partner_id), until - VALID_FOR)
