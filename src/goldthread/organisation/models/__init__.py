"""Tables and constraints of the organisation; one subject per file."""

from goldthread.organisation.models.account import Account, Membership
from goldthread.organisation.models.grouping import Grouping, GroupingMember
from goldthread.organisation.models.people import Person, Post, PostSpell, RoleHeld
from goldthread.organisation.models.units import Organisation, Unit, UnitPlace

__all__ = [
    "Account",
    "Grouping",
    "GroupingMember",
    "Membership",
    "Organisation",
    "Person",
    "Post",
    "PostSpell",
    "RoleHeld",
    "Unit",
    "UnitPlace",
]
