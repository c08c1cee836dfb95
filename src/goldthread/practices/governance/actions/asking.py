"""Asking a partner without an account: a link for one act, bound to that partner."""

from datetime import datetime

from django.db import transaction

from goldthread.organisation import access
from goldthread.organisation.access import NotAllowed, NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import leave, locked, partner_here, speak_for_all
from goldthread.practices.governance.models import (
    BriefShared,
    Clause,
    DraftBinds,
    Initiative,
    InitiativePartner,
    PartnerBrief,
    Pledge,
)
from goldthread.record.errors import Invalid
from goldthread.record.models import Partner
from goldthread.record.refs import Ref
from goldthread.record.signed import make_link

#: What a partner may be asked for here, and the kind of object the link is about.
PURPOSES = {
    "clause_comment": "clause",
    "pledge_confirm": "pledge",
    "estimate": "initiative",
    "brief_write": "partner",
    "brief_back": "brief",
}


@transaction.atomic
def ask_partner(*, by: Viewer, at: datetime, partner: Partner, purpose: str, about: Ref) -> str:
    """The token of a link with which a partner does one thing: it expires after fourteen days and is of use to no other partner."""
    partner = partner_here(by, partner)
    if PURPOSES.get(purpose) != about.kind:
        raise Invalid("purpose", "Choose what you want to ask the partner for.")
    if not _concerns(by, partner, purpose, about):
        raise NotFound("this is not for that partner")
    token = make_link(purpose=purpose, ref=about, organisation_id=by.organisation_id, partner_id=partner.id, at=at)
    leave(
        "governance.partner_asked", by.acting_as(), at, by.organisation_id, about, partner=partner.id, purpose=purpose
    )
    return token


def _concerns(by: Viewer, partner: Partner, purpose: str, about: Ref) -> bool:
    """Whether that thing is the partner's to answer; refuses whoever may not ask it. Raises NotFound, NotAllowed."""
    if purpose == "clause_comment":
        clause = locked(Clause, about.id, "draft__unit", "draft__owner")
        _own_or_govern(by, clause.draft.owner_id, clause.draft.unit)
        return DraftBinds.objects.filter(draft=clause.draft, partner=partner).exists()
    if purpose == "pledge_confirm":
        pledge = locked(Pledge, about.id, "unit")
        access.require(by, Permission.GOVERN, pledge.unit)
        return bool(pledge.to_partner_id == partner.id)
    if purpose == "estimate":
        work = locked(Initiative, about.id, "unit")
        _own_or_govern(by, work.lead_id, work.unit)
        return InitiativePartner.objects.filter(initiative=work, partner=partner).exists()
    speak_for_all(by)
    if purpose == "brief_write":
        return about.id == partner.id
    brief = PartnerBrief.objects.filter(organisation_id=by.organisation_id, id=about.id).first()
    return brief is not None and BriefShared.objects.filter(brief=brief, to_partner=partner).exists()


def _own_or_govern(by: Viewer, owner_id: object, unit: Unit) -> None:
    if owner_id != by.person_id and not access.may(by, Permission.GOVERN, unit):
        raise NotAllowed("This is for whoever leads it, or keeps governance there.")
