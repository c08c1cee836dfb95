"""Raising any question for decision, and what follows when it is decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from goldthread.journal.events import SYSTEM, Actor
from goldthread.organisation import access
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import leave, locked
from goldthread.practices.governance.models import Matter
from goldthread.record.actions import decisions
from goldthread.record.derived import Value
from goldthread.record.models import Decision
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def ref_of(matter: Matter) -> Ref:
    """The matter as other objects point at it."""
    return Ref("governance", "matter", matter.id)


@transaction.atomic
def raise_matter(
    *, by: Viewer, at: datetime, unit: Unit, title: str, context: str = "", attributes: Mapping[str, Value] | None = None,
    organisations: Sequence[int] = (),
) -> Matter:  # fmt: skip
    """Ask for a decision on anything: the scheme of delegation says whose it is and by when, and they are told.

    `attributes` are what is known of it, in the scheme's words; `organisations` the ids of the others it touches. Raises Invalid,
    naming the attribute that the scheme does not know.
    """
    access.require(by, Permission.RAISE, unit)
    known = dict(attributes or {})
    matter = Matter.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, title=clean_text(title, field="title", limit=300),
        context=clean_text(context, field="context", limit=8000, required=False), attributes=known, raised_by_id=by.person_id,
        raised_at=at,
    )  # fmt: skip
    matter.decision = decisions.raise_decision(
        by=by, at=at, kind="matter", about=ref_of(matter), unit=unit, question=matter.title, attributes=known,
        context=matter.context, organisations=organisations,
    )  # fmt: skip
    matter.save(update_fields=["decision"])
    leave(
        "governance.matter_raised", by.acting_as(), at, by.organisation_id, ref_of(matter), decision=matter.decision.id
    )
    return matter


@transaction.atomic
def show_publicly(*, by: Viewer, at: datetime, matter: Matter, public: bool = True) -> Matter:
    """Let a matter be read on the public page once it is decided, or take it off again."""
    found = locked(Matter, matter.id, "unit")
    access.require(by, Permission.GOVERN, found.unit)
    found.public = public
    found.save(update_fields=["public"])
    leave("governance.matter_public", by.acting_as(), at, by.organisation_id, ref_of(found), public=public)
    return found


def on_matter_decided(decision: Decision) -> None:
    """The matter has its answer; the record tells who raised it."""
    if decision.decided_at is None:
        return
    actor = Actor("person", decision.decided_by_id, decision.decided_as) if decision.decided_by_id else SYSTEM
    leave("governance.matter_decided", actor, decision.decided_at, decision.organisation_id,
          Ref("governance", "matter", decision.about_id), rule=decision.rule, outcome=decision.outcome,
          using=decision._state.db or "default")  # fmt: skip
