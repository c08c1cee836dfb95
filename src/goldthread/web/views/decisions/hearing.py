"""Hearing people: asking them, saying what one thinks, adding who is touched."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound
from goldthread.organisation.models import Person, Unit
from goldthread.record.actions import hearings, sealed
from goldthread.record.days import end_of_day
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Body, Decision, Hearing, Party
from goldthread.record.practice import practice_named
from goldthread.record.queries import bodies
from goldthread.record.queries import decisions as queries
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page


class Ask(forms.Form):
    """One's own view first, then the question and how long people have."""

    view = forms.Choice("What would you decide today?", {}, needed="Write down what you would decide today, before you hear anybody",
                        hint="Nobody can read it, you neither, until you decide. Then the decision says only whether it stayed, was amended or changed.")  # fmt: skip
    confidence = forms.Choice("How sure are you?", sealed.CONFIDENCE, needed="Say how sure you are")
    question = forms.LongText("What do you ask them?", limit=2000, needed="Write what you ask them")
    closes_on = forms.Day("Until when may they answer?", needed="Give the day until which people may answer")


@page("decision/<uuid:decision_id>/ask", name="decision_ask")
def ask(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Write down one's own view, then ask everybody on the list."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    form = Ask.read(
        request,
        initial={"question": found.question, "closes_on": local_date(found.due_at - timedelta(days=1, seconds=1))},
    )
    form.fields["view"].choices = list(practice_named(found.practice).decision_kind(found.kind).outcomes.items())  # type: ignore[attr-defined]
    if form.ready:
        said = form.cleaned_data
        try:
            hearings.open_hearing(by=viewer, at=request.at, decision=found, question=said["question"],
                                  closes_at=end_of_day(said["closes_on"]), view=said["view"], confidence=said["confidence"])  # fmt: skip
            return redirect("decision", decision_id=found.id)
        except Invalid as refusal:
            field = {"closes_at": "closes_on"}.get(refusal.field, refusal.field)
            form.refuse(str(refusal), field if field in form.fields else None)
        except Refused as refusal:
            form.refuse(str(refusal))
    parties = Party.objects.filter(decision=found).order_by("-must", "label")
    return forms.answer(request, "decisions/ask.jinja", {"row": found, "parties": list(parties)}, form=form)


class Say(forms.Form):
    """What one thinks, and why."""

    stance = forms.Choice("Are you for it?", hearings.STANCES, needed="Choose where you stand")
    text = forms.LongText(
        "What should the decision-maker know?", limit=4000, needed="Write what the decision-maker should know"
    )


@page("decision/<uuid:decision_id>/say/<uuid:party_id>", name="decision_say")
def say(request: HttpRequest, decision_id: UUID, party_id: UUID) -> HttpResponse:
    """Say what one thinks before something is decided."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    party = _party(found, party_id)
    form = Say.read(request)
    if form.ready:
        try:
            hearings.say(by=viewer, at=request.at, decision=found, party=party, **form.cleaned_data)
            return redirect("decision", decision_id=found.id)
        except Refused as refusal:
            form.refuse(str(refusal))
    hearing = Hearing.objects.filter(decision=found).first()
    return forms.answer(request, "decisions/say.jinja", {"row": found, "party": party, "hearing": hearing}, form=form)


def _party(found: Decision, party_id: UUID) -> Party:
    party = Party.objects.filter(decision=found, id=party_id).first()
    if party is None:
        raise NotFound("nobody of that name is asked here")
    return party


class Touched(forms.Form):
    """Somebody who is touched: who, with what interest, what concern, and what would settle it."""

    whom = forms.Choice("Who is touched?", {}, needed="Choose who is touched")
    interest = forms.Text("What is their interest?", limit=1000)
    concern = forms.Text("What worries them?", limit=1000)
    would_settle = forms.Text("What would settle it?", limit=1000)
    must = forms.Tick("They must be heard before it is decided")


@page("decision/<uuid:decision_id>/touched", name="decision_party")
def touched(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Add somebody whom the decision touches."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    choices = _whom(viewer, found)
    form = Touched.read(request)
    form.fields["whom"].choices = [("", "Choose"), *((key, label) for key, (label, _) in choices.items())]  # type: ignore[attr-defined]
    if form.ready:
        label, whom = choices[form.cleaned_data.pop("whom")]
        try:
            hearings.add_party(by=viewer, at=request.at, decision=found, label=label, **whom, **form.cleaned_data)
            return redirect("decision", decision_id=found.id)
        except Refused as refusal:
            form.refuse(str(refusal))
    return forms.answer(request, "decisions/touched.jinja", {"row": found}, form=form)


def _whom(viewer: Any, found: Decision) -> dict[str, tuple[str, dict[str, Any]]]:
    """Whom one may add: teams near by, bodies, partners, colleagues of the unit."""
    choices: dict[str, tuple[str, dict[str, Any]]] = {}
    for unit in [*reversed(tree.breadcrumb(found.unit)), *tree.children(found.unit, local_date(viewer.at))]:
        if unit.organisation_id == viewer.organisation_id:
            choices[f"unit:{unit.id}"] = (f"Everybody in {unit.name}", {"who": "unit", "unit": unit})
    siblings = Unit.objects.filter(parent_id=found.unit.parent_id, organisation_id=viewer.organisation_id).exclude(
        key=found.unit_id
    )
    for unit in siblings.order_by("name")[:60] if found.unit.parent_id else []:
        choices[f"unit:{unit.id}"] = (f"Everybody in {unit.name}", {"who": "unit", "unit": unit})
    body: Body
    for body in bodies.bodies(viewer=viewer):
        choices[f"body:{body.id}"] = (body.title, {"who": "body", "body": body})
    for partner in bodies.partners(viewer=viewer):
        choices[f"partner:{partner.id}"] = (partner.name, {"who": "partner", "partner": partner})
    people = Person.objects.filter(organisation_id=viewer.organisation_id, unit_id=found.unit_id, left_on__isnull=True)
    for person in people.order_by("name")[:100]:
        choices[f"person:{person.id}"] = (person.name, {"who": "person", "person": person, "basis": "expert"})
    return choices
