"""Hearing people on a decision: who is touched, who must be asked, what they said, and that each got an answer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from goldthread.journal.clock import local_date
from goldthread.journal.events import Actor, leave
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.record.actions import sealed
from goldthread.record.actions.clocks import set_clock
from goldthread.record.actions.decisions.common import (
    deciders,
    lock_open,
    may_decide,
    ref_of,
    require_decider,
    tell_deciders,
)
from goldthread.record.actions.notices import tell, tell_all
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Decision, Hearing, Party, SealedView, Submission
from goldthread.record.queries.bodies import seated
from goldthread.record.text import clean_text

STANCES = {"for": "For it", "against": "Against it", "change": "For it, if something changes", "unsure": "Not sure yet"}


@transaction.atomic
def add_party(
    *, by: Viewer, at: datetime, decision: Decision, label: str, who: str, must: bool = False, basis: str = "affected",
    interest: str = "", concern: str = "", would_settle: str = "", **whom: Any,
) -> Party:  # fmt: skip
    """Note somebody whom the decision touches: their interest, their concern and what would settle it. Whoever raised it or decides
    it may do this; `whom` is one of person, unit, role with unit, body, partner, profession.
    """
    decision = lock_open(decision)
    if by.person_id not in {decision.raised_by_id, *(person for person, _ in deciders(decision.id))}:
        raise NotYours("Whoever raised this or decides it says who is touched. Tell them who is missing.")
    label = clean_text(label, field="label", limit=200)
    if Party.objects.filter(decision=decision, label=label).exists():
        raise Invalid("label", f"{label} is on the list already.")
    heard = Hearing.objects.filter(decision=decision).first()
    if must and heard is not None and _over(heard, at):
        raise AlreadyEnded(
            "The time to be heard on this is over; whoever must be heard is named before. Nothing was changed."
        )
    party = Party.objects.create(
        organisation_id=decision.organisation_id, decision=decision, label=label, who=who, must=must, basis=basis,
        interest=clean_text(interest, field="interest", limit=1000, required=False),
        concern=clean_text(concern, field="concern", limit=1000, required=False),
        would_settle=clean_text(would_settle, field="would_settle", limit=1000, required=False), **whom,
    )  # fmt: skip
    if heard is not None and not _over(heard, at):
        _ask(party, at)
    leave("record.party_added", by=by.acting_as(), at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, party=party.id)  # fmt: skip
    return party


@transaction.atomic
def open_hearing(
    *, by: Viewer, at: datetime, decision: Decision, question: str, closes_at: datetime, view: str | None = None,
    confidence: str | None = None, kind: str = "advice",
) -> Hearing:  # fmt: skip
    """Ask everybody on the list. The decision-maker seals their own view first (`view`, `confidence`), so that it can be known
    whether listening changed anything; whoever else asks leaves nothing to measure. Rapid ethics advice needs no view.
    """
    decision = lock_open(decision)
    role = require_decider(by, decision)
    if Hearing.objects.filter(decision=decision).exists():
        raise AlreadyEnded("People have been asked already. Nothing was changed.")
    if closes_at <= at:
        raise Invalid("closes_at", "People need time to answer: choose a later moment.")
    if kind == "advice" and not SealedView.objects.filter(decision=decision).exists():
        if view is None or confidence is None:
            raise Invalid(
                "view", "Write down what you would decide today, before you hear anybody. It opens when you decide."
            )
        sealed.seal_view(by=by, at=at, decision=decision, outcome=view, confidence=confidence)
    hearing = Hearing.objects.create(
        organisation_id=decision.organisation_id, decision=decision, kind=kind, opened_by_id=by.person_id, opened_at=at,
        question=clean_text(question, field="question", limit=2000), closes_at=closes_at,
    )  # fmt: skip
    set_clock(ref_of(decision), organisation_id=decision.organisation_id, purpose="hearing_closes", due_at=closes_at)
    if closes_at > decision.due_at:
        decision.due_at = closes_at
        decision.save(update_fields=["due_at"])
        set_clock(ref_of(decision), organisation_id=decision.organisation_id, purpose="decision_due", due_at=closes_at)
    for party in Party.objects.filter(decision=decision):
        _ask(party, at)
    leave("record.hearing_opened", by=by.acting_as(role), at=at, organisation_id=decision.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, hearing=hearing.id, asked_as=kind)  # fmt: skip
    return hearing


def _over(hearing: Hearing, at: datetime) -> bool:
    return hearing.closed_at is not None or hearing.closes_at <= at


def _ask(party: Party, at: datetime, *, using: str = "default") -> None:
    takes = {person for person, _ in deciders(party.decision_id, using=using)}
    people = [person for person in whom(party, at, using=using) if person not in takes]
    party.asked_at, party.asked_of = at, len(people)
    party.save(using=using, update_fields=["asked_at", "asked_of"])
    tell_all(people, organisation_id=party.organisation_id, about=ref_of(Decision(id=party.decision_id)),
             kind="you_are_asked", at=at, using=using)  # fmt: skip


def ask_also(decision: Decision, at: datetime, *, using: str = "default") -> None:
    """Ask those whom the scheme names only since the decision was asked again. Where the time to be heard is over and one of them
    must be heard, it begins once more, until the decision is due.
    """
    hearing = Hearing.objects.using(using).filter(decision=decision).first()
    new = list(
        Party.objects.using(using).select_related("unit", "body").filter(decision=decision, asked_at__isnull=True)
    )
    if hearing is None or not new:
        return
    if _over(hearing, at):
        if not any(party.must for party in new):
            return
        hearing.closed_at, hearing.closes_at = None, decision.due_at
        hearing.save(using=using, update_fields=["closed_at", "closes_at"])
        set_clock(ref_of(decision), organisation_id=decision.organisation_id, purpose="hearing_closes",
                  due_at=hearing.closes_at, using=using)  # fmt: skip
    for party in new:
        _ask(party, at, using=using)


def whom(party: Party, at: datetime, *, using: str = "default") -> list[UUID]:
    """The people who may speak for a party, by id. For a profession those at, below and above the unit; the whole organisation's
    where it has nobody near.
    """
    day = local_date(at)
    if party.person_id is not None:
        return [party.person_id]
    if party.body is not None:
        return seated(party.body, day, using=using)
    if party.who == "role" and party.unit is not None:
        return [held.person_id for held in tree.holders(party.unit, (party.role, "deputy_manager"), day, using=using)]
    return list(_many(party, day, using).values_list("id", flat=True))


def _many(party: Party, day: date, using: str) -> QuerySet[Person]:
    """The people of a party that is a unit or a profession."""
    people = Person.objects.using(using).filter(organisation_id=party.organisation_id).exclude(left_on__lte=day)
    if party.who == "unit" and party.unit is not None:
        return people.filter(unit_id__in=tree.subtree_keys(party.unit))
    if party.who == "profession":
        unit = Unit.objects.using(using).get(
            key=Decision.objects.using(using).values_list("unit_id", flat=True).get(id=party.decision_id)
        )
        people = people.filter(staff_group__istartswith=party.profession.replace("_", " "))
        near = people.filter(unit_id__in=[*unit.path, *tree.subtree_keys(unit)])
        return near if near.exists() else people
    return people.none()


def _speaks(by: Viewer, party: Party) -> bool:
    if party.who in ("unit", "profession"):  # perhaps thousands: ask for one
        return _many(party, local_date(by.at), "default").filter(id=by.person_id).exists()
    return by.person_id in whom(party, by.at)


def parties_of(by: Viewer, decision: Decision) -> list[Party]:
    """For which of the parties on a decision the viewer may speak. Whoever decides is heard by deciding."""
    if decision.method in ("alone", "advice") and may_decide(by, decision):
        return []
    rows = Party.objects.select_related("unit", "body").filter(decision=decision, asked_at__isnull=False)
    return [party for party in rows if _speaks(by, party)]


@transaction.atomic
def say(*, by: Viewer, at: datetime, decision: Decision, party: Party, stance: str, text: str) -> Submission:
    """Say what you think, for yourself as one of a party. What was said stays as it was said; the decision-maker answers it."""
    if party.decision_id != decision.id or party.id not in {one.id for one in parties_of(by, decision)}:
        raise NotYours("You are not among those who were asked here. Tell whoever raised it if you should be.")
    return said(decision, party, stance, text, at=at, person_id=by.person_id, actor=by.acting_as())


def said(
    decision: Decision, party: Party, stance: str, text: str, *, at: datetime, actor: Actor, person_id: UUID | None = None,
    partner_id: UUID | None = None,
) -> Submission:  # fmt: skip
    """Keep what a person, or a partner by a signed link, said."""
    decision = lock_open(decision)
    hearing = Hearing.objects.filter(decision=decision).first()
    waited_for = party.must and party.basis == "profession"  # without its voice the decision cannot be taken at all
    if hearing is None or (_over(hearing, at) and not waited_for):
        raise AlreadyEnded("The time to be heard on this is over. Tell the decision-maker directly if it matters.")
    if stance not in STANCES:
        raise Invalid("stance", f"Choose one of: {', '.join(STANCES.values())}.")
    if Submission.objects.filter(party=party, said_by_id=person_id, partner_id=partner_id).exists():
        raise AlreadyEnded("You have been heard on this already. Nothing was changed.")
    made = Submission.objects.create(
        organisation_id=decision.organisation_id, decision=decision, party=party, said_by_id=person_id,
        partner_id=partner_id, stance=stance, text=clean_text(text, field="text", limit=4000), said_at=at,
    )  # fmt: skip
    tell_deciders(decision, "somebody_said", at, once=f"{at:%Y%m%d}")
    leave("record.heard", by=actor, at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, party=party.id)  # fmt: skip
    return made


@transaction.atomic
def reply(*, by: Viewer, at: datetime, submission: Submission, text: str) -> Submission:
    """Answer what somebody said: what you take from it, or why you differ."""
    decision = lock_open(Decision(id=submission.decision_id))
    role = require_decider(by, decision)
    found = Submission.objects.filter(id=submission.id, organisation_id=by.organisation_id).first()
    if found is None:
        raise NotFound("nobody said this")
    if found.replied_at is not None:
        raise AlreadyEnded("This has been answered already. Nothing was changed.")
    found.reply, found.replied_by_id, found.replied_at = clean_text(text, field="reply", limit=4000), by.person_id, at
    found.save(update_fields=["reply", "replied_by_id", "replied_at"])
    tell(organisation_id=by.organisation_id, person_id=found.said_by_id, about=ref_of(decision), kind="you_were_answered",
         at=at, once=str(found.id)) if found.said_by_id else None  # fmt: skip
    leave("record.replied", by=by.acting_as(role), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, party=found.party_id)  # fmt: skip
    return found


@transaction.atomic
def close_hearing(*, by: Viewer, at: datetime, decision: Decision) -> Hearing:
    """Close the hearing before its time, once everybody who must be heard was."""
    decision = lock_open(decision)
    role = require_decider(by, decision)
    hearing = Hearing.objects.filter(decision=decision, closed_at__isnull=True).first()
    if hearing is None:
        raise AlreadyEnded("There is no open hearing. Nothing was changed.")
    silent = [party.label for party in Party.objects.filter(decision=decision, must=True)
              if not Submission.objects.filter(party=party).exists()]  # fmt: skip
    if silent and hearing.closes_at > at:
        raise Refused(f"{', '.join(silent)} must be heard, and may answer until the hearing closes.")
    hearing.closed_at = at
    hearing.save(update_fields=["closed_at"])
    leave("record.hearing_closed", by=by.acting_as(role), at=at, organisation_id=decision.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id)  # fmt: skip
    return hearing


def hearing_closes(*, decision_id: UUID, at: datetime, using: str) -> None:
    """A hearing's time is over: the decision-maker is told. Called by the sweeper."""
    decision = Decision.objects.using(using).get(id=decision_id)
    Hearing.objects.using(using).filter(decision_id=decision_id, closed_at__isnull=True).update(closed_at=at)
    if decision.state == "open":
        tell_deciders(decision, "hearing_closed", at, using=using)
