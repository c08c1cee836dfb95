"""What the actions of crisis share: refs, who may lead a response, whom to tell, and raising a question when nobody is there."""

from datetime import datetime, timedelta
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, leave
from goldthread.organisation import access, tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, RoleHeld, Unit
from goldthread.organisation.roles import ROLES, Permission
from goldthread.practices.crisis.models import Declaration
from goldthread.record.actions import decisions
from goldthread.record.actions.notices import tell
from goldthread.record.models import Decision, Mode
from goldthread.record.refs import Ref

LEADS = ("unit_manager", "deputy_manager")
#: Days in which people look back, whatever the scheme of delegation says about deciding in an emergency.
LOOK_BACK_DAYS = 14
#: A date given later than this after the fact is marked as entered late.
LATE_AFTER = timedelta(days=3)
CHANNEL = 120


def require_lead(by: Viewer, unit: Unit) -> None:
    """Whoever manages the unit or one above it, their deputy, a clinical lead, an executive or the incident lead."""
    access.require(by, Permission.DECIDE, unit)


def somebody_here(by: Viewer, person: Person, at: datetime) -> bool:
    """Whether a person works in the viewer's organisation now."""
    left = person.left_on is not None and person.left_on <= local_date(at)
    return person.organisation_id == by.organisation_id and not left


def own(by: Viewer, row: Declaration | None) -> Declaration:
    """The row if it is there. Raises NotFound."""
    if row is None or row.organisation_id != by.organisation_id:
        raise NotFound("no such declaration")
    return row


def entered_late(on: object, at: datetime) -> bool:
    """Whether a day lies more than three days before the day it is entered."""
    return local_date(at) - on > LATE_AFTER  # type: ignore[operator,no-any-return]


def managers_of(unit: Unit, at: datetime, *, using: str = "default") -> list[UUID]:
    """Managers and deputies of a unit and all below it, by id."""
    keys = list(Unit.objects.using(using).filter(path__contains=[unit.key], organisation_id=unit.organisation_id)
                .values_list("key", flat=True))  # fmt: skip
    rows = RoleHeld.objects.using(using).filter(organisation_id=unit.organisation_id, unit_id__in=keys, role__in=LEADS,
                                                period__contains=local_date(at))  # fmt: skip
    return sorted(set(rows.values_list("person_id", flat=True)), key=str)


def tell_managers(unit: Unit, about: Ref, kind: str, at: datetime, *, once: str = "", using: str = "default") -> None:
    """Tell the managers and deputies of a unit and all below it."""
    for person_id in managers_of(unit, at, using=using):
        tell(organisation_id=unit.organisation_id, person_id=person_id, about=about, kind=kind, at=at, once=once, using=using)  # type: ignore[arg-type]  # fmt: skip


def gives_authority(by: Viewer, unit: Unit) -> bool:
    """Whether the viewer manages the unit or one above it, or is an executive over it: only they can give its decisions away."""
    return any(
        held.role in ("unit_manager", "executive") and ROLES[held.role].inherits and held.unit_key in unit.path
        for held in by.held
    )


def ask_by_itself(*, declaration: Declaration, kind: str, question: str, at: datetime, using: str) -> Decision:
    """Raise a question that falls due by itself: nobody asked it, the end of authority did. Runs for people and for jobs."""
    decision = decisions.raise_decision(
        by=Viewer(declaration.organisation_id, at), at=at, kind=kind, about=Ref("crisis", "declaration", declaration.id),
        unit=Unit.objects.using(using).get(key=declaration.unit_id), question=question[:300], context=declaration.why,
        least_days=LOOK_BACK_DAYS, using=using,
    )  # fmt: skip
    leave("crisis.look_back_due", by=SYSTEM, at=at, organisation_id=decision.organisation_id, practice="crisis",
          object_kind="declaration", object_id=declaration.id, rule=decision.rule, decision=decision.id, using=using)  # fmt: skip
    return decision


def path_of(unit: Unit, *, using: str = "default") -> list[Unit]:
    """The units from the organisation's own top down to this one."""
    return [one for one in tree.breadcrumb(unit, using=using) if one.organisation_id == unit.organisation_id]


def under(declaration: Declaration, *, using: str = "default") -> list[object]:
    """A declaration and those it extends, by id: one look-back speaks for all of them."""
    chain: list[object] = []
    one: Declaration | None = declaration
    while one is not None:
        chain.append(one.id)
        one = Declaration.objects.using(using).filter(id=one.extends_id).first() if one.extends_id else None
    return chain


def authority_at(unit: Unit, at: datetime) -> Declaration | None:
    """The temporary authority in force for a unit: the nearest above."""
    rows = Declaration.objects.select_related("decision").filter(
        organisation_id=unit.organisation_id, unit_id__in=unit.path, state="in_force", starts_at__lte=at, ends_at__gt=at
    )
    return max(rows, key=lambda one: unit.path.index(one.unit_id), default=None)


def moment_of(decision: Decision) -> datetime:
    """When a decision was taken; ValueError if it was not."""
    if decision.decided_at is None:
        raise ValueError(f"decision {decision.id} has not been taken")
    return decision.decided_at


def mode_of(declaration: Declaration) -> Mode:
    """The record's mode behind a declaration that came into force; ValueError if it did not."""
    if declaration.record_mode is None:
        raise ValueError(f"declaration {declaration.id} has not come into force")
    return declaration.record_mode
