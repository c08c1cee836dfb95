"""How one object points at another across practices: by practice, kind and id, never by foreign key."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID


@dataclass(frozen=True, order=True)
class Ref:
    """Any object of any practice, or of the record itself (practice "record")."""

    practice: str
    kind: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.practice}.{self.kind}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The ref written as `practice.kind.id`; ValueError if it is not one."""
        parts = text.split(".")
        if len(parts) != 3 or not all(parts[:2]):
            raise ValueError(f"{text!r} is not practice.kind.id")
        return cls(parts[0], parts[1], UUID(parts[2]))
