"""The crisis board of a unit: how serious, who decides for now, what is known, what changes, who needs a rest."""

import hashlib
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from goldthread.organisation import access
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.actions.common import gives_authority
from goldthread.practices.crisis.actions.updates import may_write
from goldthread.record.actions.decisions import may_decide
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer
from goldthread.web.kit.templates import render
from goldthread.web.kit.told import go_and_tell
from goldthread.web.presenters import crisis as presenter
from goldthread.web.views.board import crumbs
from goldthread.web.views.crisis.fields import Time, attempt, moment


@page("crisis/<uuid:unit_id>", name="crisis")
def crisis(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """The board. It says when something on it has changed, and never changes under the reader's eyes."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    rows = queries.reconfigurations(viewer=viewer, unit=unit)
    if request.GET.get("format") == "csv":
        return csv_answer(f"reconfigurations-{unit.code}", ("reconfiguration", *presenter.STEPS, "abandoned_on", "entered late"),
                          [(one.title, *(getattr(one, step) for step in presenter.STEPS), one.abandoned_on, one.late_entry) for one in rows])  # fmt: skip
    found = queries.authority(viewer=viewer, unit=unit)
    latest = queries.latest(viewer=viewer, unit=unit)
    rest = queries.rest(viewer=viewer, unit=unit)
    subjects = queries.subjects(viewer=viewer, unit=unit)
    values = {
        "unit": unit, "crumbs": crumbs(unit, last=True), "version": version(viewer, unit),
        "top": presenter.top(unit, queries.level(viewer=viewer, unit=unit), found),
        "authority": presenter.authority(found.in_force), "proposed": found.proposed,
        "look_back": found.ended if found.ended and not found.ended.look_back_outcome else None,
        "teams": [presenter.team_line(one, subjects) for one in queries.teams(viewer=viewer, unit=unit)],
        "update": presenter.update(latest, request.at, queries.readers(viewer=viewer, update=latest)) if latest else None,
        "has_read": queries.has_read(viewer=viewer, update=latest) if latest else True,
        "rows": [presenter.row(one) for one in rows],
        "rest": [presenter.rest_line(one) for one in rest], "rest_heading": presenter.rest_heading(rest),
        "coverage": presenter.coverage(queries.coverage(viewer=viewer, unit=unit)) if rest else "",
        "asks": [presenter.ask_line(one, request.at, may_decide(viewer, one)) for one in queries.asks(viewer=viewer, unit=unit)],
        "may": {"lead": access.may(viewer, Permission.DECIDE, unit), "give": gives_authority(viewer, unit),
                "write": may_write(viewer, unit, request.at)},
    }  # fmt: skip
    return render(request, "crisis/board.jinja", values)


def version(viewer: Viewer, unit: Unit) -> str:
    """Changes whenever something changes that everybody reads on the board."""
    found, level = queries.authority(viewer=viewer, unit=unit), queries.level(viewer=viewer, unit=unit)
    latest = queries.latest(viewer=viewer, unit=unit)
    seen = [
        level.id if level else "", *(one.id if one else "" for one in (found.in_force, found.proposed, found.ended)),
        latest.id if latest else "", bool(latest and latest.next_at < viewer.at),
        *(one.id for one in queries.teams(viewer=viewer, unit=unit)),
        *((one.id, one.decided_on, one.live_on, one.sustained_on, one.abandoned_on) for one in queries.reconfigurations(viewer=viewer, unit=unit)),
        *(one.id for one in queries.asks(viewer=viewer, unit=unit)),
    ]  # fmt: skip
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


@page("crisis/<uuid:unit_id>/version", name="crisis_version")
def crisis_version(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """For the page that is open: whether it is still what it shows. Plain text."""
    answer = HttpResponse(
        version(request.viewer, access.own_unit(request.viewer, unit_id)), content_type="text/plain; charset=utf-8"
    )
    answer["Cache-Control"] = "no-store"
    return answer


class Level(forms.Form):
    """How serious it is, since when and through which channel."""

    level = forms.Choice("What is the incident level?", presenter.LEVELS, needed="Choose the level, or stood down")
    channel = forms.Text("Through which channel did it come?", limit=120, needed="Name the channel: who told you officially",
                         hint="For example: regional incident room, by telephone to the director on call")  # fmt: skip
    on = forms.Day("Since which day?", hint="Leave empty if it holds from now")
    time = Time("Since what time?")
    note = forms.LongText("Anything to add?", limit=2000)


@page("crisis/<uuid:unit_id>/level", name="crisis_level")
def crisis_level(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Record the incident level. Nothing else changes by it."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    access.require(viewer, Permission.DECIDE, unit)
    form = Level.read(request)
    if form.ready:
        said = form.cleaned_data
        since = moment(said["on"], said["time"] or (0, 0)) if said["on"] else None
        made = attempt(form, lambda: actions.set_level(by=viewer, at=request.at, unit=unit, level=int(said["level"]), since=since,
                                                       channel=said["channel"], note=said["note"]))  # fmt: skip
        if made:
            return go_and_tell(
                request, "The level is recorded. Who decides has not changed by it.", "crisis", unit_id=unit.id
            )
    return forms.answer(request, "crisis/level.jinja", {"unit": unit, "crumbs": crumbs(unit, last=True),
                                                        "not_the_same": presenter.NOT_THE_SAME}, form=form)  # fmt: skip
