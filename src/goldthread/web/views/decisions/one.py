"""My decisions, and one decision: why it is whose it is, who was heard, how it stands; handing it on, stepping back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.organisation.models import Person
from goldthread.record.actions import decisions as actions
from goldthread.record.actions import hearings
from goldthread.record.errors import Refused
from goldthread.record.models import Decision, Seat, Submission
from goldthread.record.queries import decisions as queries
from goldthread.record.queries.thread import describe
from goldthread.record.refs import Ref
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render
from goldthread.web.presenters.decisions import lists
from goldthread.web.presenters.decisions import one as presenter


@page("decisions", name="decisions")
def decisions(request: HttpRequest) -> HttpResponse:
    """Everything that is mine to decide, due first; proposals put to my seats; hearings in which I am asked."""
    viewer = request.viewer
    found = lists.mine(
        viewer, queries.my_decisions(viewer=viewer), queries.my_seats(viewer=viewer), queries.asked_of_me(viewer=viewer)
    )
    return render(request, "decisions/mine.jinja", {"mine": found})


class HandOver(forms.Form):
    """To whom a decision is handed."""

    to = forms.Choice("Who should take it?", {}, needed="Choose who should take it")


class StepBack(forms.Form):
    """Why somebody steps back."""

    interest = forms.LongText(
        "What is your interest?", limit=2000, needed="Say what your interest is: one line is enough"
    )


class Reply(forms.Form):
    """An answer to what somebody said."""

    text = forms.LongText("Your answer", limit=4000, needed="Say what you take from it, or why you differ")
    submission = forms.Text("Whom you answer", limit=40, needed="Choose whom you answer")


@page("decision/<uuid:decision_id>", name="decision")
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """One decision: the question, why it is whose it is, and what can be done with it."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    hand, back, answer = (kind.read(request) for kind in (HandOver, StepBack, Reply))
    hand.fields["to"].choices = colleagues(viewer, found)  # type: ignore[attr-defined]
    done: dict[str, Callable[[], Any]] = {
        "huddle": lambda: actions.take_to_huddle(by=viewer, at=request.at, decision=found),
        "hand": lambda: actions.delegate(by=viewer, at=request.at, decision=found, to=_person(viewer, hand)),
        "step_back": lambda: actions.recuse(by=viewer, at=request.at, decision=found, interest=back.cleaned_data["interest"]),
        "close_hearing": lambda: hearings.close_hearing(by=viewer, at=request.at, decision=found),
        "reply": lambda: hearings.reply(by=viewer, at=request.at, submission=_said(viewer, found, answer), text=answer.cleaned_data["text"]),
    }  # fmt: skip
    act = request.POST.get("act", "")
    used = {"hand": hand, "step_back": back, "reply": answer}.get(act, hand)
    if request.method == "POST" and act in done and (act in ("huddle", "close_hearing") or used.ready):
        try:
            done[act]()
            return redirect(request.path)
        except Refused as refusal:
            used.refuse(str(refusal))
    return _answer(request, found, act, used)


def _answer(request: HttpRequest, found: Decision, act: str, used: forms.Form) -> HttpResponse:
    viewer = request.viewer
    mine = actions.may_decide(viewer, found)
    around = queries.whole(viewer=viewer, row=found)
    spoken = {row.party_id for heard in around.heard for row in heard.said if row.said_by_id == viewer.person_id}
    open_hearing = (
        around.hearing is not None and around.hearing.closed_at is None and around.hearing.closes_at > request.at
    )
    said_for = (
        [one for one in hearings.parties_of(viewer, found) if one.id not in spoken]
        if open_hearing and found.state == "open"
        else []
    )
    hand, back, answer = HandOver(), StepBack(), Reply()
    hand.fields["to"].choices = colleagues(viewer, found)  # type: ignore[attr-defined]
    shown = {
        "hand": hand,
        "step_back": back,
        "reply": answer,
        **({act: used} if act in ("hand", "step_back", "reply") else {}),
    }
    about = Ref(found.practice, found.about_kind, found.about_id)
    seats = list(Seat.objects.filter(organisation_id=viewer.organisation_id, decision=found, state="active"))
    from goldthread.record.actions.rounds import speaks_for

    values: dict[str, Any] = {
        "decision": presenter.one(viewer, around, mine, said_for),
        "about": describe([about], viewer).get(about) if found.about_kind != "matter" else None,
        "mine": mine,
        "row": found,
        "shown": shown,
        "hearing_open": open_hearing,
        "my_seat": next((seat for seat in seats if seat.step == found.ladder_step and speaks_for(viewer, seat)), None),
    }
    return forms.answer(request, "decisions/decision.jinja", values, form=used)


def _person(viewer: Any, form: forms.Form) -> Person:
    return Person.objects.get(organisation_id=viewer.organisation_id, id=form.cleaned_data["to"])


def _said(viewer: Any, found: Decision, form: forms.Form) -> Submission:
    wanted = forms.read_id(form.cleaned_data["submission"])
    row = Submission.objects.filter(organisation_id=viewer.organisation_id, decision=found, id=wanted).first()
    if row is None:
        raise Refused("Choose whom you answer.")
    return row


def colleagues(viewer: Any, decision: Decision) -> list[tuple[str, str]]:
    """The people of the deciding unit to whom it may be handed."""
    rows = Person.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=[decision.decider_unit_id, decision.unit_id], left_on__isnull=True
    ).exclude(id=viewer.person_id)  # fmt: skip
    return [("", "Choose a person"), *((str(row.id), row.name) for row in rows.order_by("name")[:200])]
