"""Reading decisions: those that are mine to take, to be heard on, or to sit on; one of them with all that was said."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.organisation.access import NotFound, Viewer
from goldthread.record.actions import hearings, rounds
from goldthread.record.models import (
    Ballot,
    BodySeat,
    Clarification,
    Decision,
    Hearing,
    Party,
    Recusal,
    Reevaluation,
    Round,
    SealedView,
    Seat,
    Submission,
)

_JOINED = ("unit", "decider_unit", "delegated_to", "decided_by", "body", "raised_by", "scheme", "mode")

# Candidates by what can be looked up, then asked of the one function that guards the taking. "Vacated" are those whose holder is
# gone, stepped back or out of time: they belong to whoever manages above.
_MINE = """
with held as (
  select unit_id, role from organisation_roleheld
  where organisation_id = %(organisation)s and person_id = %(person)s and period @> goldthread_today()
), candidates as (
  select d.id from record_decision d where d.organisation_id = %(organisation)s and d.state = 'open' and (
    d.delegated_to_id = %(person)s
    or exists (select from held h where h.unit_id = d.decider_unit_id and h.role in (d.decider_role, d.deputy_role))
    or (d.body_id is not null and exists (select from record_bodyseat s where s.body_id = d.body_id and s.person_id = %(person)s))
    or d.authority_until <= goldthread_now()
    or exists (select from record_recusal r where r.decision_id = d.id)
    or exists (select from organisation_unit u where u.key = d.decider_unit_id and u.valid_to <= goldthread_today())
    or (d.body_id is null and d.decider_unit_id = any(%(below)s::int[]) and not exists (
        select from organisation_roleheld x where x.organisation_id = d.organisation_id and x.unit_id = d.decider_unit_id
          and x.role in (d.decider_role, d.deputy_role) and x.period @> goldthread_today()))
    or (d.body_id is not null and d.decider_unit_id = any(%(below)s::int[])))
)
select c.id from candidates c where exists (select from goldthread_deciders(c.id) w where w.person = %(person)s)
"""


def my_decisions(*, viewer: Viewer) -> list[Decision]:
    """Open decisions that the viewer may take now, due first: as decision-maker, deputy, for a body, because they were handed over,
    or because nobody else is left below.
    """
    if viewer.person_id is None:
        return []
    managed = [held.unit_key for held in viewer.held if held.role in ("unit_manager", "deputy_manager", "executive", "leader", "administrator")]  # fmt: skip
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select key from organisation_unit where organisation_id = %s and path && %s::int[]",
            [viewer.organisation_id, managed],
        )
        below = [key for (key,) in cursor.fetchall()]
        cursor.execute(_MINE, {"organisation": viewer.organisation_id, "person": viewer.person_id, "below": below})
        ids = [one for (one,) in cursor.fetchall()]
    rows = Decision.objects.filter(organisation_id=viewer.organisation_id, id__in=ids).select_related(*_JOINED)
    return list(rows.order_by("due_at", "id"))


def decision(*, viewer: Viewer, decision_id: UUID) -> Decision:
    """One decision of the viewer's organisation. Raises NotFound."""
    rows = Decision.objects.filter(organisation_id=viewer.organisation_id, id=decision_id)
    found = rows.select_related(*_JOINED, "supersedes", "happened_by").first()
    if found is None:
        raise NotFound("no such decision")
    return found


# Hearings in which the viewer may be among those asked, by what can be looked up; parties_of() then says for sure.
_ASKED = """
select distinct h.decision_id, h.closes_at from record_party p
  join record_hearing h on h.decision_id = p.decision_id join record_decision d on d.id = p.decision_id
  join organisation_person me on me.id = %(person)s join organisation_unit mine on mine.key = me.unit_id
where p.organisation_id = %(organisation)s and d.state = 'open' and h.closed_at is null and h.closes_at > %(at)s and p.asked_at is not null
  and (p.person_id = me.id
    or (p.who = 'unit' and mine.path @> array[p.unit_id])
    or (p.who = 'profession' and lower(me.staff_group) like lower(replace(p.profession, '_', ' ')) || '%%')
    or (p.who = 'role' and exists (select from organisation_roleheld r where r.organisation_id = p.organisation_id
        and r.person_id = me.id and r.unit_id = p.unit_id and r.period @> goldthread_today()))
    or (p.body_id is not null and exists (select from record_bodyseat s where s.body_id = p.body_id and s.person_id = me.id)))
order by h.closes_at
"""


def asked_of_me(*, viewer: Viewer) -> list[tuple[Decision, Party]]:
    """Open hearings in which the viewer is asked and has not spoken yet, closing first."""
    if viewer.person_id is None:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(_ASKED, {"organisation": viewer.organisation_id, "person": viewer.person_id, "at": viewer.at})
        ids = [one for one, _ in cursor.fetchall()]
    rows = Decision.objects.select_related("unit").in_bulk(ids)
    spoken = set(
        Submission.objects.filter(decision_id__in=ids, said_by_id=viewer.person_id).values_list("party_id", flat=True)
    )
    found = []
    for one in ids:
        mine = [party for party in hearings.parties_of(viewer, rows[one]) if party.id not in spoken]
        if mine:
            found.append((rows[one], mine[0]))
    return found


@dataclass(frozen=True)
class AtTheTable:
    """A seat of the viewer's in a decision that is taken together, here or in another organisation."""

    seat: Seat
    question: str
    home: str
    method: str
    due_at: datetime
    answered: bool
    proposal: str


def my_seats(*, viewer: Viewer) -> list[AtTheTable]:
    """Seats for which the viewer may speak in decisions that are still open, due first."""
    units = [held.unit_key for held in viewer.held]
    rows = Seat.objects.filter(organisation_id=viewer.organisation_id, state="active").filter(
        Q(person_id=viewer.person_id)
        | Q(unit_id__in=units)
        | Q(body_id__in=[one.body_id for one in my_bodies(viewer=viewer)])
    )
    found = []
    for seat in rows:
        if not rounds.speaks_for(viewer, seat):
            continue
        shared = shared_decision(seat.decision_id)
        if shared is None or shared["state"] != "open" or shared["ladder_step"] != seat.step:
            continue
        one = shared["round_id"] if shared["round_stage"] not in (None, "closed") else None
        table = [row for row in rounds.seats_of(Decision(id=seat.decision_id)) if row["seat_id"] == seat.id]
        answered = one is None or any(row["round_id"] == one for row in table)
        found.append(AtTheTable(seat, shared["question"], shared["organisation"], shared["method"], shared["due_at"], answered,
                                shared["round_text"] if one else ""))  # fmt: skip
    return sorted(found, key=lambda row: (row.answered, row.due_at))


def shared_decision(decision_id: UUID) -> dict[str, Any] | None:
    """A decision at whose table the viewer's organisation has a seat, with its newest proposal; None otherwise."""
    with connections["default"].cursor() as cursor:
        cursor.execute("select * from goldthread_shared_decision(%s)", [decision_id])
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def seat(*, viewer: Viewer, seat_id: UUID) -> Seat:
    """One seat of the viewer's organisation. Raises NotFound."""
    found = (
        Seat.objects.select_related("home", "person", "unit")
        .filter(organisation_id=viewer.organisation_id, id=seat_id)
        .first()
    )
    if found is None:
        raise NotFound("no such seat")
    return found


@dataclass(frozen=True)
class Heard:
    """A party on a decision with what was said for it. `of` is how many people were asked."""

    party: Party
    said: list[Submission]


@dataclass(frozen=True)
class Whole:
    """A decision with everything around it."""

    row: Decision
    hearing: Hearing | None
    heard: list[Heard]
    view: SealedView | None
    rounds: list[Round]
    table: list[dict[str, Any]]
    clarifications: list[Clarification]
    ballots: dict[UUID, dict[str, int]]
    recusals: int
    seated_groups: list[str]
    partner_seats: set[UUID]
    history: list[Reevaluation]


def whole(*, viewer: Viewer, row: Decision) -> Whole:
    """Everything on one decision that anybody in its organisation may read. Twelve queries at most."""
    mine = {"organisation_id": viewer.organisation_id, "decision": row}
    said = defaultdict(list)
    for one in Submission.objects.filter(**mine).select_related("said_by", "partner").order_by("said_at"):
        said[one.party_id].append(one)
    parties = (
        Party.objects.filter(**mine).select_related("unit", "body", "person", "partner").order_by("-must", "label")
    )
    ballots: dict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("for", "against", "abstain"), 0))
    for round_id, choice in Ballot.objects.filter(organisation_id=viewer.organisation_id, round__decision=row).values_list("round_id", "choice"):  # fmt: skip
        ballots[round_id][choice] += 1
    return Whole(
        row=row,
        hearing=Hearing.objects.filter(**mine).first(),
        heard=[Heard(party, said[party.id]) for party in parties],
        view=SealedView.objects.filter(**mine).first(),
        rounds=list(Round.objects.filter(**mine).select_related("put_by").order_by("number")),
        table=rounds.seats_of(row),
        clarifications=list(Clarification.objects.filter(organisation_id=viewer.organisation_id, round__decision=row).order_by("asked_at")),
        ballots=dict(ballots),
        seated_groups=[group.lower() for group in Seat.objects.filter(**mine, state="active", step=row.ladder_step, person__isnull=False).values_list("person__staff_group", flat=True)],
        partner_seats=set(Seat.objects.filter(**mine, partner__isnull=False).values_list("id", flat=True)),
        recusals=Recusal.objects.filter(**mine).count(),
        history=list(Reevaluation.objects.filter(**mine).order_by("at")),
    )  # fmt: skip


def my_bodies(*, viewer: Viewer) -> list[BodySeat]:
    """The bodies in which the viewer sits today."""
    rows = BodySeat.objects.filter(
        organisation_id=viewer.organisation_id, person_id=viewer.person_id, period__contains=local_date(viewer.at)
    )
    return list(rows.select_related("body"))


def without_decider_or_clock(*, using: str = "default") -> list[UUID]:
    """The invariant that always holds: every open decision has somebody who may take it and a clock. Returns those that have not."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            select d.id from record_decision d where d.state = 'open' and (
              not exists (select from goldthread_deciders(d.id))
              or not exists (select from record_clock c where c.about_id = d.id and c.practice = 'record'
                             and c.about_kind = 'decision' and c.purpose = 'decision_due' and c.state in ('pending', 'parked')))
            """
        )
        return [one for (one,) in cursor.fetchall()]
