"""Visits: where to go next, the brief, what was asked."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access
from goldthread.organisation.profiles import profile_named
from goldthread.practices.voice import actions, queries
from goldthread.practices.voice.actions.visits import SHIFTS
from goldthread.record.errors import Refused
from goldthread.record.models import Commitment
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer
from goldthread.web.kit.templates import address, render
from goldthread.web.views.voice.ideas import wanted_unit


@page("visits", name="visits")
def visits(request: HttpRequest) -> HttpResponse:
    """Where a leader should go next: longest unseen first, nights and weekends first."""
    from django.conf import settings

    viewer = request.viewer
    unit = wanted_unit(request)
    today = local_date(request.at)
    rows = queries.suggestions(viewer=viewer, unit=unit)
    lines = []
    for row in rows:
        seen = f"last seen {words.ago(row.last_seen, today)}" if row.last_seen else "not seen yet"
        odd = (
            f"at night or on a weekend {words.ago(row.last_odd_hours, today)}"
            if row.last_odd_hours
            else "never at night or on a weekend"
        )
        promises = f" · {words.plural(row.open_promises, 'open promise')}" if row.open_promises else ""
        lines.append({"where": row.unit.name, "when": seen, "more": odd + promises, "unit_id": row.unit.id})
    if request.GET.get("format") == "csv":
        return csv_answer("where-to-go-next", ("unit", "last seen", "odd hours", "open promises"),
                          [(row.unit.name, row.last_seen, row.last_odd_hours, row.open_promises) for row in rows])  # fmt: skip
    never = sum(row.last_seen is None for row in rows)
    heading = f"{rows[0].unit.name} is longest unseen" if rows else "Every unit has a visit planned"
    lead = (
        f"{words.capital(words.plural(never, 'unit'))} of these {'has' if never == 1 else 'have'} not been seen by a leader yet. "
        if never
        else ""
    )
    levels = profile_named(settings.GOLDTHREAD_PROFILE).levels
    values = {
        "visits": {"heading": heading, "lead": lead + "Go where nobody goes, at hours when nobody goes.", "lines": lines},
        "planned": [_planned(one, today) for one in queries.my_visits(viewer=viewer)],
        "tiers": [{"tier": f"From the {levels.get(row.level, row.level).lower()}", "visits": row.visits, "units": row.units, "odd": row.odd_hours}
                  for row in queries.tiers(viewer=viewer, unit=unit)],
        "may_plan": viewer.is_leader,
    }  # fmt: skip
    return render(request, "visits/list.jinja", values)


def _planned(visit: Any, today: Any) -> dict[str, str]:
    state = (
        f"done {words.ago(visit.done_on, today)}"
        if visit.done_on
        else f"{words.until(visit.planned_on, today)}, {SHIFTS[visit.shift].lower()}"
    )
    with_whom = f"with {visit.companion}" if visit.companion else "nobody goes with you yet"
    return {"where": visit.unit.name, "when": state, "more": with_whom, "href": address("visit", visit_id=visit.id)}


class Plan(forms.Form):
    """When, at which hours, and with whom."""

    planned_on = forms.Day("When?", needed="Give the day")
    shift = forms.Choice("At which hours?", SHIFTS, needed="Choose the hours")
    companion = forms.Text(
        "Who goes with you?", limit=120, hint="Somebody who works differently from you: a clinician with a manager"
    )


@page("visit/new/<uuid:unit_id>", name="visit_new")
def visit_new(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Plan a visit."""
    unit = access.own_unit(request.viewer, unit_id)
    form = Plan.read(request)
    if form.ready:
        try:
            made = actions.plan_visit(by=request.viewer, at=request.at, unit=unit, **form.cleaned_data)
            return redirect(address("visit", visit_id=made.id))
        except Refused as refusal:
            form.refuse(str(refusal))
    return forms.answer(request, "visits/new.jinja", {"unit": unit}, form=form)


class Ask(forms.Form):
    """What the team asked for, and by when."""

    text = forms.Text("What did they ask for?", limit=1000, needed="Write what they asked for")
    due_on = forms.Day("By when do you promise it?", needed="Give the day by which you promise it")


@page("visit/<uuid:visit_id>", name="visit")
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One visit: the brief before, the promises on it."""
    viewer = request.viewer
    found = queries.visit(viewer=viewer, visit_id=visit_id)
    act = request.POST.get("act", "")
    form = Ask(request.POST) if act == "ask" else Ask()
    try:
        if act == "done":
            actions.finish_visit(by=viewer, at=request.at, visit=found)
            return redirect(request.path)
        if form.ready:
            actions.ask_on_visit(by=viewer, at=request.at, visit=found, **form.cleaned_data)
            return redirect(request.path)
    except Refused as refusal:
        form = form if form.is_bound else Ask({})
        field = getattr(refusal, "field", None)
        form.refuse(str(refusal), field if field in form.fields else None)
    today = local_date(request.at)
    asked = queries.promises_of(viewer=viewer, visit=found)
    brief = [one for one in queries.promises_at(viewer=viewer, unit=found.unit) if one.about_id != found.id]
    values = {
        "visit": {
            "heading": f"{found.unit.name}: {words.plural(len(asked), 'promise')} on this visit" if found.done_on else f"Visit to {found.unit.name}, {words.until(found.planned_on, today)}",
            "lead": f"{found.leader.name}{f' with {found.companion}' if found.companion else ''}, {SHIFTS[found.shift].lower()}, {words.day(found.done_on or found.planned_on)}.",
            "done": found.done_on is not None,
        },
        "unit": found.unit,
        "asks": [_promise(one, today) for one in asked],
        "brief": [_promise(one, today) for one in brief] if found.done_on is None else [],
        "mine": found.leader_id == viewer.person_id,
    }  # fmt: skip
    return forms.answer(request, "visits/visit.jinja", values, form=form)


def _promise(one: Commitment, today: Any) -> dict[str, Any]:
    late = one.state == "promised" and one.due_on < today
    state = {
        "kept": "kept" if one.confirmed_by_id else "said to be kept",
        "not_kept": "not kept",
        "withdrawn": "withdrawn",
    }.get(one.state, f"due {words.until(one.due_on, today)}" if not late else words.until(one.due_on, today))
    return {"id": one.id, "text": one.text, "state": state, "late": late, "by": f"Promised by {one.promised_by.name}"}
