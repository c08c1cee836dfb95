"""Situation updates: writing one, reading one, saying that one has read it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.organisation import access
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.actions.updates import may_write
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render
from goldthread.web.kit.told import go_and_tell
from goldthread.web.presenters import crisis as presenter
from goldthread.web.views.board import crumbs
from goldthread.web.views.crisis.fields import Time, attempt, moment
from goldthread.web.views.crisis.patients import public_link


class Write(forms.Form):
    """The parts of an update, kept apart so that nothing hides in another."""

    known = forms.LongText("What do we know?", limit=4000, needed="Write what you know")
    not_known = forms.LongText(
        "What do we not know?", limit=4000, needed="Write what you do not know: people trust the rest more for it"
    )
    doing = forms.LongText("What are we doing?", limit=4000, needed="Write what is being done")
    changed_course = forms.LongText(
        "We changed course because …", limit=4000, hint="Leave empty if nothing was changed"
    )
    for_patients = forms.LongText("What should patients and families be told?", limit=4000,
                                  hint="In plain words. Leave empty if this update is for staff only")  # fmt: skip
    next_on = forms.Day("On which day does the next update come?", needed="Give the day of the next update")
    next_time = Time("At what time?", needed="Give the time of the next update")


@page("crisis/<uuid:unit_id>/update", name="crisis_update_new")
def crisis_update_new(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Write an update; the one before stands beside the form."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    if not may_write(viewer, unit, request.at):
        raise access.NotAllowed(
            f"Updates for {unit.name} are written by whoever manages it, or by a response team at work there."
        )
    form = Write.read(request)
    if form.ready:
        said = dict(form.cleaned_data)
        next_at = moment(said.pop("next_on"), said.pop("next_time"))
        made = attempt(form, lambda: actions.write_update(by=viewer, at=request.at, unit=unit, next_at=next_at, **said))
        if made:
            return go_and_tell(request, f"Update {made.number} is out.", "crisis_update", update_id=made.id)
    before = queries.latest(viewer=viewer, unit=unit)
    values = {
        "unit": unit,
        "crumbs": crumbs(unit, last=True),
        "before": presenter.update(before, request.at, None) if before else None,
    }
    return forms.answer(request, "crisis/update_new.jinja", values, form=form)


@page("situation/<uuid:update_id>", name="crisis_update")
def crisis_update(request: HttpRequest, update_id: UUID) -> HttpResponse:
    """One update for staff, with the patients' version beneath it."""
    viewer = request.viewer
    found = queries.update(viewer=viewer, update_id=update_id)
    if request.POST.get("act") == "read":
        actions.mark_read(by=viewer, at=request.at, update=found)
        return redirect(request.path)
    newest = queries.latest(viewer=viewer, unit=found.unit)
    values = {
        "update": presenter.update(found, request.at, queries.readers(viewer=viewer, update=found)), "unit": found.unit,
        "crumbs": crumbs(found.unit, last=True), "has_read": queries.has_read(viewer=viewer, update=found),
        "newer": newest if newest is not None and newest.at > found.at else None,
        "link": public_link(found) if found.for_patients and may_write(viewer, found.unit, request.at) else "",
        "others": [one for one in queries.updates(viewer=viewer, unit=found.unit) if one.id != found.id][:10],
    }  # fmt: skip
    return render(request, "crisis/update.jinja", values)
