"""Rapid ethics advice: a hearing on an open decision, with a clock of hours."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Person
from goldthread.practices.crisis.actions.common import somebody_here
from goldthread.practices.crisis.models import EthicsRequest
from goldthread.record.actions.hearings import add_party, open_hearing
from goldthread.record.errors import AlreadyEnded, Invalid, Refused
from goldthread.record.models import Body, Decision, Hearing, Party
from goldthread.record.queries.bodies import seated
from goldthread.record.text import clean_text

GROUP = "ethics-group"


@transaction.atomic
def ask_ethics(
    *, by: Viewer, at: datetime, decision: Decision, question: str, hours: int, people: Sequence[Person] = ()
) -> EthicsRequest:
    """Ask the ethics group (or people named by whoever decides) what to weigh, within hours. The decision waits for them until then,
    and no longer. Only its decision-maker can ask.
    """
    if not 1 <= hours <= 72:
        raise Invalid("hours", "Choose between 1 and 72 hours.")
    if Hearing.objects.filter(decision=decision).exists():
        raise AlreadyEnded("People are being heard on this already. Ask the ethics group there.")
    if not all(somebody_here(by, one, at) for one in people):
        raise Invalid("people", "Choose people who work in this organisation now.")
    words = clean_text(question, field="question", limit=2000)
    group = Body.objects.filter(organisation_id=by.organisation_id, slug=GROUP).first()
    if group is not None and seated(group, local_date(at)):
        if not Party.objects.filter(decision=decision, body=group).exists():
            add_party(
                by=by, at=at, decision=decision, label=group.title, who="body", must=True, basis="expert", body=group
            )
    elif not people:
        raise Refused("This organisation has no ethics group with members. Name the people who should advise.")
    for person in people:
        add_party(by=by, at=at, decision=decision, label=f"{person.name} (ethics)", who="person", must=True, basis="expert", person=person)  # fmt: skip
    hearing = open_hearing(
        by=by, at=at, decision=decision, question=words, closes_at=at + timedelta(hours=hours), kind="ethics"
    )
    made = EthicsRequest.objects.create(
        organisation_id=by.organisation_id, decision=decision, unit_id=decision.unit_id, question=words, hours=hours,
        hearing=hearing, asked_by_id=by.person_id, at=at,
    )  # fmt: skip
    leave("crisis.ethics_asked", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="ethics_request", object_id=made.id, decision=decision.id, hours=hours)  # fmt: skip
    return made
