"""Care for staff: high-intensity areas with who is there when, and one's own check-ins, which nobody else can open."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from goldthread.organisation import access
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.models import CheckIn
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.told import go_and_tell
from goldthread.web.presenters import crisis as presenter
from goldthread.web.views.board import crumbs
from goldthread.web.views.crisis.fields import attempt, offer, people, person


class Open(forms.Form):
    """Where it is hardest, and how long anybody should be there."""

    title = forms.Text("What is the area called?", limit=200, needed="Name the area")
    most_days_running = forms.Number("How many days running should anybody be there at most?", low=1, high=14, initial="3",
                                     needed="Give the number of days: between 1 and 14")  # fmt: skip


@page("crisis/<uuid:unit_id>/area", name="crisis_area_new")
def crisis_area_new(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Name a high-intensity area."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    access.require(viewer, Permission.DECIDE, unit)
    form = Open.read(request)
    if form.ready:
        made = attempt(form, lambda: actions.open_area(by=viewer, at=request.at, unit=unit, **form.cleaned_data))
        if made:
            return go_and_tell(
                request,
                "The area is set. People who work there are offered a check-in every week.",
                "crisis_area",
                area_id=made.id,
            )
    return forms.answer(request, "crisis/area_new.jinja", {"unit": unit, "crumbs": crumbs(unit, last=True)}, form=form)


class Assign(forms.Form):
    """Who is there, on which day."""

    person = forms.Choice("Who?", {}, needed="Choose who")
    day = forms.Day("On which day?", needed="Give the day")
    reason = forms.Text("Why, if it is one day too many?", limit=1000, hint="Only needed past the limit")


@page("area/<uuid:area_id>", name="crisis_area")
def crisis_area(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """One area: who is down for it. Names for those who plan it; everybody else sees their own days."""
    viewer = request.viewer
    area = queries.area(viewer=viewer, area_id=area_id)
    act = request.POST.get("act", "")
    form = Assign(request.POST) if act in ("assign", "remove") else Assign()
    offer(form, {"person": {"": "Choose somebody", **people(viewer, area.unit)}})
    if act == "close":
        form = Assign({})
        if attempt(form, lambda: actions.close_area(by=viewer, at=request.at, area=area)):
            return go_and_tell(request, "The area is closed.", "crisis", unit_id=area.unit.id)
    elif form.ready:
        said = form.cleaned_data
        whom = person(viewer, said["person"])
        if (
            act == "remove"
            and whom
            and attempt(
                form,
                lambda: actions.unassign(by=viewer, at=request.at, area=area, person=whom, day=said["day"]) or True,
            )
        ):
            return go_and_tell(request, "That day is off the list.", "crisis_area", area_id=area.id)
        if (
            act == "assign"
            and whom
            and attempt(
                form,
                lambda: actions.assign(
                    by=viewer, at=request.at, area=area, person=whom, day=said["day"], reason=said["reason"]
                ),
            )
        ):
            return go_and_tell(
                request, f"{whom.name} is down for {words.day(said['day'])}.", "crisis_area", area_id=area.id
            )
    rest = next((one for one in queries.rest(viewer=viewer, unit=area.unit) if one.area.id == area.id), None)
    line = presenter.rest_line(rest) if rest else None
    may_plan = access.may(viewer, Permission.DECIDE, area.unit) and area.ended_on is None
    values = {
        "area": area, "unit": area.unit, "crumbs": crumbs(area.unit, last=True), "line": line, "may_plan": may_plan,
        "heading": f"{area.title}: {line['words'][:1].lower()}{line['words'][1:]}" if line else f"{area.title} was closed on {words.day(area.ended_on)}",
        "roster": [presenter.roster_row(one.name, days, area) for one, days in queries.roster(viewer=viewer, area=area)],
    }  # fmt: skip
    return forms.answer(request, "crisis/area.jinja", values, form=form)


class Answer(forms.Form):
    """Which of one's own check-ins, or an area to ask for one in."""

    which = forms.Text("Which", limit=40, needed="Choose which")


@page("check-in", name="check_in")
def check_in(request: HttpRequest) -> HttpResponse:
    """My check-ins. The page of nobody but the person who looks."""
    viewer = request.viewer
    act = request.POST.get("act", "")
    form = Answer(request.POST) if act else Answer()
    mine = queries.my_check_ins(viewer=viewer)
    if form.ready:
        one = next((one for one in mine if str(one.id) == form.cleaned_data["which"]), CheckIn(id=UUID(int=0)))
        if act == "ask":
            area = queries.area(viewer=viewer, area_id=forms.read_id(form.cleaned_data["which"]) or UUID(int=0))
            done = attempt(form, lambda: actions.ask_for_check_in(by=viewer, at=request.at, area=area))
        elif act == "held":
            done = attempt(form, lambda: actions.hold_check_in(by=viewer, at=request.at, check_in=one))
        else:
            done = attempt(form, lambda: actions.decline_check_in(by=viewer, at=request.at, check_in=one))
        if done:
            said = {
                "ask": "It is noted for you. Talk to whoever you trust; say here when you have.",
                "held": "Thank you. Only you see this.",
            }
            return go_and_tell(request, said.get(act, "That is fine. Nobody learns it."), "check_in")
    waiting = sum(one.held_on is None and not one.declined for one in mine)
    worked = queries.my_areas(viewer=viewer)
    values = {
        "heading": f"{words.capital(words.spelled(waiting))} {'conversation' if waiting == 1 else 'conversations'} {'is' if waiting == 1 else 'are'} offered to you" if waiting
        else "Nothing is waiting for you here",
        "rows": [presenter.check_in(one) for one in mine],
        "areas": [{"id": one.id, "words": f"{one.title}, {one.unit.name}"} for one in worked],
    }  # fmt: skip
    return forms.answer(request, "crisis/check_in.jinja", values, form=form)
