"""What a decision or a clock does to a declaration: it comes into force, ends by itself, and is looked back on. For people and jobs."""

from datetime import datetime

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, Actor, leave
from goldthread.organisation.models import Unit
from goldthread.practices.crisis.actions.common import ask_by_itself, mode_of, moment_of, tell_managers, under
from goldthread.practices.crisis.actions.standing_down import stand_down_all
from goldthread.practices.crisis.models import Declaration, IncidentLevel, Reconfiguration
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.modes import end_mode, start_mode
from goldthread.record.actions.notices import tell
from goldthread.record.errors import Refused
from goldthread.record.models import Change, Decision
from goldthread.record.refs import Ref


def level_of(unit: Unit, *, using: str = "default") -> IncidentLevel | None:
    """The highest level that stands for a unit: each unit at or above it counts with its latest."""
    rows = IncidentLevel.objects.using(using).select_related("unit", "by").filter(
        organisation_id=unit.organisation_id, unit_id__in=unit.path)  # fmt: skip
    latest = {row.unit_id: row for row in rows.order_by("since", "at")}
    standing = [row for row in latest.values() if row.level > 0]
    return max(standing, key=lambda row: (row.level, row.since), default=None)


def answered(decision: Decision) -> None:
    """Whether a declaration or its extension comes into force."""
    using = decision._state.db or "default"
    at = moment_of(decision)
    declaration = (
        Declaration.objects.using(using)
        .select_for_update(of=("self",))
        .select_related("unit")
        .get(id=decision.about_id)
    )
    if decision.outcome == "refuse" or (declaration.ends_at <= at and decision.decided_by_id is None):
        declaration.state = "refused"
        declaration.save(using=using, update_fields=["state"])
        leave("crisis.mode_refused", by=_actor(decision), at=at, organisation_id=decision.organisation_id, practice="crisis",
              object_kind="declaration", object_id=declaration.id, rule=decision.rule, using=using)  # fmt: skip
        return
    if declaration.ends_at <= at:
        raise Refused("The time it was asked for is over. Answer no, and declare it again with a later end.")
    level = level_of(declaration.unit, using=using)
    declaration.starts_at = max(declaration.starts_at, at)
    declaration.record_mode = start_mode(
        by_person=decision.decided_by_id or declaration.declared_by_id, at=at, unit=declaration.unit, mode=declaration.mode,
        incident_level=level.level if level else None, channel=declaration.channel, starts_at=declaration.starts_at,
        ends_at=declaration.ends_at, decision=decision, using=using,
    )  # fmt: skip
    declaration.state, declaration.decision = "in_force", decision
    declaration.save(using=using, update_fields=["state", "starts_at", "record_mode", "decision"])
    ref = Ref("crisis", "declaration", declaration.id)
    set_clock(
        ref, organisation_id=decision.organisation_id, purpose="authority_ends", due_at=declaration.ends_at, using=using
    )
    tell_managers(declaration.unit, ref, "authority_starts", at, using=using)
    leave("crisis.mode_in_force", by=_actor(decision), at=at, organisation_id=decision.organisation_id, practice="crisis",
          object_kind="declaration", object_id=declaration.id, rule=decision.rule, unit=declaration.unit_id,
          ends=declaration.ends_at.isoformat(), using=using)  # fmt: skip


def lapsed(decision: Decision, *, using: str) -> None:
    """Nobody answered, and the scheme of delegation lets the question lapse: a proposal is off; a reconfiguration can be put again."""
    rows = Declaration.objects.using(using).filter(
        organisation_id=decision.organisation_id, id=decision.about_id, state="proposed"
    )
    rows.update(state="withdrawn")


def end_authority(
    declaration: Declaration, *, at: datetime, because: str, words: str = "", using: str = "default"
) -> None:
    """End a declaration that is in force: its mode, its teams, and (unless an extension goes on from here) ask to look back."""
    extension = (
        Declaration.objects.using(using)
        .select_related("record_mode")
        .filter(extends=declaration, state="in_force")
        .first()
    )
    if extension is not None and because == "ended_early":
        _drop(extension, at, using)
        extension = None
    mode = mode_of(declaration)
    ref = Ref("crisis", "declaration", declaration.id)
    declaration.state, declaration.ended_at, declaration.ended_early_because = "ended", at, words
    declaration.save(using=using, update_fields=["state", "ended_at", "ended_early_because"])
    stop_clock(ref, organisation_id=declaration.organisation_id, purpose="authority_ends", using=using)
    if extension is None:
        stand_down_all(declaration, at=at, because="its temporary delegated authority ended", using=using)
    # An extension's mode begins where this one ends: a sweep that comes later must not end it later.
    moment = at if extension is None else min(at, mode.ends_at)
    returned = end_mode(mode=mode, at=moment, because=because, using=using)
    unit = Unit.objects.using(using).get(key=declaration.unit_id)
    if extension is None:
        declaration.look_back = ask_by_itself(
            declaration=declaration, kind="look_back", at=at, using=using,
            question=f"Temporary delegated authority for {unit.name} has ended. Keep, adapt or end what was changed under it?",
        )  # fmt: skip
        declaration.save(using=using, update_fields=["look_back"])
        tell_managers(unit, ref, "authority_ended", at, using=using)
    leave("crisis.mode_over", by=SYSTEM, at=at, organisation_id=declaration.organisation_id, practice="crisis",
          object_kind="declaration", object_id=declaration.id, because=because, returned=returned,
          goes_on=extension is not None, using=using)  # fmt: skip


def _drop(extension: Declaration, at: datetime, using: str) -> None:
    """An extension that has not begun ends together with what it extends. Nothing was ever decided under it."""
    mode = mode_of(extension)
    mode.ended_at = max(at, mode.starts_at)
    mode.save(using=using, update_fields=["ended_at"])
    extension.state, extension.ended_at = "ended", at
    extension.save(using=using, update_fields=["state", "ended_at"])
    stop_clock(Ref("crisis", "declaration", extension.id), organisation_id=extension.organisation_id, purpose="authority_ends",
               using=using)  # fmt: skip


def looked_back(decision: Decision) -> None:
    """What was changed under a declaration is kept, adapted or ended; "end" takes back what is not yet sustained."""
    using = decision._state.db or "default"
    at = moment_of(decision)
    declaration = Declaration.objects.using(using).select_for_update(of=("self",)).get(id=decision.about_id)
    declaration.look_back, declaration.look_back_outcome = decision, decision.outcome
    declaration.save(using=using, update_fields=["look_back", "look_back_outcome"])
    chain = under(declaration, using=using)
    rows = Reconfiguration.objects.using(using).filter(declaration_id__in=chain, abandoned_on__isnull=True)
    for one in rows.select_related("change"):
        if decision.outcome == "end" and one.sustained_on is None and one.decided_on is not None:
            _take_back(one, decision, at, using)
        tell(organisation_id=one.organisation_id, person_id=one.raised_by_id, about=Ref("crisis", "reconfiguration", one.id),
             kind=f"looked_back_{decision.outcome}", at=at, once=str(decision.id), using=using)  # fmt: skip
    leave("crisis.looked_back", by=_actor(decision), at=at, organisation_id=decision.organisation_id, practice="crisis",
          object_kind="declaration", object_id=declaration.id, rule=decision.rule, outcome=decision.outcome, using=using)  # fmt: skip


def _take_back(one: Reconfiguration, decision: Decision, at: datetime, using: str) -> None:
    day = local_date(at)
    one.abandoned_on, one.abandoned_because = day, decision.reason
    one.save(using=using, update_fields=["abandoned_on", "abandoned_because"])
    changes = Change.objects.using(using).filter(id=one.change_id, withdrawn_on__isnull=True, sustained_on__isnull=True)
    changes.update(withdrawn_on=day, withdrawn_because=decision.reason)
    if one.change_id is not None:
        stop_clock(Ref("record", "change", one.change_id), organisation_id=one.organisation_id, purpose="look_back", using=using)  # fmt: skip


def _actor(decision: Decision) -> Actor:
    return Actor("person", decision.decided_by_id, decision.decided_as) if decision.decided_by_id else SYSTEM
