"""Joint initiatives: proposed, estimated by each party, chosen, started, and looked at after ninety days."""

from datetime import datetime, timedelta

from django.db import transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Organisation, Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import leave, locked, partner_actor, partner_here
from goldthread.practices.governance.models import Initiative, InitiativeEstimate, InitiativePartner
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.links import link
from goldthread.record.actions.notices import tell
from goldthread.record.days import end_of_day
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Clock, Measure, Partner
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

LOOKED_AT_AFTER = timedelta(days=90)


def ref_of(initiative: Initiative) -> Ref:
    """The initiative as other objects point at it."""
    return Ref("governance", "initiative", initiative.id)


@transaction.atomic
def propose_initiative(*, by: Viewer, at: datetime, unit: Unit, title: str, purpose: str) -> Initiative:
    """Propose joint work; whoever proposes it leads it."""
    access.require(by, Permission.RAISE, unit)
    made = Initiative.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, title=clean_text(title, field="title", limit=200),
        purpose=clean_text(purpose, field="purpose", limit=4000), lead_id=by.person_id, proposed_on=local_date(at),
    )  # fmt: skip
    leave("governance.initiative_proposed", by.acting_as(), at, by.organisation_id, ref_of(made), unit=unit.key)
    return made


@transaction.atomic
def join(
    *, by: Viewer, at: datetime, initiative: Initiative, partner: Partner | None = None, unit: Unit | None = None,
    organisation: Organisation | None = None,
) -> InitiativePartner:  # fmt: skip
    """Name one more party: a partner, another organisation, or another unit of ours."""
    found = _led(by, initiative)
    if [partner, unit, organisation].count(None) != 2:
        raise Invalid("party", "Choose one partner, one organisation or one unit.")
    if organisation is not None and organisation.id in (0, by.organisation_id):
        raise Invalid("party", "Your own organisation takes part already. Choose another, or one of your units.")
    if unit is not None and (unit.organisation_id != by.organisation_id or unit.key == found.unit_id):
        raise Invalid("party", "Choose another unit of your organisation.")
    made, new = InitiativePartner.objects.get_or_create(
        organisation_id=by.organisation_id, initiative=found, partner=partner_here(by, partner) if partner else None,
        unit_id=unit.key if unit else None, with_organisation=organisation,
    )  # fmt: skip
    if not new:
        raise Invalid("party", "They take part already.")
    leave("governance.initiative_joined", by.acting_as(), at, by.organisation_id, ref_of(found), party=made.id)
    return made


@transaction.atomic
def estimate(
    *,
    by: Viewer,
    at: datetime,
    initiative: Initiative,
    effort: int,
    benefit: int,
    party: InitiativePartner | None = None,
) -> InitiativeEstimate:
    """Write down what one party thinks, 1 to 5 each: our own unit's without `party`, else what that party told. The latest counts."""
    found = locked(Initiative, initiative.id, "unit")
    if party is None or party.unit_id is not None:
        access.require(by, Permission.RAISE, found.unit)
    else:
        found = _led(by, initiative)
    made = _estimate(found, party, effort, benefit, at, by.person_id)
    leave(
        "governance.initiative_estimated",
        by.acting_as(),
        at,
        by.organisation_id,
        ref_of(found),
        effort=effort,
        benefit=benefit,
    )
    return made


@transaction.atomic
def estimate_as_partner(
    *, by: Partner, at: datetime, initiative: Initiative, effort: int, benefit: int
) -> InitiativeEstimate:
    """A partner's own estimate through its link."""
    found = locked(Initiative, initiative.id)
    party = InitiativePartner.objects.filter(initiative=found, partner=by).first()
    if party is None:
        raise NotFound("the partner does not take part")
    made = _estimate(found, party, effort, benefit, at, None)
    leave(
        "governance.initiative_estimated",
        partner_actor(by),
        at,
        found.organisation_id,
        ref_of(found),
        effort=effort,
        benefit=benefit,
    )
    return made


def _estimate(found: Initiative, party: InitiativePartner | None, effort: int, benefit: int, at: datetime,
              said_by: object) -> InitiativeEstimate:  # fmt: skip
    if party is not None and party.initiative_id != found.id:
        raise NotFound("no such party")
    if found.state not in ("proposed", "chosen"):
        raise AlreadyEnded("Estimates are made before the work starts.")
    for name, value in (("effort", effort), ("benefit", benefit)):
        if not 1 <= value <= 5:
            raise Invalid(name, "Choose from 1 (very little) to 5 (very much).")
    return InitiativeEstimate.objects.create(organisation_id=found.organisation_id, initiative=found, party=party,
                                             effort=effort, benefit=benefit, said_by_id=said_by, at=at)  # fmt: skip


@transaction.atomic
def choose(*, by: Viewer, at: datetime, initiative: Initiative) -> Initiative:
    """Choose it from the board. At least one estimate must stand, so that it can be seen why."""
    found = locked(Initiative, initiative.id, "unit")
    access.require(by, Permission.GOVERN, found.unit)
    _must_be(found, "proposed")
    if not InitiativeEstimate.objects.filter(initiative=found).exists():
        raise Invalid("estimates", "Nobody has estimated effort and benefit yet. Ask the parties first.")
    found.state, found.chosen_on = "chosen", local_date(at)
    found.save(update_fields=["state", "chosen_on"])
    tell(
        organisation_id=by.organisation_id,
        person_id=found.lead_id,
        about=ref_of(found),
        kind="initiative_chosen",
        at=at,
    )
    leave("governance.initiative_chosen", by.acting_as(), at, by.organisation_id, ref_of(found))
    return found


@transaction.atomic
def start_initiative(*, by: Viewer, at: datetime, initiative: Initiative) -> Initiative:
    """The work starts today; in ninety days somebody other than its lead says what can be seen."""
    found = _led(by, initiative)
    _must_be(found, "chosen")
    found.state, found.started_on = "under_way", local_date(at)
    found.verify_on = found.started_on + LOOKED_AT_AFTER
    found.save(update_fields=["state", "started_on", "verify_on"])
    set_clock(
        ref_of(found),
        organisation_id=by.organisation_id,
        purpose="verify_initiative",
        due_at=end_of_day(found.verify_on),
    )
    leave(
        "governance.initiative_started", by.acting_as(), at, by.organisation_id, ref_of(found), verify=found.verify_on
    )
    return found


@transaction.atomic
def verify(
    *, by: Viewer, at: datetime, initiative: Initiative, worked: bool, seen: str, measure: Measure | None = None
) -> Initiative:
    """After ninety days: what can be seen of it, with a measure if there is one. Anybody here but its lead may say."""
    found = locked(Initiative, initiative.id, "unit", "lead")
    access.require(by, Permission.RAISE, found.unit)
    _must_be(found, "under_way")
    if found.lead_id == by.person_id:
        raise NotYours(f"{found.lead.name} leads this. Somebody else says what can be seen of it.")
    if found.verify_on is None or local_date(at) < found.verify_on:
        raise Invalid("seen", f"It is looked at on {found.verify_on:%-d %B %Y}, ninety days after its start.")
    if measure is not None and measure.organisation_id != by.organisation_id:
        raise NotFound("no such measure")
    found.state, found.seen = "verified" if worked else "not_verified", clean_text(seen, field="seen", limit=4000)
    found.verified_on, found.verified_by_id, found.measure = local_date(at), by.person_id, measure
    found.save(update_fields=["state", "seen", "verified_on", "verified_by", "measure"])
    stop_clock(ref_of(found), organisation_id=by.organisation_id, purpose="verify_initiative")
    if measure is not None:
        link(
            ref_of(found),
            "measured_by",
            Ref("record", "measure", measure.id),
            organisation_id=by.organisation_id,
            at=at,
        )
    tell(
        organisation_id=by.organisation_id,
        person_id=found.lead_id,
        about=ref_of(found),
        kind="initiative_looked_at",
        at=at,
    )
    leave("governance.initiative_looked_at", by.acting_as(), at, by.organisation_id, ref_of(found), worked=worked)
    return found


@transaction.atomic
def drop(*, by: Viewer, at: datetime, initiative: Initiative, because: str) -> Initiative:
    """Stop or leave it, and say why, so that others need not find out again."""
    found = _led(by, initiative)
    found.state, found.dropped_because = "dropped", clean_text(because, field="because", limit=2000)
    found.save(update_fields=["state", "dropped_because"])
    stop_clock(ref_of(found), organisation_id=by.organisation_id, purpose="verify_initiative")
    leave("governance.initiative_dropped", by.acting_as(), at, by.organisation_id, ref_of(found))
    return found


def time_to_verify(clock: Clock, at: datetime) -> None:
    """Ninety days are over: its lead and whoever manages the unit are told that somebody must look."""
    from goldthread.organisation import tree

    found = Initiative.objects.using("jobs").select_related("unit").get(id=clock.about_id)
    if found.state != "under_way":
        return
    managers = tree.holders(found.unit, ("unit_manager", "deputy_manager"), local_date(at), using="jobs")
    for person_id in sorted({found.lead_id, *(held.person_id for held in managers)}, key=str):
        tell(
            organisation_id=found.organisation_id,
            person_id=person_id,
            about=ref_of(found),
            kind="initiative_due",
            at=at,
            using="jobs",
        )
    leave("governance.initiative_due", SYSTEM, at, found.organisation_id, ref_of(found), using="jobs")


def _led(by: Viewer, initiative: Initiative) -> Initiative:
    """The initiative, locked, for its lead or whoever keeps governance there, while it has not ended."""
    found = locked(Initiative, initiative.id, "unit", "lead")
    if found.lead_id != by.person_id and not access.may(by, Permission.GOVERN, found.unit):
        raise NotYours(f"{found.lead.name} leads this.")
    if found.state in ("verified", "not_verified", "dropped"):
        raise AlreadyEnded("This work has ended already.")
    return found


def _must_be(found: Initiative, state: str) -> None:
    words = {"proposed": "still proposed", "chosen": "chosen and not started", "under_way": "under way"}
    if found.state != state:
        raise AlreadyEnded(f"This can be done only while the work is {words[state]}.")
