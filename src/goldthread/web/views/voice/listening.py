"""Listening events: planned, held, and what became of what was heard."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access
from goldthread.organisation.roles import Permission
from goldthread.practices.voice import actions, queries
from goldthread.practices.voice.actions.listening import FORMS
from goldthread.practices.voice.describe import STATES
from goldthread.record.errors import Refused
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import address
from goldthread.web.views.voice.ideas import wanted_unit


class Plan(forms.Form):
    """What, when, in which form."""

    title = forms.Text("What is it about?", limit=200, needed="Say what it is about")
    on = forms.Day("When?", needed="Give the day")
    form = forms.Choice("In which form?", FORMS, needed="Choose the form")


@page("listening", name="listening")
def listening(request: HttpRequest) -> HttpResponse:
    """Listening events of a unit and below."""
    viewer = request.viewer
    unit = wanted_unit(request)
    form = Plan.read(request)
    may = access.may(viewer, Permission.HOLD_LISTENING, unit)
    if form.ready and may:
        found = form.cleaned_data
        try:
            made = actions.plan_listening(
                by=viewer, at=request.at, unit=unit, title=found["title"], planned_on=found["on"], form=found["form"]
            )
            return redirect(address("listening_event", event_id=made.id))
        except Refused as refusal:
            form.refuse(str(refusal))
    rows = queries.listening(viewer=viewer, unit=unit)
    held = [row for row in rows if row.held_on]
    heard = sum(len(row.heard) for row in held)
    heading = (
        f"{words.capital(words.plural(heard, 'thing'))} heard at {words.plural(len(held), 'event')}"
        if held
        else "No listening event has been held yet"
    )
    today = local_date(request.at)
    events = [
        {"id": row.id, "title": row.title, "when": words.short_day(row.held_on, today) if row.held_on else f"planned {words.until(row.planned_on, today)}",
         "more": f"{row.unit.name} · {FORMS[row.form].lower()} · {row.led_by.name}" + (f" · {words.plural(len(row.heard), 'thing')} heard" if row.held_on else "")}
        for row in rows
    ]  # fmt: skip
    return forms.answer(
        request,
        "listening/list.jinja",
        {"unit": unit, "heading": heading, "events": events, "may_plan": may},
        form=form,
    )


class Heard(forms.Form):
    """What was heard, one thing a line."""

    heard = forms.LongText(
        "What was heard? One thing on each line", limit=20_000, needed="Write down at least one thing that was heard"
    )


@page("listening/<uuid:event_id>", name="listening_event")
def listening_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One event: what was heard, and what became of each."""
    viewer = request.viewer
    event, ideas = queries.listening_event(viewer=viewer, event_id=event_id)
    form = Heard.read(request)
    if form.ready:
        try:
            actions.hold_listening(by=viewer, at=request.at, event=event, heard=form.cleaned_data["heard"].splitlines())
            return redirect(request.path)
        except Refused as refusal:
            form.refuse(str(refusal), "heard")
    day = words.day(event.held_on or event.planned_on)
    values = {
        "event": {
            "title": event.title,
            "lead": f"{FORMS[event.form]} in {event.unit.name}, {day}, led by {event.led_by.name}.",
        },
        "heard": [
            {"text": one.text, "href": address("idea", idea_id=one.id), "state": STATES[one.state]} for one in ideas
        ],
        "may_hold": event.held_on is None and event.led_by_id == viewer.person_id,
    }
    return forms.answer(request, "listening/event.jinja", values, form=form)
