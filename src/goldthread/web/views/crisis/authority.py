"""Declaring temporary delegated authority; one declaration: extending it, ending it early, looking back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from goldthread.organisation import access
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.describe import STATES
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.told import go_and_tell
from goldthread.web.presenters import crisis as presenter
from goldthread.web.views.board import crumbs
from goldthread.web.views.crisis.fields import Time, attempt, bound, moment


class Declare(forms.Form):
    """Why, through which channel, and until when."""

    why = forms.LongText(
        "Why is it needed?", limit=4000, needed="Say why decisions must be taken closer to the work for a time"
    )
    channel = forms.Text("Through which channel is it announced?", limit=120, needed="Name the channel, so that nobody acts on hearsay",
                         hint="For example: incident room, all managers by bleep")  # fmt: skip
    ends_on = forms.Day("On which day does it end?", needed="Give the day on which it ends: it always has one")
    ends_time = Time("At what time does it end?", needed="Give the time at which it ends")


@page("crisis/<uuid:unit_id>/declare", name="crisis_declare")
def crisis_declare(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Propose temporary delegated authority, or declare it where it is the viewer's to decide."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    access.require(viewer, Permission.DECIDE, unit)
    form = Declare.read(request)
    if form.ready:
        said = form.cleaned_data
        now = request.POST.get("act") == "now"
        made = attempt(form, lambda: actions.declare(by=viewer, at=request.at, unit=unit, channel=said["channel"], why=said["why"],
                                                     ends_at=moment(said["ends_on"], said["ends_time"]), decide_now=now))  # fmt: skip
        if made:
            done = (
                "It is in force, and its end is set."
                if made.state == "in_force"
                else "It is proposed; whoever may decide it has been told."
            )
            return go_and_tell(request, done, "crisis", unit_id=unit.id)
    return forms.answer(request, "crisis/declare.jinja", {"unit": unit, "crumbs": crumbs(unit, last=True)}, form=form)


class Extend(forms.Form):
    """Until when it should go on, and why."""

    why = forms.LongText("Why must it go on?", limit=4000, needed="Say why it must go on")
    ends_on = forms.Day("On which day should it end then?", needed="Give the day on which it ends then")
    ends_time = Time("At what time?", needed="Give the time at which it ends then")


class End(forms.Form):
    """Why it ends now."""

    because = forms.LongText("Why does it end now?", limit=2000, needed="Say why it ends now")


@page("authority/<uuid:declaration_id>", name="crisis_authority")
def crisis_authority(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """One declaration, and what can be done with it."""
    viewer = request.viewer
    found = queries.declaration(viewer=viewer, declaration_id=declaration_id)
    act = request.POST.get("act", "")
    extend = Extend(request.POST) if act in ("extend", "extend_now") else Extend()
    end = End(request.POST) if act == "end" else End()
    used: forms.Form = end if act == "end" else extend
    done = None
    if act in ("extend", "extend_now") and extend.ready:
        said = extend.cleaned_data
        done = attempt(extend, lambda: actions.extend(by=viewer, at=request.at, declaration=found, why=said["why"],
                                                      ends_at=moment(said["ends_on"], said["ends_time"]), decide_now=act == "extend_now"))  # fmt: skip
    elif act == "end" and end.ready:
        done = attempt(
            end,
            lambda: actions.end_early(by=viewer, at=request.at, declaration=found, because=end.cleaned_data["because"]),
        )
    elif act == "withdraw":
        used = end = End({"because": "–"})
        used.is_valid()
        done = attempt(used, lambda: actions.withdraw_declaration(by=viewer, at=request.at, declaration=found))
    if done:
        return go_and_tell(
            request, "That is done, and everybody concerned has been told.", "crisis_authority", declaration_id=found.id
        )
    live = found.state == "in_force" and found.ends_at > request.at
    issuer = found.decision.decided_by_id if found.decision else None
    values = {
        "found": found, "unit": found.unit, "heading": presenter.declaration_heading(found, request.at), "state": STATES[found.state],
        "facts": [
            ("For", f"{found.unit.name} and all below it"), ("Through", found.channel), ("Proposed by", found.declared_by.name),
            ("Decided by", found.decision.decided_by.name if found.decision and found.decision.decided_by else "nobody yet"),
            ("From", words.moment(found.starts_at)), ("Ends on", words.moment(found.ends_at)),
            *([("Ended early", f"{words.moment(found.ended_at)}: {found.ended_early_because}")] if found.ended_early_because and found.ended_at else []),
        ],
        "looked_back": presenter.LOOKED_BACK.get(found.look_back_outcome, ""),
        "extensions": [{"id": one.id, "words": f"Until {words.moment(one.ends_at)}: {STATES[one.state]}"}
                       for one in queries.extensions(viewer=viewer, declaration=found)],
        "live": live, "extend": extend, "end": end, "may_lead": access.may(viewer, Permission.DECIDE, found.unit),
        "may_end": live and (viewer.person_id in {issuer, found.declared_by_id} or access.may(viewer, Permission.GOVERN, found.unit)),
        "mine": found.state == "proposed" and found.declared_by_id == viewer.person_id, "crumbs": crumbs(found.unit, last=True),
    }  # fmt: skip
    wrong = bound(used, type(used)) if act and used.errors else extend
    return forms.answer(request, "crisis/authority.jinja", values, form=wrong)
