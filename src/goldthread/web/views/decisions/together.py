"""Deciding together: putting a proposal, questions, positions, and the seat from which one speaks."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.record.actions import rounds
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Clarification, Decision, Round
from goldthread.record.practice import practice_named
from goldthread.record.queries import decisions as queries
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.presenters.decisions import table
from goldthread.web.presenters.decisions.words import MAY_SAY


class Propose(forms.Form):
    """What is proposed. The text is frozen once it is put."""

    outcome = forms.Choice("What do you propose?", {}, needed="Choose what you propose")
    text = forms.LongText("The proposal, word for word", limit=8000, needed="Write the proposal: this is what everybody answers",
                          hint="It cannot be changed once it is put. After objections you put a new one.")  # fmt: skip
    reason = forms.LongText("Why?", limit=4000, needed="Say why")
    expects = forms.LongText("What do you expect to happen?", limit=2000)
    look_back_on = forms.Day("When will you look back?")
    days = forms.Number("For how many days is it before them?", low=0, high=60, needed="Give a number of days, like 5")


@page("decision/<uuid:decision_id>/propose", name="decision_propose")
def propose(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Put a proposal to all seats; after objections, saying how each is answered."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    last = Round.objects.filter(decision=found).order_by("-number").first()
    standing = _standing(found, last)
    first = (
        {"days": 5}
        if last is None
        else {"days": 5, "text": last.text, "reason": last.reason, "outcome": last.outcome, "expects": last.expects}
    )
    form = Propose.read(request, initial=first)
    form.fields["outcome"].choices = list(practice_named(found.practice).decision_kind(found.kind).outcomes.items())  # type: ignore[attr-defined]
    for row in standing:
        form.fields[f"answer_{row['seat_id']}"] = forms.LongText(
            f"How does the new text answer {row['label']}?", limit=4000, needed=f"Say how the new text answers {row['label']}, or why it cannot",
            hint=f"They object: {row['reason']}",
        )  # fmt: skip
    if form.ready:
        said = form.cleaned_data
        answers = {row["seat_id"]: said.pop(f"answer_{row['seat_id']}") for row in standing}
        try:
            rounds.put_round(by=viewer, at=request.at, decision=found, integrated=answers, **said)
            return redirect("decision", decision_id=found.id)
        except Invalid as refusal:
            form.refuse(str(refusal), refusal.field if refusal.field in form.fields else None)
        except Refused as refusal:
            form.refuse(str(refusal))
    values = {
        "row": found,
        "seats": [row for row in rounds.seats_of(found) if row["active"]],
        "standing": [f"answer_{row['seat_id']}" for row in standing],
    }
    return forms.answer(request, "decisions/propose.jinja", values, form=form)


def _standing(found: Decision, last: Round | None) -> list[dict[str, Any]]:
    if last is None or last.result != "objected":
        return []
    return [row for row in rounds.seats_of(found) if row["round_id"] == last.id and row["said"] == "object"]


class Position(forms.Form):
    """What the seat says."""

    said = forms.Choice("What does your seat say?", {}, needed="Choose what your seat says")
    reason = forms.LongText("Why?", limit=4000, hint="An objection needs a reason that the next text can answer")


class Question(forms.Form):
    """A question before positions are taken."""

    question = forms.LongText("What is not clear?", limit=2000, needed="Write your question")


@page("seat/<uuid:seat_id>", name="seat")
def seat(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    """The seat from which one speaks in a decision that is taken together, here or in another organisation."""
    viewer = request.viewer
    found = queries.seat(viewer=viewer, seat_id=seat_id)
    shared = queries.shared_decision(found.decision_id)
    form, ask = Position.read(request), Question.read(request)
    said = rounds.MAY_SAY.get(str(shared["method"]), ()) if shared else ()
    form.fields["said"].choices = [(one, MAY_SAY[one]) for one in said]  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    used: forms.Form = ask if act == "ask" else form
    try:
        if act == "withdraw":
            rounds.withdraw_position(by=viewer, at=request.at, seat=found)
            return redirect(request.path)
        if act == "ask" and ask.ready:
            rounds.ask_for_clarity(by=viewer, at=request.at, seat=found, question=ask.cleaned_data["question"])
            return redirect(request.path)
        if act == "say" and form.ready:
            rounds.take_position(by=viewer, at=request.at, seat=found, **form.cleaned_data)
            return redirect(request.path)
    except Refused as refusal:
        used.refuse(
            str(refusal), refusal.field if isinstance(refusal, Invalid) and refusal.field in used.fields else None
        )
    fresh_form, fresh_ask = (form, Question()) if act != "ask" else (Position(), ask)
    fresh_form.fields["said"].choices = form.fields["said"].choices  # type: ignore[attr-defined]
    values = {"seat": table.seat(viewer, found, shared, rounds.seats_of(Decision(id=found.decision_id))), "position": fresh_form,
              "ask": fresh_ask, "speaks": rounds.speaks_for(viewer, found)}  # fmt: skip
    return forms.answer(request, "decisions/seat.jinja", values, form=used)


class Answer(forms.Form):
    """The answer to a question about the proposal."""

    answer = forms.LongText("Your answer", limit=4000, needed="Write the answer")


@page("decision/<uuid:decision_id>/clarify", name="decision_clarify")
def clarify(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Answer questions about a proposal, then ask for positions."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    waiting = list(Clarification.objects.filter(organisation_id=viewer.organisation_id, round__decision=found, answered_at__isnull=True).order_by("asked_at"))  # fmt: skip
    form = Answer.read(request)
    try:
        if request.POST.get("act") == "positions":
            rounds.ask_for_positions(by=viewer, at=request.at, decision=found)
            return redirect("decision", decision_id=found.id)
        if form.ready and waiting:
            rounds.answer_clarity(
                by=viewer, at=request.at, decision=found, clarification=waiting[0], answer=form.cleaned_data["answer"]
            )
            return redirect(request.path)
    except Refused as refusal:
        form.refuse(str(refusal))
    return forms.answer(request, "decisions/clarify.jinja", {"row": found, "waiting": waiting}, form=form)
