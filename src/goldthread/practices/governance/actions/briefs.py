"""Briefs: written by whoever they are about, shared, and said back by those who read them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from goldthread.journal import scope
from goldthread.journal.events import Actor
from goldthread.organisation import access, tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Organisation
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import (
    call,
    leave,
    partner_actor,
    partner_here,
    speak_for_all,
    speakers,
)
from goldthread.practices.governance.models import BriefReceived, BriefShared, BriefUnderstood, PartnerBrief
from goldthread.record.actions.notices import tell
from goldthread.record.errors import AlreadyEnded, Invalid
from goldthread.record.models import Partner
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

FEWEST = 20


def ref_of(brief: PartnerBrief) -> Ref:
    """The version of a brief as other objects point at it."""
    return Ref("governance", "brief", brief.id)


@transaction.atomic
def write_brief(
    *, by: Viewer, at: datetime, aims: str, limits: str, incentives: str, partner: Partner | None = None
) -> PartnerBrief:
    """A new version of our own brief, or, as a partner told us, of the partner's. Older versions stay."""
    speak_for_all(by)
    found = partner_here(by, partner) if partner else None
    made = _write(by.organisation_id, found, at, aims, limits, incentives, by.person_id)
    leave("governance.brief_written", by.acting_as(), at, by.organisation_id, ref_of(made), number=made.number)
    return made


@transaction.atomic
def write_as_partner(*, by: Partner, at: datetime, aims: str, limits: str, incentives: str) -> PartnerBrief:
    """A partner writes its own brief through its link."""
    made = _write(by.organisation_id, by, at, aims, limits, incentives, None)
    leave("governance.brief_written", partner_actor(by), at, by.organisation_id, ref_of(made), number=made.number)
    return made


def _write(organisation_id: int, partner: Partner | None, at: datetime, aims: str, limits: str, incentives: str,
           written_by: object) -> PartnerBrief:  # fmt: skip
    earlier = PartnerBrief.objects.filter(organisation_id=organisation_id, partner=partner)
    number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return PartnerBrief.objects.create(
                organisation_id=organisation_id, partner=partner, number=number, written_by_id=written_by, at=at,
                aims=clean_text(aims, field="aims", limit=2000), limits=clean_text(limits, field="limits", limit=2000),
                incentives=clean_text(incentives, field="incentives", limit=2000),
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyEnded("Somebody wrote a version at the same moment. Read it, then write yours.") from error


@transaction.atomic
def share_brief(
    *, by: Viewer, at: datetime, brief: PartnerBrief, with_organisation: Organisation | None = None,
    with_partner: Partner | None = None,
) -> None:  # fmt: skip
    """Send our own brief, as it stands, to another organisation (which gets its own row) or to a partner (which gets a link)."""
    speak_for_all(by)
    if brief.organisation_id != by.organisation_id or brief.partner_id is not None:
        raise Invalid("brief", "You can send your own brief; a partner's is the partner's to send.")
    if (with_organisation is None) == (with_partner is None):
        raise Invalid("to", "Choose one organisation or one partner.")
    if with_partner is not None:
        _, new = BriefShared.objects.get_or_create(organisation_id=by.organisation_id, brief=brief, defaults={"at": at},
                                                   to_partner=partner_here(by, with_partner), to_organisation=None)  # fmt: skip
        if not new:
            raise AlreadyEnded("They have this version already. Nothing was changed.")
    elif with_organisation is not None:
        received = call("goldthread_brief_share", brief.id, with_organisation.id, at)
        about = Ref("governance", "brief_received", received)
        with scope.crossing(with_organisation.id):
            for person_id in speakers(with_organisation.id, at):
                tell(
                    organisation_id=with_organisation.id, person_id=person_id, about=about, kind="brief_to_read", at=at
                )
            leave(
                "governance.brief_received",
                Actor("partner", None, "organisation"),
                at,
                with_organisation.id,
                about,
                sender=by.organisation_id,
            )
    leave("governance.brief_shared", by.acting_as(), at, by.organisation_id, ref_of(brief),
         to=with_partner.id if with_partner else with_organisation.id if with_organisation else "")  # fmt: skip


@transaction.atomic
def say_understood(*, by: Viewer, at: datetime, brief: PartnerBrief, in_own_words: str) -> BriefUnderstood:
    """Somebody here says a brief back in their own words. Whoever wrote it down may not."""
    access.require(by, Permission.RAISE, tree.root_of(by.organisation_id))
    found = PartnerBrief.objects.filter(organisation_id=by.organisation_id, id=brief.id).first()
    if found is None:
        raise NotFound("no such brief")
    if found.written_by_id == by.person_id:
        raise Invalid("in_own_words", "You wrote this one. Somebody else says it back.")
    made = _understood(found, at, _own_words(in_own_words, found), person_id=by.person_id)
    leave("governance.brief_understood", by.acting_as(), at, by.organisation_id, ref_of(found))
    return made


@transaction.atomic
def understood_as_partner(*, by: Partner, at: datetime, brief: PartnerBrief, in_own_words: str) -> BriefUnderstood:
    """A partner says our brief back through its link."""
    if not BriefShared.objects.filter(brief=brief, to_partner=by).exists():
        raise NotFound("this brief was not sent to the partner")
    made = _understood(brief, at, _own_words(in_own_words, brief), partner=by)
    leave("governance.brief_understood", partner_actor(by), at, brief.organisation_id, ref_of(brief))
    return made


@transaction.atomic
def understood_as_organisation(
    *, by: Viewer, at: datetime, received: BriefReceived, in_own_words: str
) -> BriefReceived:
    """The receiving organisation says a brief back; both sides keep the words."""
    found = BriefReceived.objects.filter(organisation_id=by.organisation_id, id=received.id).first()
    if found is None:
        raise NotFound("no such brief")
    speak_for_all(by)
    call("goldthread_brief_understood", found.id, by.person_id, _own_words(in_own_words, found), at)
    about = Ref("governance", "brief_received", found.id)
    leave("governance.brief_understood", by.acting_as(), at, by.organisation_id, about)
    with scope.crossing(found.from_organisation_id):
        theirs = PartnerBrief.objects.get(id=found.brief_id)
        if theirs.written_by_id is not None:
            tell(organisation_id=theirs.organisation_id, person_id=theirs.written_by_id, about=ref_of(theirs),
                 kind="brief_said_back", at=at, once=str(by.organisation_id))  # fmt: skip
        leave("governance.brief_said_back", Actor("partner", None, "organisation"), at, theirs.organisation_id, ref_of(theirs),
             reader=by.organisation_id)  # fmt: skip
    found.refresh_from_db()
    return found


def _understood(brief: PartnerBrief, at: datetime, words: str, **by: object) -> BriefUnderstood:
    try:
        with transaction.atomic():
            return BriefUnderstood.objects.create(
                organisation_id=brief.organisation_id, brief=brief, in_own_words=words, at=at, **by
            )
    except IntegrityError as error:
        raise AlreadyEnded("You have said this version back already. Thank you.") from error


def _own_words(words: str, brief: PartnerBrief | BriefReceived) -> str:
    """Words that are one's own: some length, and not the brief's own sentences."""
    words = clean_text(words, field="in_own_words", limit=2000)
    if len(words) < FEWEST:
        raise Invalid(
            "in_own_words", "Say it in a sentence or two of your own, so that they can see whether it came across."
        )
    if any(words.casefold() in text.casefold() for text in (brief.aims, brief.limits, brief.incentives)):
        raise Invalid("in_own_words", "These are their words. Say in your own what matters to them.")
    return words
