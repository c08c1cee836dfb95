"""Reading the response: how serious it is, who decides for now, which teams are at work, what is being set up differently."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.methods.rights.phrases import value_in_words
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.practices.crisis.actions.in_force import level_of
from goldthread.practices.crisis.actions.teams import KEPT
from goldthread.practices.crisis.models import Declaration, EthicsRequest, IncidentLevel, Reconfiguration, Team
from goldthread.record import rules
from goldthread.record.models import Decision

#: Used where no scheme of delegation names its own subjects.
SUBJECTS = {
    "practice": "Clinical practice and ways of working",
    "staffing": "Staffing",
    "spending": "Spending",
    "estate": "Rooms and buildings",
    "digital": "Digital",
}
#: Subjects of the shipped schemes that have their own way: no team decides them and no reconfiguration is about them.
NOT_GIVEN = (*KEPT, "idea")


@dataclass(frozen=True)
class Authority:
    """Who decides for now at a unit: the declaration in force there or above it, one that waits, and the last that ended."""

    in_force: Declaration | None
    proposed: Declaration | None
    ended: Declaration | None


def level(*, viewer: Viewer, unit: Unit) -> IncidentLevel | None:
    """The highest incident level that stands at a unit or above it; None where nothing stands."""
    return level_of(unit) if unit.organisation_id == viewer.organisation_id else None


def authority(*, viewer: Viewer, unit: Unit) -> Authority:
    """The temporary delegated authority of a unit at the viewer's moment. The nearest unit above counts; times count, not whether
    anything ran at them.
    """
    rows = list(Declaration.objects.select_related("unit", "declared_by", "decision__decided_by", "decision__decider_unit",
                                                   "look_back", "extends")
                .filter(organisation_id=viewer.organisation_id, unit_id__in=unit.path).order_by("starts_at"))  # fmt: skip
    near = sorted(rows, key=lambda one: unit.path.index(one.unit_id))
    live = [one for one in near if one.state == "in_force" and one.starts_at <= viewer.at < one.ends_at]
    waiting = [one for one in near if one.state == "proposed"]
    ended = [one for one in near if one.state == "ended" and one.look_back_id is not None]
    return Authority(live[-1] if live else None, waiting[-1] if waiting else None,
                     max(ended, key=lambda one: one.ended_at, default=None))  # type: ignore[arg-type,return-value]  # fmt: skip


def declaration(*, viewer: Viewer, declaration_id: UUID) -> Declaration:
    """One declaration of the viewer's organisation. Raises NotFound."""
    rows = Declaration.objects.select_related(
        "unit", "declared_by", "decision__decided_by", "look_back", "extends", "record_mode"
    )
    found = rows.filter(organisation_id=viewer.organisation_id, id=declaration_id).first()
    if found is None:
        raise NotFound("no such declaration")
    return found


def extensions(*, viewer: Viewer, declaration: Declaration) -> list[Declaration]:
    """What was asked to extend a declaration, and what became of it."""
    rows = Declaration.objects.select_related("decision").filter(
        organisation_id=viewer.organisation_id, extends=declaration
    )
    return list(rows.order_by("starts_at", "id"))


def teams(*, viewer: Viewer, unit: Unit) -> list[Team]:
    """Response teams at work now at a unit, above it (where they decide for it) or below it."""
    rows = Team.objects.select_related("unit", "body").filter(
        Q(unit_id__in=unit.path) | Q(unit_id__in=tree.subtree_keys(unit)), organisation_id=viewer.organisation_id,
        stood_down_at__isnull=True, until__gt=viewer.at,
    )  # fmt: skip
    return list(rows.order_by("until", "id"))


def team(*, viewer: Viewer, team_id: UUID) -> Team:
    """One response team of the viewer's organisation. Raises NotFound."""
    rows = Team.objects.select_related("unit", "body", "declaration", "formed_by", "delegation")
    found = rows.filter(organisation_id=viewer.organisation_id, id=team_id).first()
    if found is None:
        raise NotFound("no such team")
    return found


def reconfigurations(*, viewer: Viewer, unit: Unit, most: int = 60) -> list[Reconfiguration]:
    """What is or was being set up differently at a unit and below: still open first, then by the day of the need, newest first."""
    rows = Reconfiguration.objects.select_related("unit", "decision").filter(
        organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit))  # fmt: skip
    found = list(rows.order_by("-need_on", "id")[:most])
    return sorted(found, key=lambda one: one.abandoned_on is not None or one.sustained_on is not None)


def reconfiguration(*, viewer: Viewer, reconfiguration_id: UUID) -> Reconfiguration:
    """One reconfiguration of the viewer's organisation. Raises NotFound."""
    rows = Reconfiguration.objects.select_related(
        "unit", "raised_by", "decision__decider_unit", "change", "declaration", "team__body"
    )
    found = rows.filter(organisation_id=viewer.organisation_id, id=reconfiguration_id).first()
    if found is None:
        raise NotFound("no such reconfiguration")
    return found


def asks(*, viewer: Viewer, unit: Unit) -> list[Decision]:
    """The open questions of the response at a unit, above it where authority for it is asked, and below; due first."""
    rows = Decision.objects.select_related("decider_unit", "body", "unit").filter(
        Q(unit_id__in=tree.subtree_keys(unit)) | Q(unit_id__in=unit.path), organisation_id=viewer.organisation_id,
        practice="crisis", state="open",
    )  # fmt: skip
    return list(rows.order_by("due_at", "id")[:50])


def declarations(*, viewer: Viewer, unit: Unit) -> list[Declaration]:
    """Every declaration that spoke for a unit, newest first."""
    rows = Declaration.objects.select_related("unit", "declared_by").filter(
        organisation_id=viewer.organisation_id, unit_id__in=unit.path
    )
    return list(rows.order_by("-starts_at", "-id")[:50])


def ethics(*, viewer: Viewer, decision_id: UUID) -> EthicsRequest | None:
    """What was asked of the ethics group about a decision."""
    rows = EthicsRequest.objects.select_related("hearing", "asked_by").filter(
        organisation_id=viewer.organisation_id, decision_id=decision_id
    )
    return rows.first()


def subjects(*, viewer: Viewer, unit: Unit) -> dict[str, str]:
    """On what one can decide here, in the words of the scheme of delegation in force; a short list where there is none."""
    scheme = rules.in_force(unit, local_date(viewer.at))
    if scheme is None:
        return dict(SUBJECTS)
    attribute = rules.policy_of(scheme).attributes.get("subject")
    if attribute is None or not attribute.values:
        return dict(SUBJECTS)
    words = {value: value_in_words(attribute, value) for value in attribute.values if value not in NOT_GIVEN}
    return {value: said[:1].upper() + said[1:] for value, said in words.items()}
