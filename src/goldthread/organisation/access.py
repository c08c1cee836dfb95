"""Who may see or do this? Asked here and nowhere else.

A person acts for one organisation at a time; the database guards that boundary. Inside it, a role held at a unit gives
permissions there and, where the role says so, below. Everybody who works in an organisation is a member of the whole of it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from goldthread.journal import clock, scope
from goldthread.journal.events import Actor
from goldthread.organisation.models import Account, Membership, Person, RoleHeld, Unit
from goldthread.organisation.roles import ROLES, Permission


class NotFound(LookupError):
    """There is nothing there that this viewer may know of. The same answer whether it is absent or hidden."""


class NotAllowed(PermissionError):
    """The viewer may see it but not do this; the message says who may."""


@dataclass(frozen=True)
class Held:
    """A role held at a unit (by its key), now."""

    role: str
    unit_key: int


@dataclass(frozen=True)
class Viewer:
    """Who is looking, for which organisation, since when. `person_id` is None for jobs and the operator."""

    organisation_id: int
    at: datetime
    person_id: UUID | None = None
    name: str = ""
    unit_key: int = 0
    held: tuple[Held, ...] = ()
    account_id: UUID | None = None

    def acting_as(self, role: str = "member") -> Actor:
        """This viewer as the journal names an actor."""
        return Actor("person", self.person_id, role) if self.person_id else Actor("system")

    @property
    def is_leader(self) -> bool:
        """Whether the viewer visits and answers for promises."""
        return any(Permission.PLAN_VISITS in ROLES[held.role].permissions for held in self.held)


def seats(account: Account) -> list[Membership]:
    """The organisations this account may act for, by name."""
    found = Membership.objects.filter(account=account).select_related("organisation")
    return list(found.order_by("organisation__name"))


def viewer_for(account: Account, organisation_id: int | None, at: datetime, *, using: str = "default") -> Viewer | None:
    """Enter the scope of the account's organisation (the named one, else its first) and say who is looking; None if nowhere."""
    choices = seats(account)
    chosen = next(
        (seat for seat in choices if seat.organisation_id == organisation_id), choices[0] if choices else None
    )
    if chosen is None:
        return None
    return viewer_of(chosen.organisation_id, chosen.person_id, at, account_id=account.id, using=using)


def viewer_of(
    organisation_id: int, person_id: UUID, at: datetime, *, account_id: UUID | None = None, using: str = "default"
) -> Viewer | None:
    """Enter the scope of `organisation_id` as `person_id`; None where the person does not work there any more."""
    scope.enter(organisation_id, person_id, using=using)
    day = clock.local_date(at)
    person = Person.objects.using(using).filter(id=person_id, organisation_id=organisation_id).first()
    if person is None or (person.left_on and person.left_on <= day):
        return None
    held = RoleHeld.objects.using(using).filter(
        organisation_id=organisation_id, person_id=person_id, period__contains=day
    )
    return Viewer(
        organisation_id=organisation_id,
        at=at,
        person_id=person.id,
        name=person.name,
        unit_key=person.unit_id,
        held=tuple(Held(row.role, row.unit_id) for row in held.order_by("unit_id", "role") if row.role in ROLES),
        account_id=account_id,
    )


def may(viewer: Viewer, permission: Permission, unit: Unit) -> bool:
    """Whether the viewer has this permission at this unit."""
    if unit.organisation_id != viewer.organisation_id or viewer.person_id is None:
        return False
    if permission in ROLES["member"].permissions:
        return True
    return any(
        permission in ROLES[held.role].permissions
        and (held.unit_key == unit.key or (ROLES[held.role].inherits and held.unit_key in unit.path))
        for held in viewer.held
    )


def require(viewer: Viewer, permission: Permission, unit: Unit) -> None:
    """Raise NotFound across organisations, NotAllowed within: never more than the viewer may know."""
    if may(viewer, permission, unit):
        return
    if unit.organisation_id != viewer.organisation_id:
        raise NotFound(f"no unit {unit.code} in your organisation")
    who = sorted({role.title.lower() for role in ROLES.values() if permission in role.permissions})
    raise NotAllowed(f"This is for: {', '.join(who)} of {unit.name} or above it.")


def unit_for(viewer: Viewer, unit_id: UUID) -> Unit:
    """The unit, whichever organisation it is in: structure is public. Raises NotFound."""
    try:
        return Unit.objects.select_related("organisation").get(id=unit_id)
    except Unit.DoesNotExist:
        raise NotFound("no such unit") from None


def own_unit(viewer: Viewer, unit_id: UUID) -> Unit:
    """The unit if it belongs to the viewer's organisation. Raises NotFound."""
    unit = unit_for(viewer, unit_id)
    if unit.organisation_id != viewer.organisation_id:
        raise NotFound("no such unit")
    return unit
