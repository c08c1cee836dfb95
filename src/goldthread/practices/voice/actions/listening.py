"""Listening events: planned, held, and what was heard goes somewhere."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.voice.actions.ideas import raise_idea
from goldthread.practices.voice.actions.ideas import ref_of as idea_ref
from goldthread.practices.voice.models import ListeningEvent
from goldthread.record.actions.links import link
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

FORMS = {"meeting": "Open meeting", "walkabout": "Walkabout", "online": "Online", "drop_in": "Drop-in"}


def ref_of(event: ListeningEvent) -> Ref:
    """The event as other objects point at it."""
    return Ref("voice", "listening", event.id)


@transaction.atomic
def plan_listening(
    *, by: Viewer, at: datetime, unit: Unit, title: str, planned_on: date, form: str = "meeting"
) -> ListeningEvent:
    """Plan an event at which a leader listens to a unit."""
    access.require(by, Permission.HOLD_LISTENING, unit)
    if form not in FORMS:
        raise Invalid("form", f"Choose one of: {', '.join(FORMS.values())}.")
    event = ListeningEvent.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, title=clean_text(title, field="title", limit=200), form=form,
        led_by_id=by.person_id, planned_on=planned_on,
    )  # fmt: skip
    leave("voice.listening_planned", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="listening", object_id=event.id, unit=unit.key)  # fmt: skip
    return event


@transaction.atomic
def hold_listening(*, by: Viewer, at: datetime, event: ListeningEvent, heard: Sequence[str]) -> ListeningEvent:
    """It was held. Each thing heard becomes an idea of the unit, raised in the leader's name for those who said it, and answered
    like any other: what was heard never ends in a note."""
    found = (
        ListeningEvent.objects.select_for_update(of=("self",))
        .select_related("unit", "led_by")
        .filter(id=event.id)
        .first()
    )
    if found is None:
        raise NotFound("no such event")
    if found.led_by_id != by.person_id:
        raise NotYours(f"{found.led_by.name} leads this event.")
    if found.held_on is not None:
        raise AlreadyEnded("What was heard is recorded already.")
    lines = [clean_text(text, field="heard", limit=1000) for text in heard if text.strip()]
    if not lines:
        raise Invalid("heard", "Write down at least one thing that was heard.")
    ids = []
    for text in lines:
        idea = raise_idea(by=by, at=at, unit=found.unit, text=text).idea
        link(idea_ref(idea), "heard_at", ref_of(found), organisation_id=by.organisation_id, at=at)
        ids.append(str(idea.id))
    found.held_on, found.heard = local_date(at), ids
    found.save(update_fields=["held_on", "heard"])
    leave("voice.listening_held", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="listening", object_id=found.id, heard=len(ids))  # fmt: skip
    return found
