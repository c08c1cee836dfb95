"""Partners without an account in a decision: heard, or speaking for their seat, through a link that is theirs alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from goldthread.journal.events import Actor, leave
from goldthread.organisation.access import NotFound
from goldthread.record.actions import hearings, rounds
from goldthread.record.actions.decisions.common import may_decide, require_decider
from goldthread.record.models import Decision, Hearing, Partner, Party, Position, Round, Seat, Submission
from goldthread.record.queries import decisions as queries
from goldthread.record.refs import Ref
from goldthread.record.signed import PartnerLink, make_link
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render
from goldthread.web.presenters.decisions.words import MAY_SAY, POSITIONS, outcome_of
from goldthread.web.views.decisions.hearing import Say
from goldthread.web.views.governance.partner import Receipt, Shown, answers


class IsHeard:
    """What the partner thinks before something is decided."""

    fields = Say

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """The question, and what the partner said with the answer it got."""
        party = Party.objects.select_related("decision").filter(id=link.ref.id, partner=partner).first()
        hearing = Hearing.objects.filter(decision=party.decision).first() if party else None
        if party is None or hearing is None:
            raise NotFound("not asked here")
        row = party.decision
        said = Submission.objects.filter(party=party, partner=partner).first()
        receipt = None
        if said is not None:
            since = (
                f"Answered: {said.reply}" if said.reply else "It will be answered, and you can read the answer here."
            )
            if row.state == "decided":
                since += f" Decided: {outcome_of(row)}. {row.reason}"
            receipt = Receipt(said.said_at, ((hearings.STANCES[said.stance], said.text),), since)
        over = row.state != "open" or hearing.closed_at is not None
        ended = (
            "The time to be heard on this is over. Ask whoever sent you the link what became of it."
            if over and receipt is None
            else ""
        )
        read = (("What is asked", hearing.question), *((("What to know", row.context),) if row.context else ()))
        return Shown(row.question, read, "Say it", receipt=receipt, ended=ended)

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """What the partner said."""
        party = Party.objects.select_related("decision").get(id=link.ref.id, partner=partner)
        hearings.said(
            party.decision,
            party,
            said["stance"],
            said["text"],
            at=at,
            actor=Actor("partner", partner.id),
            partner_id=partner.id,
        )


class SayPosition(forms.Form):
    """What the seat says, and why."""

    said = forms.Choice("What do you say to the proposal?", MAY_SAY, needed="Choose what you say")
    reason = forms.LongText("Why?", limit=4000, hint="An objection needs a reason that the next text can answer")


class Speaks:
    """The partner's position on a proposal, from its seat."""

    fields = SayPosition

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """The proposal that is before the seat, and what the partner said to it."""
        seat = Seat.objects.select_related("decision").filter(id=link.ref.id, partner=partner).first()
        if seat is None:
            raise NotFound("no such seat")
        row: Decision = seat.decision
        now = Round.objects.filter(decision=row).order_by("-number").first()
        if now is None:
            return Shown(
                row.question,
                (("What to know", row.context),),
                "",
                ended="No proposal has been put yet. The same link shows it when it is.",
            )
        mine = Position.objects.filter(seat=seat, round=now, withdrawn_at__isnull=True).first()
        receipt = Receipt(mine.at, ((POSITIONS[mine.said], mine.reason or now.text),)) if mine else None
        ended = ""
        if receipt is None and now.stage == "clarify":
            ended = "Questions are being answered first. The same link lets you speak when they are."
        elif receipt is None and (now.stage == "closed" or row.state != "open"):
            ended = "The time to answer this proposal is over. Ask whoever sent you the link what became of it."
        read = (
            (f"Proposed: {outcome_of(row, now.outcome)}", now.text),
            ("Why", now.reason),
            ("You may say", _choices(row)),
        )
        return Shown(row.question, read, "Say it for us", receipt=receipt, ended=ended)

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """The position."""
        seat = Seat.objects.get(id=link.ref.id, partner=partner)
        rounds.position_of(
            seat, at=at, said=said["said"], reason=said["reason"], person_id=None, actor=Actor("partner", partner.id)
        )


def _choices(row: Decision) -> str:
    return words.listed([POSITIONS[one].lower() for one in rounds.MAY_SAY.get(row.method, ())], "or")


answers("hearing_say", IsHeard())
answers("seat_position", Speaks())


@page("decision/<uuid:decision_id>/link/<str:kind>/<uuid:object_id>", name="decision_partner_link")
def partner_link(request: HttpRequest, decision_id: UUID, kind: str, object_id: UUID) -> HttpResponse:
    """Make the link with which a partner is heard, or speaks for its seat: for the decision-maker to send."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    model: Any = {"party": Party, "seat": Seat}.get(kind)
    row = (
        model.objects.select_related("partner").filter(decision=found, id=object_id, partner__isnull=False).first()
        if model
        else None
    )
    if row is None:
        raise NotFound("no partner is asked here")
    link, refused = "", ""
    if request.method == "POST" and not may_decide(viewer, found):
        refused = "Whoever decides this sends the link. Nothing was made."
    elif request.method == "POST":
        with transaction.atomic():
            role = require_decider(viewer, found)
            purpose = "hearing_say" if kind == "party" else "seat_position"
            token = make_link(
                purpose=purpose,
                ref=Ref("record", kind, row.id),
                organisation_id=viewer.organisation_id,
                partner_id=row.partner_id,
                at=request.at,
            )
            leave("record.partner_asked", by=viewer.acting_as(role), at=request.at, organisation_id=viewer.organisation_id, practice="record",
                  object_kind="decision", object_id=found.id, partner=row.partner_id, purpose=purpose)  # fmt: skip
            link = f"{settings.GOLDTHREAD_ADDRESS}/partner/{token}"
    return render(
        request,
        "decisions/partner_link.jinja",
        {"row": found, "partner": row.partner, "link": link, "refused": refused},
        status=422 if refused else 200,
    )
