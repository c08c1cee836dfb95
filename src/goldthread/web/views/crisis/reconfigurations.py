"""Reconfigurations: raising one; its five dates, and abandoning it; asking for ethics advice on its decision."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from goldthread.organisation import access
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.models import Reconfiguration
from goldthread.record.actions.decisions import may_decide
from goldthread.record.derived import Value
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.told import go_and_tell
from goldthread.web.presenters import crisis as presenter
from goldthread.web.views.board import crumbs
from goldthread.web.views.crisis.fields import attempt, chosen, offer, people


class Raise(forms.Form):
    """What should be set up differently, why, and since when it was needed."""

    title = forms.Text("What should be set up differently?", limit=200, needed="Say what should be set up differently")
    need = forms.LongText("What is the need?", limit=4000, needed="Say what the need is")
    need_on = forms.Day("On which day was the need recognised?", needed="Give the day on which the need was recognised")
    subject = forms.Choice("What is it about?", {}, needed="Choose what it is about: it says whose decision it is")
    cost = forms.Number("What does it cost, in pounds?", low=0, hint="Leave empty if it costs nothing")
    team = forms.Choice("Which response team does it belong to?", {})


@page("crisis/<uuid:unit_id>/reconfigure", name="crisis_reconfigure")
def crisis_reconfigure(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Raise a reconfiguration; it goes to whoever decides it for now."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    form = Raise.read(request)
    teams = queries.teams(viewer=viewer, unit=unit)
    offer(form, {"subject": {"": "Choose one", **queries.subjects(viewer=viewer, unit=unit)},
                 "team": {"": "None", **{str(one.id): one.body.title for one in teams}}})  # fmt: skip
    if form.ready:
        said = form.cleaned_data
        facts: dict[str, Value] = {"subject": said["subject"], **({"cost": said["cost"]} if said["cost"] else {})}
        made = attempt(form, lambda: actions.raise_reconfiguration(
            by=viewer, at=request.at, unit=unit, title=said["title"], need=said["need"], need_on=said["need_on"],
            attributes=facts, team=next((one for one in teams if str(one.id) == said["team"]), None),
        ))  # fmt: skip
        if made:
            return go_and_tell(request, "It is raised, and whoever decides it has been told.", "crisis_reconfiguration",
                               reconfiguration_id=made.id)  # fmt: skip
    return forms.answer(
        request, "crisis/reconfigure.jinja", {"unit": unit, "crumbs": crumbs(unit, last=True)}, form=form
    )


class Step(forms.Form):
    """The day of the next step."""

    on = forms.Day("On which day?", needed="Give the day on which it happened")


class Abandon(forms.Form):
    """Why it stops."""

    because = forms.LongText(
        "Why is it abandoned?", limit=2000, needed="Say why it is abandoned: others will need the same answer"
    )


@page("reconfiguration/<uuid:reconfiguration_id>", name="crisis_reconfiguration")
def crisis_reconfiguration(request: HttpRequest, reconfiguration_id: UUID) -> HttpResponse:
    """One reconfiguration: its dates, what comes next, and stopping it."""
    viewer = request.viewer
    found = queries.reconfiguration(viewer=viewer, reconfiguration_id=reconfiguration_id)
    act = request.POST.get("act", "")
    step = Step(request.POST) if act in ("live", "sustain") else Step()
    stop = Abandon(request.POST) if act == "abandon" else Abandon()
    used: forms.Form = stop if act == "abandon" else step
    done = None
    if act in ("live", "sustain") and step.ready:
        move = actions.go_live if act == "live" else actions.sustain
        done = attempt(step, lambda: move(by=viewer, at=request.at, reconfiguration=found, on=step.cleaned_data["on"]))
    elif act == "abandon" and stop.ready:
        done = attempt(
            stop,
            lambda: actions.abandon(
                by=viewer, at=request.at, reconfiguration=found, because=stop.cleaned_data["because"]
            ),
        )
    elif act == "again" and found.decision is not None:
        said = found.decision.explanation.get("said", {})
        used = step = Step({"on": "1 1 2000"})
        used.is_valid()
        done = attempt(
            used, lambda: actions.put_again(by=viewer, at=request.at, reconfiguration=found, attributes=said)
        )
    if done:
        return go_and_tell(request, "That is recorded.", "crisis_reconfiguration", reconfiguration_id=found.id)
    return forms.answer(
        request, "crisis/reconfiguration.jinja", _values(request, found, step, stop), form=used if act else step
    )


def _values(request: HttpRequest, found: Reconfiguration, step: forms.Form, stop: forms.Form) -> dict[str, object]:
    viewer = request.viewer
    decision = found.decision
    open_now = decision is not None and decision.state == "open"
    over = found.abandoned_on is not None or found.sustained_on is not None
    mine = viewer.person_id == found.raised_by_id or access.may(viewer, Permission.DECIDE, found.unit)
    asked = queries.ethics(viewer=viewer, decision_id=decision.id) if decision else None
    return {
        "found": found, "unit": found.unit, "crumbs": crumbs(found.unit, last=True), "step": step, "stop": stop,
        "heading": presenter.reconfiguration_heading(found), "dates": presenter.dates(found),
        "by": f"Raised by {found.raised_by.name} for {found.unit.name}"
        + (f", with {found.team.body.title}" if found.team else "")
        + (", under temporary delegated authority." if found.declaration else "."),
        "next": "" if over or not mine else "live" if found.decided_on and not found.live_on else "sustain" if found.live_on else "",
        "may_stop": mine and not over, "may_again": mine and not over and not found.decided_on and not open_now,
        "asked": {"question": asked.question, "closes": words.moment(asked.hearing.closes_at), "by": asked.asked_by.name} if asked else None,
        "may_ask": decision is not None and asked is None and may_decide(viewer, decision),
    }  # fmt: skip


class Ethics(forms.Form):
    """What to weigh, by when, and who should advise where there is no group."""

    question = forms.LongText("What should they weigh?", limit=2000, needed="Write the question you want advice on")
    hours = forms.Number(
        "Within how many hours?", low=1, high=72, needed="Give the hours: between 1 and 72", initial="6"
    )
    people = forms.Several(
        "Who should advise, beside the ethics group?", {}, hint="Needed where this organisation has no ethics group"
    )


@page("reconfiguration/<uuid:reconfiguration_id>/ethics", name="crisis_ethics")
def crisis_ethics(request: HttpRequest, reconfiguration_id: UUID) -> HttpResponse:
    """Ask for ethics advice within hours."""
    viewer = request.viewer
    found = queries.reconfiguration(viewer=viewer, reconfiguration_id=reconfiguration_id)
    if found.decision is None or not may_decide(viewer, found.decision):
        raise access.NotAllowed("Whoever decides this asks for advice on it.")
    form = Ethics.read(request)
    offer(form, {"people": people(viewer, found.unit)})
    decision = found.decision
    if form.ready:
        said = form.cleaned_data
        made = attempt(form, lambda: actions.ask_ethics(by=viewer, at=request.at, decision=decision, question=said["question"],
                                                        hours=said["hours"], people=chosen(viewer, said["people"])))  # fmt: skip
        if made:
            return go_and_tell(request, f"They are asked until {words.moment(made.hearing.closes_at)}.", "crisis_reconfiguration",
                               reconfiguration_id=found.id)  # fmt: skip
    return forms.answer(
        request, "crisis/ethics.jinja", {"found": found, "crumbs": crumbs(found.unit, last=True)}, form=form
    )
