"""Which open decisions need a body, and what came of those that were on its agenda."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from goldthread.organisation.access import Viewer
from goldthread.practices.governance.models import AgendaItem, Meeting
from goldthread.record.models import Body, BodySeat, Decision, Party, Seat

#: Why a decision is on an agenda, as people read it.
WHY = {
    "decides": "this body decides it",
    "consents": "this body must consent",
    "heard": "this body must be heard",
    "consulted": "the scheme of delegation asks for this body's view",
    "added": "a member wants to talk about it",
}


@dataclass(frozen=True)
class Needed:
    """An open decision and why a body has to take it up."""

    decision: Decision
    why: str


def needing(body: Body) -> list[Needed]:
    """The open decisions that need a body, the soonest due first: those it decides, has a seat in, or must be heard on."""
    mine = {"organisation_id": body.organisation_id}
    seats = BodySeat.objects.filter(body=body)
    sits = set(Seat.objects.filter(**mine, state="active").filter(Q(body=body) | Q(body_seat__in=seats))
               .values_list("decision_id", flat=True))  # fmt: skip
    heard = dict(Party.objects.filter(**mine, who="body", body=body).values_list("decision_id", "must"))
    rows = Decision.objects.select_related("unit", "decider_unit", "body").filter(**mine, state="open")
    rows = rows.filter(Q(body=body) | Q(id__in=sits | heard.keys()))
    return [Needed(row, _why(row, body, sits, heard)) for row in rows.order_by("due_at", "id")]


def _why(row: Decision, body: Body, sits: set[UUID], heard: dict[UUID, bool]) -> str:
    if row.body_id == body.id:
        return "decides"
    if row.id in sits:
        return "consents"
    return "heard" if heard[row.id] else "consulted"


@dataclass(frozen=True)
class Minute:
    """One item of a meeting: the decision as the record has it now. `decided_there` says that it was taken on the meeting's day."""

    item: AgendaItem
    decision: Decision
    decided_there: bool


def minutes(*, viewer: Viewer, meeting: Meeting) -> list[Minute]:
    """The minutes: the decisions on the agenda, in order, with outcome and reason read from the record."""
    from goldthread.journal.clock import local_date

    rows = AgendaItem.objects.select_related("decision__decided_by", "decision__body", "decision__decider_unit")
    return [
        Minute(
            row, row.decision, row.decision.decided_at is not None and local_date(row.decision.decided_at) == meeting.on
        )
        for row in rows.filter(organisation_id=viewer.organisation_id, meeting=meeting).order_by("order")
    ]
