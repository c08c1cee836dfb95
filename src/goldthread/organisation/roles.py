"""Roles: what each lets somebody do, in plain English. A role is held at a unit and reaches down as it says."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Everything that access.py can be asked about."""

    SEE_UNIT = "see_unit"  # board page, measures, ideas that the team may see
    RAISE = "raise"  # say something, support, comment
    DECIDE = "decide"  # take decisions that are this role's
    RECORD_POINTS = "record_points"  # tally, paste and upload points of a team's own measure
    SET_LIMITS = "set_limits"  # recalculate or fix limits, exclude a point, with a reason
    DEFINE_MEASURES = "define_measures"
    PLAN_VISITS = "plan_visits"
    HOLD_LISTENING = "hold_listening"
    MANAGE_ROLES = "manage_roles"
    GOVERN = "govern"  # make bodies, add partners, draft a scheme of delegation


@dataclass(frozen=True)
class Role:
    """A kind of responsibility. `inherits` says whether it reaches the units below the one it is held at."""

    slug: str
    title: str
    who: str
    permissions: frozenset[Permission]
    inherits: bool = True
    decides: bool = False


_STAFF = frozenset({Permission.SEE_UNIT, Permission.RAISE})
_MANAGER = _STAFF | {
    Permission.DECIDE,
    Permission.RECORD_POINTS,
    Permission.SET_LIMITS,
    Permission.DEFINE_MEASURES,
    Permission.HOLD_LISTENING,
}

ROLES = {
    role.slug: role
    for role in (
        Role("member", "Member of staff", "Everybody who works in the organisation.", _STAFF),
        Role("recorder", "Recorder", "Keeps the team's own measures.", _STAFF | {Permission.RECORD_POINTS}, inherits=False),
        Role("unit_manager", "Manager", "Answers for a unit: a ward manager, a head of department.",
             frozenset(_MANAGER | {Permission.GOVERN}), decides=True),
        Role("deputy_manager", "Deputy", "Stands in for the unit's manager in everything.", frozenset(_MANAGER), decides=True),
        Role("clinical_lead", "Clinical lead", "Answers for clinical practice in a unit: a lead consultant, a matron, a lead therapist.",
             _STAFF | {Permission.DECIDE, Permission.SET_LIMITS, Permission.DEFINE_MEASURES, Permission.HOLD_LISTENING}, decides=True),
        Role("executive", "Executive director", "Answers for a subject across the organisation.",
             frozenset(_MANAGER | {Permission.GOVERN, Permission.PLAN_VISITS}), decides=True),
        Role("incident_lead", "Incident lead", "Leads the response to an incident.", frozenset(_MANAGER), decides=True),
        Role("governance_lead", "Governance lead", "Keeps the scheme of delegation, forums and partners: a trust or company secretary.",
             _STAFF | {Permission.GOVERN}, decides=True),
        Role("leader", "Leader", "Visits, listens and answers for promises: an executive, a director, a non-executive.",
             _STAFF | {Permission.PLAN_VISITS, Permission.HOLD_LISTENING}),
        Role("improvement_coach", "Improvement coach", "Helps teams with measures and tests.",
             _STAFF | {Permission.RECORD_POINTS, Permission.SET_LIMITS, Permission.DEFINE_MEASURES}),
        Role("administrator", "Administrator", "Assigns roles; sees no more than a member of staff otherwise.",
             _STAFF | {Permission.MANAGE_ROLES}),
    )
}  # fmt: skip


def role_named(slug: str) -> Role:
    """The role called `slug`; ValueError names those there are."""
    try:
        return ROLES[slug]
    except KeyError:
        raise ValueError(f"role {slug!r} is not known; there are: {', '.join(ROLES)}") from None
