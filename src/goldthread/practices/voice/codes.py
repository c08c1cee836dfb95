"""The code that leads an anonymous author back to the answer. Only its hash is stored."""

import hashlib
import secrets

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else


def new_code(organisation_id: int) -> str:
    """A code of 78 random bits; it begins with the organisation's number, so that the answer can be found without an account."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join([str(organisation_id), *(letters[at : at + 4] for at in range(0, 16, 4))])


def read_code(text: str) -> tuple[int, str] | None:
    """(organisation, hash) of a code as somebody typed it; None if it cannot be one."""
    tidy = text.strip().upper().replace(" ", "-")
    organisation, _, rest = tidy.partition("-")
    letters = rest.replace("-", "")
    if (
        not organisation.isascii()
        or not organisation.isdigit()
        or len(organisation) > 9
        or len(letters) != 16
        or any(one not in _ALPHABET for one in letters)
    ):
        return None
    return int(organisation), hash_of(f"{organisation}-{letters}")


def hash_of(plain: str) -> str:
    """What is stored of a code: with 78 random bits a plain hash cannot be searched through."""
    return hashlib.sha256(f"goldthread voice {plain.replace('-', '')}".encode()).hexdigest()
