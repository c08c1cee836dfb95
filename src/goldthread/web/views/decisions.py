"""My decisions, and one decision: why it is mine, by when, and taking it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.organisation.models import Person
from goldthread.record.actions import decisions as actions
from goldthread.record.errors import Refused
from goldthread.record.models import Decision
from goldthread.record.practice import practice_named
from goldthread.record.queries import board as queries
from goldthread.record.queries.thread import describe
from goldthread.record.refs import Ref
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render
from goldthread.web.presenters import decisions as presenter


@page("decisions", name="decisions")
def decisions(request: HttpRequest) -> HttpResponse:
    """Everything that is mine to decide, due first."""
    viewer = request.viewer
    rows = queries.my_decisions(viewer=viewer)
    return render(request, "decisions/mine.jinja", {"mine": presenter.mine(viewer, rows)})


class HandOver(forms.Form):
    """To whom a decision is handed."""

    to = forms.Choice("Who should take it?", {}, needed="Choose who should take it")


@page("decision/<uuid:decision_id>", name="decision")
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """One decision: the question, why it is whose it is, and what can be done with it."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    mine = actions.may_decide(viewer, found)
    form = HandOver.read(request)
    form.fields["to"].choices = colleagues(viewer, found)  # type: ignore[attr-defined]
    if request.method == "POST" and request.POST.get("huddle"):
        try:
            actions.take_to_huddle(by=viewer, at=request.at, decision=found)
            return redirect(request.path)
        except Refused as refusal:
            form.refuse(str(refusal))
    elif form.ready:
        try:
            to = Person.objects.get(organisation_id=viewer.organisation_id, id=form.cleaned_data["to"])
            actions.delegate(by=viewer, at=request.at, decision=found, to=to)
            return redirect(request.path)
        except Refused as refusal:
            form.refuse(str(refusal), "to")
    about = Ref(found.practice, found.about_kind, found.about_id)
    values: dict[str, Any] = {
        "decision": presenter.one(viewer, found, mine),
        "about": describe([about], viewer).get(about),
        "mine": mine,
        "row": found,
        "practice": practice_named(found.practice),
    }
    return forms.answer(request, "decisions/decision.jinja", values, form=form)


def colleagues(viewer: Any, decision: Decision) -> list[tuple[str, str]]:
    """The people of the deciding unit to whom it may be handed."""
    rows = Person.objects.filter(
        organisation_id=viewer.organisation_id,
        unit_id__in=(decision.unit_id, decision.decider_unit_id),
        left_on__isnull=True,
    ).exclude(id=viewer.person_id)
    return [
        ("", "Choose a person"),
        *((str(row.id), f"{row.name}, {row.staff_group}") for row in rows.order_by("name")[:300]),
    ]
