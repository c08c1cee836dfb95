"""Response teams: forming one, seeing one, standing one down."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from goldthread.journal.clock import local_date
from goldthread.organisation import access
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.actions.common import gives_authority
from goldthread.record.queries.bodies import members
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.told import go_and_tell
from goldthread.web.presenters import crisis as presenter
from goldthread.web.views.board import crumbs
from goldthread.web.views.crisis.fields import Time, attempt, chosen, moment, offer, people, person

PLACES = {"chair": "Chair", "lead": "Lead", "deputy": "Deputy", "member": "Member"}


class Form(forms.Form):
    """Who, what for, on what, until when."""

    title = forms.Text("What is the team called?", limit=200, needed="Give the team a name")
    purpose = forms.LongText("What is it for?", limit=4000, needed="Say what the team is for")
    lead = forms.Choice("Who leads it?", {}, needed="Choose who leads it")
    deputy = forms.Choice("Who stands in for the lead?", {})
    members = forms.Several("Who else is in it?", {}, hint="People from at least two staff groups, the lead counted")
    subjects = forms.Several("On what may it decide?", {}, needed="Choose at least one subject")
    until_on = forms.Day("On which day does it end?", needed="Give the day on which the team ends: it always has one")
    until_time = Time("At what time?", needed="Give the time at which the team ends")


@page("crisis/<uuid:unit_id>/team", name="crisis_team_new")
def crisis_team_new(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Form a response team and give it decisions for a time."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    if not gives_authority(viewer, unit):
        raise access.NotAllowed(f"Whoever manages {unit.name} or a unit above it can give its decisions to a team.")
    form = Form.read(request)
    here = people(viewer, unit)
    offer(form, {"lead": {"": "Choose somebody", **here}, "deputy": {"": "Nobody yet", **here}, "members": here,
                 "subjects": queries.subjects(viewer=viewer, unit=unit)})  # fmt: skip
    if form.ready:
        said = form.cleaned_data
        lead = person(viewer, said["lead"])
        made = lead and attempt(form, lambda: actions.form_team(
            by=viewer, at=request.at, unit=unit, title=said["title"], purpose=said["purpose"], lead=lead,
            deputy=person(viewer, said["deputy"]), members=chosen(viewer, said["members"]), subjects=said["subjects"],
            until=moment(said["until_on"], said["until_time"]),
        ))  # fmt: skip
        if made:
            return go_and_tell(
                request, "The team is formed, and everybody in it has been told.", "crisis_team", team_id=made.id
            )
    return forms.answer(request, "crisis/team_new.jinja", {"unit": unit, "crumbs": crumbs(unit, last=True)}, form=form)


class StandDown(forms.Form):
    """Why it ends now."""

    because = forms.LongText("Why is the team stood down?", limit=2000, needed="Say why the team is stood down")


@page("response-team/<uuid:team_id>", name="crisis_team")
def crisis_team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team: who is in it, on what it decides, until when."""
    viewer = request.viewer
    found = queries.team(viewer=viewer, team_id=team_id)
    form = StandDown.read(request)
    if form.ready and attempt(
        form, lambda: actions.stand_down(by=viewer, at=request.at, team=found, because=form.cleaned_data["because"])
    ):
        return go_and_tell(
            request, "The team is stood down. What was open is back with whose it was.", "crisis_team", team_id=found.id
        )
    ended = found.stood_down_at or (found.until if found.until <= request.at else None)
    day = min(local_date(request.at), local_date(ended)) if ended else local_date(request.at)
    subjects = queries.subjects(viewer=viewer, unit=found.unit)
    line = presenter.team_line(found, subjects)
    values = {
        "found": found, "unit": found.unit, "crumbs": crumbs(found.unit, last=True), "line": line, "ended": bool(ended),
        "heading": f"{found.body.title} was stood down on {words.moment(ended)}" if ended
        else f"{found.body.title} decides until {words.moment(found.until)}",
        "seats": [[one.person.name if one.person else one.partner.name if one.partner else "", PLACES[one.place], one.profession]
                  for one in members(found.body, day)],
        "may_end": not ended and gives_authority(viewer, found.unit),
    }  # fmt: skip
    return forms.answer(request, "crisis/team.jinja", values, form=form)
