"""Who has a voice in a decision: those who must be asked, and the seats of those who decide it together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connections

from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Organisation, Unit
from goldthread.record import rules
from goldthread.record.actions.clocks import stop_clock
from goldthread.record.actions.notices import tell
from goldthread.record.models import BodySeat, Decision, Hearing, Party, Round, Seat
from goldthread.record.models.decisions import TOGETHER
from goldthread.record.refs import Ref


def invite_parties(decision: Decision, found: rules.Match, *, using: str = "default") -> None:
    """Note whom the scheme says must be asked, and each profession that must have a voice."""
    if found.policy is None:
        return
    day = local_date(decision.opened_at)
    must = decision.method == "advice"
    for name in found.then.consult:
        holder = rules.resolve(found.policy, name, decision.unit, day, using=using)
        title = holder.title or name
        row: dict[str, Any] = {"who": "role", "role": holder.role, "unit": holder.unit}
        if holder.body is not None:
            row = {"who": "body", "body": holder.body}
        elif holder.role == "member":
            row = {"who": "unit", "unit": holder.unit}
        _party(decision, title[:1].upper() + title[1:], must, "scheme", using, **row)
    for profession in found.then.professions:
        label = profession.replace("_", " ")
        _party(decision, label[:1].upper() + label[1:], True, "profession", using, who="profession", profession=profession)  # fmt: skip


def _party(decision: Decision, label: str, must: bool, basis: str, using: str, **who: Any) -> None:
    Party.objects.using(using).get_or_create(
        organisation_id=decision.organisation_id, decision=decision, label=label[:200],
        defaults={"must": must, "basis": basis, **who},
    )  # fmt: skip


def invite_seats(decision: Decision, found: rules.Match, at: datetime, *, using: str = "default") -> None:
    """Set out the seats of a decision that is taken together, and tell those who hold them."""
    if decision.method in TOGETHER:
        second = None
        if decision.method == "two-key" and found.policy is not None:
            second = rules.resolve(found.policy, found.then.second or found.then.decider, decision.unit, local_date(at), using=using)  # fmt: skip
        _lay(decision, at, using, second)


def invite_seats_of(decision: Decision, at: datetime, *, second: str = "", using: str = "default") -> None:
    """The same after it was passed up: seats for whoever decides it now, and for whoever `second` names where two keys are needed."""
    holder = None
    if decision.method == "two-key" and decision.scheme is not None and second:
        holder = rules.resolve(rules.policy_of(decision.scheme), second, decision.unit, local_date(at), using=using)
    _lay(decision, at, using, holder)


def _lay(decision: Decision, at: datetime, using: str, second: rules.Holder | None) -> None:
    rows = _joint(decision, using) if decision.method == "joint" else _own(decision, at, using, second)
    called: Counter[str] = Counter()
    for organisation_id, row in rows:
        called[row["label"]] += 1
        if called[row["label"]] > 1:  # two people of one name have two seats
            row["label"] = f"{row['label'][:190]} ({called[row['label']]})"
        if organisation_id == decision.organisation_id:
            _seat(decision, organisation_id, row, at, using)
        else:
            with scope.crossing(organisation_id, using=using):
                _seat(decision, organisation_id, row, at, using)


def _seat(decision: Decision, organisation_id: int, row: dict[str, Any], at: datetime, using: str) -> None:
    label = row.pop("label")[:200]
    seat, _ = Seat.objects.using(using).get_or_create(
        organisation_id=organisation_id, decision_id=decision.id, step=decision.ladder_step, label=label,
        defaults={"home_id": decision.organisation_id, **row},
    )  # fmt: skip
    if seat.state == "left":
        Seat.objects.using(using).filter(id=seat.id).update(state="active", ended_because="")
    for person_id in speakers(seat, local_date(at), using=using):
        tell(organisation_id=organisation_id, person_id=person_id, about=Ref("record", "seat", seat.id),
             kind="seat_yours", at=at, using=using)  # fmt: skip


def speakers(seat: Seat, on: date, *, using: str = "default") -> list[UUID]:
    """The people who may speak for a seat: its person, whoever leads its body, or the holders of its role and their deputies."""
    if seat.person_id is not None or seat.partner_id is not None:
        return [seat.person_id] if seat.person_id else []
    if seat.body_id is not None:
        rows = BodySeat.objects.using(using).filter(
            body_id=seat.body_id, period__contains=on, place__in=("chair", "lead", "deputy")
        )
        return [row.person_id for row in rows if row.person_id]
    if seat.unit_id is None or not seat.role:
        return []
    unit = Unit.objects.using(using).get(key=seat.unit_id)
    return [held.person_id for held in tree.holders(unit, (seat.role, rules.DEPUTY), on, using=using)]


def seats_of(decision: Decision) -> list[dict[str, Any]]:
    """Every seat at the table with its position on each round; from any organisation that sits there. One query."""
    with connections["default"].cursor() as cursor:
        cursor.execute("select * from goldthread_table(%s)", [decision.id])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def speaks_for(by: Viewer, seat: Seat) -> bool:
    """Whether the viewer may speak for a seat: its person, a holder of its role or the deputy, or an officer of its body."""
    if by.person_id is None or by.organisation_id != seat.organisation_id or seat.state != "active":
        return False
    return by.person_id in speakers(seat, local_date(by.at))


def _joint(decision: Decision, using: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """One seat for each organisation touched: whoever manages the whole of it, or their deputy, speaks there."""
    for organisation_id in (decision.organisation_id, *decision.organisations):
        organisation = Organisation.objects.using(using).get(id=organisation_id)
        top = tree.root_of(organisation_id, using=using)
        yield organisation_id, {"label": organisation.name, "role": rules.DECIDER, "unit": top}


def _own(
    decision: Decision, at: datetime, using: str, second: rules.Holder | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    day = local_date(at)
    mine = decision.organisation_id
    if decision.method == "two-key":
        first = decision.decider_unit
        name = decision.body.title if decision.body else first.name
        yield mine, {"label": f"First key: {name}", "role": decision.decider_role, "unit": first, "body": decision.body}
        if second is not None:
            yield mine, {"label": f"Second key: {second.title or second.unit.name}", "role": second.role, "unit": second.unit, "body": second.body}  # fmt: skip
    elif decision.body is not None:
        seats = (
            BodySeat.objects.using(using)
            .select_related("person", "partner")
            .filter(body=decision.body, period__contains=day)
            .order_by("id")
        )
        for seat in seats:
            name = seat.person.name if seat.person else seat.partner.name if seat.partner else ""
            label = f"{name} ({seat.profession or seat.represents})" if seat.profession or seat.represents else name
            yield mine, {"label": label, "person": seat.person, "partner": seat.partner, "body_seat": seat}
    else:
        for held in tree.holders(
            decision.decider_unit, (decision.decider_role, decision.deputy_role), day, using=using
        ):
            yield mine, {"label": held.person.name, "person": held.person}
        for party in Party.objects.using(using).select_related("unit").filter(decision=decision, who="role"):
            yield mine, {"label": party.label, "role": party.role, "unit": party.unit}


def leave_seats(
    decision: Decision, because: str, at: datetime, *, also: Sequence[int] = (), using: str = "default"
) -> None:  # fmt: skip
    """Nobody sits any more: the decision is asked again or has gone up. An open round ends without a result. `also` names
    organisations that sat there before.
    """
    for one in Round.objects.using(using).filter(decision=decision).exclude(stage="closed"):
        one.stage, one.result, one.closed_at = "closed", "recast", at
        one.save(using=using, update_fields=["stage", "result", "closed_at"])
        stop_clock(
            Ref("record", "round", one.id),
            organisation_id=decision.organisation_id,
            purpose="round_closes",
            using=using,
        )
    for organisation_id in {decision.organisation_id, *decision.organisations, *also}:
        if organisation_id == decision.organisation_id:
            Seat.objects.using(using).filter(decision=decision, state="active").update(
                state="left", ended_because=because
            )
        else:
            with scope.crossing(organisation_id, using=using):
                Seat.objects.using(using).filter(decision_id=decision.id, state="active").update(state="left", ended_because=because)  # fmt: skip


def clear_table(decision: Decision, because: str, at: datetime, *, using: str = "default") -> None:
    """The question has ended without an answer: nobody is heard on it or asked for a position any more."""
    leave_seats(decision, because, at, using=using)
    Hearing.objects.using(using).filter(decision=decision, closed_at__isnull=True).update(closed_at=at)
    ref = Ref("record", "decision", decision.id)
    stop_clock(ref, organisation_id=decision.organisation_id, purpose="hearing_closes", using=using)
