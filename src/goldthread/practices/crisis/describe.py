"""How crisis's objects appear in a thread. Check-ins never do."""

from collections.abc import Sequence

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.practices.crisis.models import (
    Area,
    Declaration,
    EthicsRequest,
    IncidentLevel,
    Reconfiguration,
    SituationUpdate,
    Team,
)
from goldthread.record.practice import Described
from goldthread.record.refs import Ref

STATES = {
    "proposed": "waiting for an answer",
    "in_force": "in force",
    "ended": "ended",
    "refused": "not agreed",
    "withdrawn": "taken back",
}


def step_of(one: Reconfiguration) -> str:
    """How far a reconfiguration has come, in a word or two."""
    if one.abandoned_on:
        return "abandoned"
    if one.sustained_on:
        return "sustained"
    if one.live_on:
        return "live"
    return "decided" if one.decided_on else "raised"


def describe(refs: Sequence[Ref], viewer: Viewer, *, using: str = "default") -> dict[Ref, Described | None]:
    """Everything of crisis in the viewer's organisation that a thread may name, looked up by kind."""
    found: dict[Ref, Described | None] = {}
    for kind, look_up in LOOK_UPS.items():
        wanted = {ref.id: ref for ref in refs if ref.kind == kind}
        if wanted:
            found |= look_up(wanted, viewer, using)
    return found


def _rows(model, wanted, viewer, using, *related):  # type: ignore[no-untyped-def]
    rows = model.objects.using(using).filter(organisation_id=viewer.organisation_id, id__in=list(wanted))
    return [(wanted[row.id], row) for row in rows.select_related("unit", *related)]


def _declarations(wanted, viewer, using):  # type: ignore[no-untyped-def]
    return {
        ref: Described(ref, "Temporary delegated authority", f"Temporary delegated authority for {row.unit.name}",
                       local_date(row.starts_at), "decision", row.declared_by.name, STATES[row.state])
        for ref, row in _rows(Declaration, wanted, viewer, using, "declared_by")
    }  # fmt: skip


def _levels(wanted, viewer, using):  # type: ignore[no-untyped-def]
    return {
        ref: Described(ref, "Incident level", f"Incident level {row.level} at {row.unit.name}" if row.level
                       else f"Incident stood down at {row.unit.name}", local_date(row.since), "measure", row.by.name)
        for ref, row in _rows(IncidentLevel, wanted, viewer, using, "by")
    }  # fmt: skip


def _teams(wanted, viewer, using):  # type: ignore[no-untyped-def]
    return {
        ref: Described(ref, "Response team", row.body.title, local_date(row.formed_at), "listening", row.formed_by.name,
                       "stood down" if row.stood_down_at else "")
        for ref, row in _rows(Team, wanted, viewer, using, "body", "formed_by")
    }  # fmt: skip


def _reconfigurations(wanted, viewer, using):  # type: ignore[no-untyped-def]
    return {
        ref: Described(ref, "Reconfiguration", row.title, row.need_on, "change", row.raised_by.name, step_of(row))
        for ref, row in _rows(Reconfiguration, wanted, viewer, using, "raised_by")
    }


def _updates(wanted, viewer, using):  # type: ignore[no-untyped-def]
    return {
        ref: Described(ref, "Situation update", f"Update {row.number} for {row.unit.name}", local_date(row.at), "voice",
                       row.written_by.name)
        for ref, row in _rows(SituationUpdate, wanted, viewer, using, "written_by")
    }  # fmt: skip


def _areas(wanted, viewer, using):  # type: ignore[no-untyped-def]
    return {
        ref: Described(ref, "High-intensity area", f"{row.title}, {row.unit.name}", row.since, "measure")
        for ref, row in _rows(Area, wanted, viewer, using)
    }


def _ethics(wanted, viewer, using):  # type: ignore[no-untyped-def]
    return {
        ref: Described(ref, "Ethics advice", row.question if len(row.question) <= 200 else f"{row.question[:197]}…",
                       local_date(row.at), "listening", row.asked_by.name)
        for ref, row in _rows(EthicsRequest, wanted, viewer, using, "asked_by")
    }  # fmt: skip


LOOK_UPS = {
    "declaration": _declarations,
    "level": _levels,
    "team": _teams,
    "reconfiguration": _reconfigurations,
    "update": _updates,
    "area": _areas,
    "ethics_request": _ethics,
}
