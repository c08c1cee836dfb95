"""Changing who may decide: a scheme of delegation put to approval, and a limit raised in steps. Each is a decision itself."""

from datetime import datetime, timedelta

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, Actor, leave
from goldthread.organisation.access import Permission, Viewer, require
from goldthread.organisation.models import Person, Unit
from goldthread.record.actions import decisions, earned, schemes
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Decision, LimitProposal, Scheme
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def ref_of_scheme(scheme: Scheme) -> Ref:
    """The scheme as other objects point at it."""
    return Ref("governance", "scheme", scheme.id)


@transaction.atomic
def propose_scheme(*, by: Viewer, at: datetime, scheme: Scheme, unit: Unit) -> Decision:
    """Put a scheme to approval for a unit and all below it. Refused while the checker finds anything."""
    require(by, Permission.GOVERN, unit)
    if not schemes.examine(scheme.text, organisation_id=by.organisation_id).ready:
        raise Refused(
            "The scheme still has gaps, contradictions or unknown names. Put them right first; nothing was changed."
        )
    decision = decisions.raise_decision(
        by=by, at=at, kind="approve_scheme", about=ref_of_scheme(scheme), unit=unit,
        question=f"Approve version {scheme.version} of the scheme of delegation for {unit.name}?", context=scheme.note,
    )  # fmt: skip
    leave("governance.scheme_proposed", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="governance",
          object_kind="scheme", object_id=scheme.id, unit=unit.key, version=scheme.version)  # fmt: skip
    return decision


def on_scheme_decided(decision: Decision) -> None:
    """An approved scheme is in force from the day after."""
    if decision.outcome != "approved" or decision.decided_at is None:
        return
    using = decision._state.db or "default"
    scheme = Scheme.objects.using(using).get(id=decision.about_id)
    schemes.bring_into_force(
        scheme=scheme, unit=decision.unit, from_day=local_date(decision.decided_at) + timedelta(days=1), at=decision.decided_at,
        decision=decision, actor=_who(decision), using=using,
    )  # fmt: skip
    leave("governance.scheme_approved", by=_who(decision), at=decision.decided_at, organisation_id=decision.organisation_id,
          practice="governance", object_kind="scheme", object_id=scheme.id, version=scheme.version, using=using)  # fmt: skip


@transaction.atomic
def propose_limit(
    *, by: Viewer, at: datetime, unit: Unit, rule: str, attribute: str, up_to: str, coach: Person, guard_rail: str
) -> LimitProposal:  # fmt: skip
    """Ask that a limit of one line of the scheme be raised by a step for a unit, with a coach and what would end it."""
    require(by, Permission.RAISE, unit)
    if coach.organisation_id != by.organisation_id or coach.id == by.person_id:
        raise Invalid("coach", "Choose somebody else of this organisation as the coach.")
    earned.check_step(unit=unit, rule=rule, attribute=attribute, up_to=up_to, on=local_date(at))
    asked = LimitProposal.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, rule=rule, attribute=attribute, up_to=up_to, coach=coach,
        guard_rail=clean_text(guard_rail, field="guard_rail", limit=2000), asked_by_id=by.person_id, asked_at=at,
    )  # fmt: skip
    decisions.raise_decision(
        by=by, at=at, kind="raise_limit", about=Ref("governance", "limit", asked.id), unit=unit,
        question=f"Raise the limit of {rule} for {unit.name} to {up_to}?", context=f"It would end if: {asked.guard_rail}",
    )  # fmt: skip
    leave("governance.limit_proposed", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="governance",
          object_kind="limit", object_id=asked.id, unit=unit.key, rule=rule)  # fmt: skip
    return asked


def on_limit_decided(decision: Decision) -> None:
    """An approved step is in force from today, and reviewed after ninety days."""
    if decision.outcome != "approved" or decision.decided_at is None:
        return
    using = decision._state.db or "default"
    asked = LimitProposal.objects.using(using).select_related("coach", "unit").get(id=decision.about_id)
    made = earned.grant(
        decision=decision, unit=asked.unit, rule=asked.rule, attribute=asked.attribute, up_to=asked.up_to, coach=asked.coach,
        guard_rail=asked.guard_rail, at=decision.decided_at, actor=_who(decision),
    )  # fmt: skip
    leave("governance.limit_given", by=_who(decision), at=decision.decided_at, organisation_id=decision.organisation_id,
          practice="governance", object_kind="limit", object_id=asked.id, step=made.step, using=using)  # fmt: skip


def _who(decision: Decision) -> Actor:
    return Actor("person", decision.decided_by_id, decision.decided_as) if decision.decided_by_id else SYSTEM
