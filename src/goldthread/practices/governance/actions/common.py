"""What the actions of governance share: locking a row, who may speak for the whole organisation, calling across organisations."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, models, transaction

from goldthread.journal import events
from goldthread.journal.events import Actor
from goldthread.organisation import access, tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import RoleHeld
from goldthread.organisation.roles import ROLES, Permission
from goldthread.record.errors import AlreadyEnded, NotYours
from goldthread.record.models import Partner
from goldthread.record.refs import Ref

Row = TypeVar("Row", bound=models.Model)


def locked(model: type[Row], row_id: Any, *related: str) -> Row:
    """The row, locked until the transaction ends. Raises NotFound."""
    rows = model._default_manager.select_for_update(of=("self",))
    found = (rows.select_related(*related) if related else rows).filter(pk=row_id).first()
    if found is None:
        raise NotFound("there is nothing here that you can see")
    return found


def speak_for_all(by: Viewer) -> None:
    """Refuse whoever may not speak for the whole organisation: its manager, an executive or the governance lead."""
    access.require(by, Permission.GOVERN, tree.root_of(by.organisation_id))


def speakers(organisation_id: int, at: datetime, *, using: str = "default") -> list[UUID]:
    """Who speaks for the whole organisation on that day, within the scope of the transaction."""
    from goldthread.journal.clock import local_date

    root = tree.root_of(organisation_id, using=using)
    roles = [role.slug for role in ROLES.values() if Permission.GOVERN in role.permissions]
    held = RoleHeld.objects.using(using).filter(
        organisation_id=organisation_id, unit_id=root.key, role__in=roles, period__contains=local_date(at)
    )
    return sorted(set(held.values_list("person_id", flat=True)), key=str)


def partner_here(by: Viewer, partner: Partner) -> Partner:
    """The partner, if it is one of the viewer's organisation and has not ended. Raises NotFound."""
    found = Partner.objects.filter(organisation_id=by.organisation_id, id=partner.id, ended_on__isnull=True).first()
    if found is None:
        raise NotFound("no such partner")
    return found


def call(function: str, *values: Any) -> UUID:
    """Run a function that writes for both organisations; what it refuses becomes a sentence."""
    marks = ", ".join(["%s"] * len(values))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select {function}({marks})", values)
            found: UUID = cursor.fetchone()[0]
            return found
    except DatabaseError as error:
        raise _refusal(error) from error


_ENDED = {
    "kept": "It has been said already that this was kept.",
    "not_kept": "This has ended already: it was not kept.",
    "withdrawn": "This was taken back already.",
    "confirmed": "This has been confirmed already.",
    "shared": "They have this version already.",
    "understood": "Somebody has said this back already.",
}


def _refusal(error: DatabaseError) -> Exception:
    cause = error.__cause__
    message = getattr(getattr(cause, "diag", None), "message_primary", None) or str(error)
    state = getattr(cause, "sqlstate", None)
    if state == "P0002":
        return NotFound(message)
    if state == "55000":
        return AlreadyEnded(f"{_ENDED.get(message, 'This has ended already.')} Nothing was changed.")
    if state == "42501":
        return NotYours("This is for the organisation that received it. Nothing was changed.")
    return error


def leave(kind: str, actor: Actor, at: datetime, organisation_id: int, about: Ref, **data: Any) -> None:
    """Leave one event of governance about one of its objects."""
    events.leave(kind, by=actor, at=at, organisation_id=organisation_id, practice=about.practice, object_kind=about.kind,
                 object_id=about.id, **data)  # fmt: skip


def partner_actor(partner: Partner) -> Actor:
    """A partner as the journal names an actor."""
    return Actor("partner", partner.id, "partner")
