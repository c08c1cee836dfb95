"""What all actions on a decision need: its ref, its row locked, whose it is in words, telling its decision-makers."""

from datetime import datetime
from uuid import UUID

from django.db import connections

from goldthread.journal.clock import now
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import ROLES
from goldthread.record.actions.notices import tell
from goldthread.record.errors import AlreadyEnded, NotYours
from goldthread.record.models import Body, Decision
from goldthread.record.refs import Ref


def ref_of(decision: Decision) -> Ref:
    """The decision as other objects point at it."""
    return Ref("record", "decision", decision.id)


def lock(decision: Decision, *, using: str = "default") -> Decision:
    """The decision's row, locked until the transaction ends. Every action on it begins here, so that they follow one another."""
    try:
        rows = Decision.objects.using(using).select_for_update(of=("self",))
        return rows.select_related("decider_unit", "unit", "body").get(id=decision.id)
    except Decision.DoesNotExist:
        raise NotFound("no such decision") from None


def lock_open(decision: Decision, *, using: str = "default") -> Decision:
    """The same, and it is still open."""
    found = lock(decision, using=using)
    if found.state != "open":
        raise AlreadyEnded(f"This decision is already {found.state}. Nothing was changed.")
    return found


def deciders(decision_id: UUID, *, using: str = "default") -> list[tuple[UUID, str]]:
    """Who may take it now, and as what: asked of the function that also guards the taking (migration 0004)."""
    with connections[using].cursor() as cursor:
        cursor.execute("select person, acting_role from goldthread_deciders(%s)", [decision_id])
        return [(person, role) for person, role in cursor.fetchall()]


def may_decide(viewer: Viewer, decision: Decision) -> bool:
    """Whether the viewer may take this decision now."""
    if viewer.person_id is None or decision.state != "open" or decision.organisation_id != viewer.organisation_id:
        return False
    return any(person == viewer.person_id for person, _ in deciders(decision.id))


def require_decider(by: Viewer, decision: Decision) -> str:
    """As what the viewer may take it. Raises AlreadyEnded, or NotYours saying who may."""
    if decision.state != "open":
        raise AlreadyEnded(f"This decision is already {decision.state}. Nothing was changed.")
    for person, role in deciders(decision.id):
        if person == by.person_id:
            return role
    raise not_yours(decision)


def not_yours(decision: Decision) -> NotYours:
    """The refusal that says whose it is."""
    return NotYours(f"This is for {whose(decision)} to decide, or the deputy. Nothing was changed.")


def whose(decision: Decision) -> str:
    """Whose it is, in words that fit into a sentence."""
    name, unit, body = decision.decider_role, decision.decider_unit, decision.body
    back = decision.returns_to
    if back is not None and decision.authority_until is not None and decision.authority_until <= now():
        name, unit = back["role"], Unit.objects.get(key=back["unit"])
        body = Body.objects.get(id=back["body"]) if back["body"] else None
    if body is not None:
        return f"the chair of {body.title}"
    role = ROLES.get(name)
    return f"the {role.title.lower() if role else name} of {unit.name}"


def tell_deciders(
    decision: Decision, kind: str, at: datetime, *, once: str = "", anonymous: bool = False, using: str = "default"
) -> None:
    """Tell all who may take it."""
    for person_id, _ in deciders(decision.id, using=using):
        tell(organisation_id=decision.organisation_id, person_id=person_id, about=ref_of(decision), kind=kind, at=at,
             once=once, anonymous=anonymous, using=using)  # fmt: skip


def holders_of(decider: str, decision: Decision, at: datetime, *, using: str = "default") -> list[UUID]:
    """The people whom a name in the scheme's consult and inform lists stands for, at this decision's unit."""
    from goldthread.record import rules
    from goldthread.record.queries.bodies import seated

    if decision.scheme is None:
        return []
    unit = Unit.objects.using(using).get(key=decision.unit_id)
    holder = rules.resolve(rules.policy_of(decision.scheme), decider, unit, at.date(), using=using)
    if holder.body is not None:
        return seated(holder.body, at.date(), using=using)
    from goldthread.organisation import tree

    return [held.person_id for held in tree.holders(holder.unit, (holder.role, holder.deputy), at.date(), using=using)]
