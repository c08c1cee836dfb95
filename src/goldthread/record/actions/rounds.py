"""Deciding together: a proposal is put, questions are answered, seats take positions, objections are integrated in the next round.

Every action locks the decision first, so that two people who press at once follow one another; goldthread_carry() reads the round
again under that lock and takes the decision at most once.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import connections, transaction

from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.journal.events import Actor, leave
from goldthread.organisation.access import NotFound, Viewer
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.decisions.common import lock_open, ref_of, require_decider, tell_deciders
from goldthread.record.actions.decisions.taking import after_decided
from goldthread.record.actions.notices import tell
from goldthread.record.actions.seats import seats_of, speakers, speaks_for
from goldthread.record.days import due_in
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Clarification, Decision, Integration, Party, Position, Round, Seat, Submission
from goldthread.record.models.decisions import TOGETHER
from goldthread.record.practice import practice_named
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

#: What a seat may say, by method.
MAY_SAY = {
    "consent": ("consent", "stand_aside", "object"),
    "joint": ("consent", "object"),
    "majority": ("for", "against", "abstain"),
    "two-key": ("sign", "refuse"),
}
#: After this many rounds without consent, the question goes to the dispute ladder.
MOST_ROUNDS = 3


def ref_of_round(one: Round) -> Ref:
    """The round as clocks point at it."""
    return Ref("record", "round", one.id)


@transaction.atomic
def put_round(
    *, by: Viewer, at: datetime, decision: Decision, outcome: str, text: str, reason: str, expects: str = "",
    look_back_on: date | None = None, days: int | None = None, integrated: Mapping[UUID, str] | None = None,
) -> Round:  # fmt: skip
    """Put a proposal to all seats. Its text is frozen. After objections, `integrated` says for each how the new text answers it."""
    decision = lock_open(decision)
    role = require_decider(by, decision)
    if decision.method not in TOGETHER:
        raise Refused("This is one person's to decide; there is nobody to put it to. Nothing was changed.")
    if outcome not in practice_named(decision.practice).decision_kind(decision.kind).outcomes:
        raise Invalid("outcome", "Choose what is proposed.")
    if look_back_on is not None and look_back_on <= local_date(at):
        raise Invalid("look_back_on", "The day to look back must be after today.")
    last = Round.objects.filter(decision=decision).order_by("-number").first()
    if last is not None and last.stage != "closed":
        raise Refused("A proposal is before the seats already. Its text is frozen until they have answered.")
    silent = professions_without_a_voice(decision)
    if silent:
        raise Refused(
            f"A voice from each profession is needed before this is put: {', '.join(silent)} has neither a seat nor been heard."
        )
    within = 5 if days is None else days
    made = Round.objects.create(
        organisation_id=decision.organisation_id, decision=decision, number=last.number + 1 if last else 1, outcome=outcome,
        text=clean_text(text, field="text", limit=8000), reason=clean_text(reason, field="reason", limit=4000),
        expects=clean_text(expects, field="expects", limit=2000, required=False), look_back_on=look_back_on,
        put_by_id=by.person_id, stage="clarify" if decision.method == "consent" else "respond", opened_at=at,
        closes_at=min(due_in(at, within), max(decision.due_at, due_in(at, 0))),
    )  # fmt: skip
    _integrate(decision, last, made, integrated or {})
    set_clock(ref_of_round(made), organisation_id=decision.organisation_id, purpose="round_closes", due_at=made.closes_at)  # fmt: skip
    if decision.method == "two-key":
        _sign_as_first_key(by, at, decision, made)
    _tell_seats(decision, "round_put", at, once=str(made.number))
    leave("record.round_put", by=by.acting_as(role), at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, rule=decision.rule, round=made.number, outcome=outcome)  # fmt: skip
    return made


def professions_without_a_voice(decision: Decision) -> list[str]:
    """Professions that the scheme names and that neither sit at the table nor were heard, by label."""
    wanted = Party.objects.filter(decision=decision, basis="profession", must=True)
    heard = set(Submission.objects.filter(decision=decision).values_list("party_id", flat=True))
    seats = Seat.objects.filter(decision=decision, step=decision.ladder_step, state="active", person__isnull=False)
    groups = [group.lower() for group in seats.values_list("person__staff_group", flat=True)]
    return [
        party.label for party in wanted
        if party.id not in heard and not any(group.startswith(party.profession.replace("_", " ").lower()) for group in groups)
    ]  # fmt: skip


def _integrate(decision: Decision, last: Round | None, made: Round, integrated: Mapping[UUID, str]) -> None:
    if last is None or last.result != "objected":
        return
    standing = [row for row in seats_of(decision) if row["said"] == "object" and row["round_id"] == last.id]
    for row in standing:
        how = (integrated.get(row["seat_id"]) or "").strip()
        if not how:
            raise Invalid(
                "integrated", f"Say how the new text answers the objection of {row['label']}, or why it cannot."
            )
        with scope.crossing(row["organisation_id"]):
            position = Position.objects.get(seat_id=row["seat_id"], round_id=last.id, withdrawn_at__isnull=True)
            Integration.objects.create(
                organisation_id=row["organisation_id"], position=position, round_id=made.id,
                how=clean_text(how, field="integrated", limit=4000),
            )  # fmt: skip


def _sign_as_first_key(by: Viewer, at: datetime, decision: Decision, made: Round) -> None:
    for seat in Seat.objects.filter(decision=decision, step=decision.ladder_step, state="active").order_by("label"):
        if speaks_for(by, seat):
            Position.objects.create(organisation_id=seat.organisation_id, seat=seat, round=made, said="sign", by_id=by.person_id, at=at)  # fmt: skip
            return
    raise NotYours("Whoever holds one of the two keys puts the proposal. Nothing was changed.")


@transaction.atomic
def ask_for_clarity(*, by: Viewer, at: datetime, seat: Seat, question: str) -> Clarification:
    """Ask a question before positions are taken."""
    if not speaks_for(by, seat):
        raise NotYours("Only whoever speaks for this seat may ask for it. Nothing was changed.")
    with scope.crossing(seat.home_id):
        decision = lock_open(Decision(id=seat.decision_id))
        one = _open_round(decision, at)
        if one.stage != "clarify":
            raise Refused(
                "Positions are being taken already: object with your question as the reason if it must be answered."
            )
        asked = Clarification.objects.create(
            organisation_id=seat.home_id, round=one, seat_id=seat.id,
            question=clean_text(question, field="question", limit=2000), asked_at=at,
        )  # fmt: skip
        tell_deciders(decision, "clarity_asked", at, once=str(asked.id))
        leave("record.clarity_asked", by=by.acting_as(), at=at, organisation_id=seat.home_id, practice="record",
              object_kind="decision", object_id=decision.id, round=one.number)  # fmt: skip
        return asked


@transaction.atomic
def answer_clarity(*, by: Viewer, at: datetime, decision: Decision, clarification: Clarification, answer: str) -> None:
    """Answer a question; the text of the proposal stays as it is."""
    decision = lock_open(decision)
    role = require_decider(by, decision)
    changed = Clarification.objects.filter(
        id=clarification.id, round__decision=decision, answered_at__isnull=True
    ).update(answer=clean_text(answer, field="answer", limit=4000), answered_at=at)
    if not changed:
        raise AlreadyEnded("This question has been answered already. Nothing was changed.")
    leave("record.clarity_given", by=by.acting_as(role), at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id)  # fmt: skip


@transaction.atomic
def ask_for_positions(*, by: Viewer, at: datetime, decision: Decision) -> Round:
    """End the questions, once all are answered: now each seat says whether it consents."""
    decision = lock_open(decision)
    role = require_decider(by, decision)
    one = _open_round(decision, at)
    if one.stage != "clarify":
        raise AlreadyEnded("Positions are being taken already. Nothing was changed.")
    waiting = Clarification.objects.filter(round=one, answered_at__isnull=True).count()
    if waiting:
        raise Refused(f"{waiting} question{' is' if waiting == 1 else 's are'} not answered yet. Answer first.")
    one.stage = "respond"
    one.save(update_fields=["stage"])
    _tell_seats(decision, "positions_asked", at, once=str(one.number))
    leave("record.positions_asked", by=by.acting_as(role), at=at, organisation_id=decision.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, round=one.number)  # fmt: skip
    return one


@transaction.atomic
def take_position(*, by: Viewer, at: datetime, seat: Seat, said: str, reason: str = "") -> str:
    """Say what the seat says to the proposal, once. Returns what the round has come to: open, carried, lost, objected …

    In a secret ballot the vote goes into the box with no path to who cast it.
    """
    if Seat.objects.filter(id=seat.id, state="left").exists():
        raise AlreadyEnded("This seat is not at the table any more. Nothing was changed.")
    if not speaks_for(by, seat):
        raise NotYours(f"Only whoever speaks for {seat.label} may do this. Nothing was changed.")
    return position_of(seat, at=at, said=said, reason=reason, person_id=by.person_id, actor=by.acting_as())


def position_of(seat: Seat, *, at: datetime, said: str, reason: str, person_id: UUID | None, actor: Actor) -> str:
    """The same for whoever was found to speak for the seat: a person, or a partner by a signed link."""
    with scope.crossing(seat.home_id):
        decision = lock_open(Decision(id=seat.decision_id))
        one = _open_round(decision, at)
    seat.refresh_from_db(fields=["state"])  # as it is now that nobody else can change the table
    if said not in MAY_SAY[decision.method]:
        raise Invalid("said", "Choose what your seat says.")
    if one.stage == "clarify":
        raise Refused("Questions come first: positions are asked for when they are answered.")
    if seat.step != decision.ladder_step or seat.state != "active":
        raise AlreadyEnded("This seat is not at the table any more. Nothing was changed.")
    words = clean_text(reason, field="reason", limit=4000, required=said in ("object", "refuse"))
    if Position.objects.filter(seat=seat, round_id=one.id, withdrawn_at__isnull=True).exists():
        raise AlreadyEnded(f"{seat.label} has taken a position already. Withdraw it first to take another.")
    signed = Position.objects.filter(round_id=one.id, said="sign", by_id=person_id, withdrawn_at__isnull=True)
    if said == "sign" and person_id is not None and signed.exists():
        raise NotYours("You have turned the other key already; this one needs a second person. Nothing was changed.")
    secret = decision.secret_ballot and decision.method == "majority"
    Position.objects.create(
        organisation_id=seat.organisation_id, seat=seat, round_id=one.id, said="voted" if secret else said,
        reason="" if secret else words, by_id=person_id, at=at,
    )  # fmt: skip
    with scope.crossing(seat.home_id):
        if secret:
            with connections["default"].cursor() as cursor:
                cursor.execute("select goldthread_cast(%s, %s)", [one.id, said])
        leave("record.position_taken", by=actor, at=at, organisation_id=seat.home_id, practice="record",
              object_kind="decision", object_id=decision.id, round=one.number, said="voted" if secret else said)  # fmt: skip
        return settle(decision, at=at)


@transaction.atomic
def withdraw_position(*, by: Viewer, at: datetime, seat: Seat) -> None:
    """Take a position back while the round is open, in order to take another. Not in a secret ballot: nobody knows which it was."""
    if not speaks_for(by, seat):
        raise NotYours(f"Only whoever speaks for {seat.label} may do this. Nothing was changed.")
    with scope.crossing(seat.home_id):
        decision = lock_open(Decision(id=seat.decision_id))
        one = _open_round(decision, at)
    if decision.secret_ballot:
        raise Refused("A secret vote cannot be taken back: nothing says which one it was.")
    changed = Position.objects.filter(seat=seat, round_id=one.id, withdrawn_at__isnull=True).update(withdrawn_at=at)
    if not changed:
        raise Refused("There is no position to take back. Nothing was changed.")
    with scope.crossing(seat.home_id):
        leave("record.position_withdrawn", by=by.acting_as(), at=at, organisation_id=seat.home_id, practice="record",
              object_kind="decision", object_id=decision.id, round=one.number)  # fmt: skip


def settle(decision: Decision, *, at: datetime, using: str = "default") -> str:
    """Close the open round if it has come to something; a carried one takes the decision. "" where there is no open round."""
    one = Round.objects.using(using).filter(decision=decision).exclude(stage="closed").first()
    if one is None:
        return ""
    with connections[using].cursor() as cursor:
        cursor.execute("select goldthread_carry(%s, %s)", [one.id, at])
        verdict: str = cursor.fetchone()[0]
    if verdict in ("open", "ended"):
        return verdict
    stop_clock(ref_of_round(one), organisation_id=decision.organisation_id, purpose="round_closes", using=using)
    leave("record.round_closed", by=Actor("system"), at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, round=one.number, result=verdict, using=using)  # fmt: skip
    if verdict == "carried":
        decision.refresh_from_db(using=using)
        after_decided(decision, at=at, actor=Actor("system"), using=using)
    else:
        tell_deciders(decision, f"round_{verdict}", at, once=str(one.number), using=using)
        if verdict == "objected" and one.number >= MOST_ROUNDS:
            from goldthread.record.actions.decisions.running_out import pass_up

            pass_up(decision, at, using, why="objections")
    return verdict


def round_closes(*, round_id: UUID, at: datetime, using: str) -> None:
    """A round's time is over. Called by the sweeper: never wait here."""
    one = Round.objects.using(using).get(id=round_id)
    decision = Decision.objects.using(using).select_for_update(nowait=True, of=("self",)).select_related(
        "decider_unit", "unit", "body", "scheme").get(id=one.decision_id)  # fmt: skip
    if decision.state == "open":
        settle(decision, at=at, using=using)


def _open_round(decision: Decision, at: datetime) -> Round:
    one = Round.objects.filter(decision=decision).exclude(stage="closed").first()
    if one is None:
        raise Refused("There is no proposal to answer just now. Nothing was changed.")
    if one.closes_at <= at:
        raise AlreadyEnded(
            "The time to answer this proposal is over; what was said until then counts. Nothing was changed."
        )
    return one


def _tell_seats(decision: Decision, kind: str, at: datetime, *, once: str) -> None:
    for row in seats_of(decision):
        if row["active"]:
            with scope.crossing(row["organisation_id"]):
                seat = Seat.objects.get(id=row["seat_id"])
                for person_id in speakers(seat, local_date(at)):
                    tell(organisation_id=seat.organisation_id, person_id=person_id, about=Ref("record", "seat", seat.id),
                         kind=kind, at=at, once=once)  # fmt: skip


__all__ = [
    "MAY_SAY", "MOST_ROUNDS", "NotFound", "answer_clarity", "ask_for_clarity", "ask_for_positions", "put_round", "ref_of",
    "round_closes", "seats_of", "settle", "speaks_for", "take_position", "withdraw_position",
]  # fmt: skip
