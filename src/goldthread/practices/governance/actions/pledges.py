"""Pledges between organisations and to partners: made, kept or not, confirmed by whoever received them."""

from datetime import date, datetime

from django.db import transaction

from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, Actor
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Organisation, Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import (
    call,
    leave,
    locked,
    partner_actor,
    partner_here,
    speak_for_all,
    speakers,
)
from goldthread.practices.governance.models import Pledge, PledgeReceived
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.notices import tell
from goldthread.record.days import end_of_day
from goldthread.record.errors import AlreadyEnded, Invalid
from goldthread.record.models import Clock, Partner
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

#: The other organisation, as the journal names it: which one is in the object.
OTHER = Actor("partner", None, "organisation")
ENDED = {"kept": "kept", "not_kept": "not kept", "withdrawn": "taken back"}


def ref_of(pledge: Pledge) -> Ref:
    """The pledge as other objects of the promiser point at it."""
    return Ref("governance", "pledge", pledge.id)


def received_ref(received: PledgeReceived) -> Ref:
    """The receiver's row as other objects of the receiver point at it."""
    return Ref("governance", "pledge_received", received.id)


@transaction.atomic
def pledge(
    *, by: Viewer, at: datetime, unit: Unit, text: str, due_on: date, to_organisation: Organisation | None = None,
    to_partner: Partner | None = None, public: bool = False,
) -> Pledge:  # fmt: skip
    """Promise another organisation or a partner something by a day. `unit` is the part of ours that does it.

    The other organisation gets its own row and is told; a partner is asked through a link when it is due.
    """
    access.require(by, Permission.GOVERN, unit)
    if (to_organisation is None) == (to_partner is None):
        raise Invalid("to", "Choose one organisation or one partner.")
    if to_organisation is not None and (
        to_organisation.id in (0, by.organisation_id) or to_organisation.valid_to is not None
    ):
        raise Invalid(
            "to", "Choose another organisation that exists today. A promise inside your own is made on its page."
        )
    if due_on < local_date(at):
        raise Invalid("due_on", "The day by which it is due must be today or later.")
    made = Pledge.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, text=clean_text(text, field="text", limit=1000),
        to_organisation=to_organisation, to_partner=partner_here(by, to_partner) if to_partner else None,
        promised_by_id=by.person_id, made_at=at, due_on=due_on, public=public,
    )  # fmt: skip
    set_clock(ref_of(made), organisation_id=by.organisation_id, purpose="pledge_due", due_at=end_of_day(due_on))
    leave("governance.pledge_made", by.acting_as(), at, by.organisation_id, ref_of(made), due=due_on,
         to=to_organisation.id if to_organisation else to_partner.id if to_partner else "")  # fmt: skip
    if to_organisation is not None:
        received = call("goldthread_pledge_send", made.id, at)
        _tell_receiver(to_organisation.id, received, "pledge_made_to_you", at, by)
    return made


@transaction.atomic
def say_ended(*, by: Viewer, at: datetime, pledge: Pledge, state: str, note: str = "") -> Pledge:
    """The promiser says that it was kept, was not kept, or is taken back (the last two with a reason). The receiver is told."""
    found = locked(Pledge, pledge.id, "unit")
    access.require(by, Permission.GOVERN, found.unit)
    if state not in ENDED:
        raise Invalid("state", "Say whether it was kept, was not kept, or is taken back.")
    note = clean_text(note, field="note", limit=1000, required=state != "kept")
    if found.to_organisation_id is not None:
        received = call("goldthread_pledge_kept", found.id, state, local_date(at), note)
        _tell_receiver(
            found.to_organisation_id, received, "pledge_kept_confirm" if state == "kept" else "pledge_ended", at, by
        )
    elif found.state != "promised":
        raise AlreadyEnded(f"This promise is already {ENDED[found.state]}. Nothing was changed.")
    else:
        found.state, found.ended_note, found.kept_on = state, note, local_date(at) if state == "kept" else None
        found.save(update_fields=["state", "ended_note", "kept_on"])
    stop_clock(ref_of(found), organisation_id=by.organisation_id, purpose="pledge_due")
    leave("governance.pledge_ended", by.acting_as(), at, by.organisation_id, ref_of(found), state=state)
    found.refresh_from_db()
    return found


@transaction.atomic
def confirm_received(
    *, by: Viewer, at: datetime, received: PledgeReceived, kept: bool, note: str = ""
) -> PledgeReceived:
    """The receiving organisation says whether it was really kept; where it was not, what is missing. Both sides see it."""
    found = PledgeReceived.objects.filter(organisation_id=by.organisation_id, id=received.id).first()
    if found is None:
        raise NotFound("no such promise")
    speak_for_all(by)
    note = clean_text(note, field="note", limit=1000, required=not kept)
    pledge_id = call("goldthread_pledge_confirm", found.id, kept, by.person_id, local_date(at), note, at)
    leave(
        "governance.pledge_received_confirmed", by.acting_as(), at, by.organisation_id, received_ref(found), kept=kept
    )
    with scope.crossing(found.from_organisation_id):
        ours = Pledge.objects.get(id=pledge_id)
        _confirmed(ours, kept, at)
        leave("governance.pledge_confirmed", OTHER, at, ours.organisation_id, ref_of(ours), kept=kept)
    found.refresh_from_db()
    return found


@transaction.atomic
def confirm_as_partner(*, by: Partner, at: datetime, pledge: Pledge, kept: bool, note: str = "") -> Pledge:
    """A partner says through its link whether what was promised to it was kept."""
    found = locked(Pledge, pledge.id)
    if found.to_partner_id != by.id:
        raise NotFound("no such promise")
    if found.confirmed is not None or found.state in ("not_kept", "withdrawn"):
        word = "confirmed" if found.confirmed else ENDED[found.state]
        raise AlreadyEnded(f"This promise is already {word}. Thank you for looking.")
    found.kept_on = (found.kept_on or local_date(at)) if kept else None
    found.state, found.confirmed, found.confirmed_at, found.confirmed_as = (
        "kept" if kept else "not_kept",
        kept,
        at,
        "partner",
    )
    found.confirmed_note = clean_text(note, field="note", limit=1000, required=not kept)
    found.save(update_fields=["state", "kept_on", "confirmed", "confirmed_at", "confirmed_as", "confirmed_note"])
    _confirmed(found, kept, at)
    leave("governance.pledge_confirmed", partner_actor(by), at, found.organisation_id, ref_of(found), kept=kept)
    return found


@transaction.atomic
def show_pledge(*, by: Viewer, at: datetime, pledge: Pledge, public: bool = True) -> Pledge:
    """Show a promise on the public page, or take it off."""
    found = locked(Pledge, pledge.id, "unit")
    access.require(by, Permission.GOVERN, found.unit)
    found.public = public
    found.save(update_fields=["public"])
    leave("governance.pledge_public", by.acting_as(), at, by.organisation_id, ref_of(found), public=public)
    return found


def pledge_due(clock: Clock, at: datetime) -> None:
    """The day has passed and nothing was said: whoever promised is told. It stays open, and both sides see that it is late."""
    found = Pledge.objects.using("jobs").get(id=clock.about_id)
    if found.state != "promised":
        return
    for person_id in sorted({found.promised_by_id, *speakers(found.organisation_id, at, using="jobs")}, key=str):
        tell(
            organisation_id=found.organisation_id,
            person_id=person_id,
            about=ref_of(found),
            kind="pledge_overdue",
            at=at,
            using="jobs",
        )
    leave("governance.pledge_overdue", SYSTEM, at, found.organisation_id, ref_of(found), using="jobs")


def _confirmed(found: Pledge, kept: bool, at: datetime) -> None:
    """On the promiser's side: the clock stops, and whoever promised is told what the receiver says."""
    stop_clock(ref_of(found), organisation_id=found.organisation_id, purpose="pledge_due")
    tell(organisation_id=found.organisation_id, person_id=found.promised_by_id, about=ref_of(found),
         kind="pledge_confirmed" if kept else "pledge_not_kept", at=at)  # fmt: skip


def _tell_receiver(organisation_id: int, received: object, kind: str, at: datetime, by: Viewer) -> None:
    """In the receiver's scope: who speaks for it is told, and its journal has it."""
    about = Ref("governance", "pledge_received", received)  # type: ignore[arg-type]
    with scope.crossing(organisation_id):
        for person_id in speakers(organisation_id, at):
            tell(organisation_id=organisation_id, person_id=person_id, about=about, kind=kind, at=at)
        leave("governance.pledge_received", OTHER, at, organisation_id, about, said=kind, sender=by.organisation_id)
