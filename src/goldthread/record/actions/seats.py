"""Who has a voice in a decision: those who must be asked, and the seats of those who decide it together."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.models import Organisation, Unit
from goldthread.record import rules
from goldthread.record.actions.notices import tell
from goldthread.record.models import BodySeat, Decision, Party, Seat
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


def invite_seats_of(decision: Decision, at: datetime, *, using: str = "default") -> None:
    """The same after it was passed up: seats for whoever decides it now."""
    _lay(decision, at, using, None)


def _lay(decision: Decision, at: datetime, using: str, second: rules.Holder | None) -> None:
    rows = _joint(decision, using) if decision.method == "joint" else _own(decision, at, using, second)
    for organisation_id, row in rows:
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
    people = [seat.person_id] if seat.person_id else []
    if seat.unit_id and seat.role:
        unit = Unit.objects.using(using).get(key=seat.unit_id)
        people = [held.person_id for held in tree.holders(unit, (seat.role, rules.DEPUTY), local_date(at), using=using)]
    for person_id in people:
        tell(organisation_id=organisation_id, person_id=person_id, about=Ref("record", "seat", seat.id),
             kind="seat_yours", at=at, using=using)  # fmt: skip


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
        yield mine, {"label": f"First key: {first.name}", "role": decision.decider_role, "unit": first}
        if second is not None:
            yield mine, {"label": f"Second key: {second.title or second.unit.name}", "role": second.role, "unit": second.unit, "body": second.body}  # fmt: skip
    elif decision.body is not None:
        seats = (
            BodySeat.objects.using(using)
            .select_related("person", "partner")
            .filter(body=decision.body, period__contains=day)
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
    from goldthread.record.models import Round

    Round.objects.using(using).filter(decision=decision).exclude(stage="closed").update(
        stage="closed", result="recast", closed_at=at
    )
    for organisation_id in {decision.organisation_id, *decision.organisations, *also}:
        if organisation_id == decision.organisation_id:
            Seat.objects.using(using).filter(decision=decision, state="active").update(
                state="left", ended_because=because
            )
        else:
            with scope.crossing(organisation_id, using=using):
                Seat.objects.using(using).filter(decision_id=decision.id, state="active").update(state="left", ended_because=because)  # fmt: skip
