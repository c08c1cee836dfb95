"""Bodies and partners: making, seating, ending."""

from datetime import date, datetime

from django.db import transaction
from psycopg.types.range import DateRange

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation.access import NotAllowed, Permission, Viewer, require
from goldthread.organisation.models import Person, Unit
from goldthread.record.errors import Invalid
from goldthread.record.models import Body, BodySeat, Partner
from goldthread.record.models.bodies import BODY_KINDS, PLACES, RIGHTS
from goldthread.record.text import clean_text

__all__ = ["NotAllowed", "add_partner", "end_body", "leave_seat", "make_body", "seat"]


@transaction.atomic
def make_body(
    *, by: Viewer, at: datetime, unit: Unit, slug: str, title: str, kind: str, rights: str, purpose: str,
    quorum: int | None = None, ends_on: date | None = None,
) -> Body:  # fmt: skip
    """Set up a body with its terms of reference. `slug` is the name a scheme of delegation calls it by."""
    require(by, Permission.GOVERN, unit)
    if kind not in BODY_KINDS or rights not in RIGHTS:
        raise Invalid("kind", "Choose what kind of body it is, and whether it advises, must consent or decides.")
    if Body.objects.filter(organisation_id=by.organisation_id, slug=slug).exists():
        raise Invalid("slug", f"There is a body called {slug} already.")
    if ends_on is not None and ends_on <= local_date(at):
        raise Invalid("ends_on", "The day it ends must be after today.")
    body = Body.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, slug=slug, title=clean_text(title, field="title", limit=200),
        kind=kind, rights=rights, purpose=clean_text(purpose, field="purpose", limit=4000), quorum=quorum,
        starts_on=local_date(at), ends_on=ends_on,
    )  # fmt: skip
    leave("record.body_made", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="body", object_id=body.id, unit=unit.key)  # fmt: skip
    return body


@transaction.atomic
def seat(
    *, by: Viewer, at: datetime, body: Body, person: Person | None = None, partner: Partner | None = None,
    place: str = "member", profession: str = "", represents: str = "",
) -> BodySeat:  # fmt: skip
    """Give a person or a partner a place in a body, from today."""
    require(by, Permission.GOVERN, body.unit)
    if place not in PLACES or (person is None) == (partner is None):
        raise Invalid("person", "Choose one person or one partner, and their place.")
    today = local_date(at)
    taken = BodySeat.objects.filter(body=body, period__contains=today)
    if person is not None and taken.filter(person_id=person.id).exists():
        raise Invalid("person", f"{person.name} has a seat already.")
    if place in ("chair", "lead") and taken.filter(place=place).exists():
        raise Invalid("place", f"There is a {place} already. Let them leave the seat first.")
    made = BodySeat.objects.create(
        organisation_id=by.organisation_id, body=body, person_id=person.id if person else None,
        partner_id=partner.id if partner else None, place=place,
        profession=profession.strip()[:60], represents=represents.strip()[:200],
        period=DateRange(today, body.ends_on if body.ends_on else None),
    )  # fmt: skip
    leave("record.seat_given", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="body", object_id=body.id, seat=made.id)  # fmt: skip
    return made


@transaction.atomic
def leave_seat(*, by: Viewer, at: datetime, seat: BodySeat) -> BodySeat:
    """End a seat today. What its holder said in open rounds stays, and does not count any more."""
    if seat.person_id != by.person_id:
        require(by, Permission.GOVERN, seat.body.unit)
    today = local_date(at)
    seat.period = DateRange(seat.period.lower, max(today, seat.period.lower))
    seat.save(update_fields=["period"])
    leave("record.seat_left", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="body", object_id=seat.body_id, seat=seat.id)  # fmt: skip
    return seat


@transaction.atomic
def end_body(*, by: Viewer, at: datetime, body: Body) -> Body:
    """Stand a body down from tomorrow. Open decisions that were its own go to whoever manages above."""
    require(by, Permission.GOVERN, body.unit)
    body.ends_on = max(local_date(at), body.starts_on + (date.resolution))
    body.save(update_fields=["ends_on"])
    leave("record.body_ended", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="body", object_id=body.id)  # fmt: skip
    return body


@transaction.atomic
def add_partner(*, by: Viewer, at: datetime, name: str, kind: str, contact_name: str = "", email: str = "") -> Partner:
    """Make a partner without accounts known: a practice, a council, a charity."""
    from goldthread.organisation import tree

    require(by, Permission.GOVERN, tree.root_of(by.organisation_id))
    name = clean_text(name, field="name", limit=200)
    if Partner.objects.filter(organisation_id=by.organisation_id, name=name).exists():
        raise Invalid("name", f"{name} is known already.")
    partner = Partner.objects.create(
        organisation_id=by.organisation_id, name=name, kind=kind[:20], contact_name=contact_name.strip()[:200],
        email=email.strip()[:254], since=local_date(at),
    )  # fmt: skip
    leave("record.partner_added", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="partner", object_id=partner.id)  # fmt: skip
    return partner
