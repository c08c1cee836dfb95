"""Forums: what waits for them, who sits there; meetings with their agenda and minutes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access
from goldthread.organisation.roles import Permission
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.actions.meetings import may_convene
from goldthread.record.queries import authority, bodies
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer, wants_csv
from goldthread.web.kit.templates import address, render
from goldthread.web.kit.told import tell
from goldthread.web.presenters import governance as presenter
from goldthread.web.views.governance.common import TABS, governs, tried


@page("forums", name="forums")
def forums_(request: HttpRequest) -> HttpResponse:
    """All forums of the organisation."""
    found = queries.forums(viewer=request.viewer)
    today = local_date(request.at)
    values = {
        "heading": presenter.forums_heading(found), "lines": [presenter.forum_line(one, today) for one in found], "tabs": TABS,
        "tab": "forums", "may_govern": governs(request),
    }  # fmt: skip
    return render(request, "governance/forums.jinja", values)


class Plan(forms.Form):
    """When and where it meets."""

    on = forms.Day("When?", needed="Give the day")
    place = forms.Text("Where?", limit=200, needed="Say where, or give the address of the call")


@page("forum/<uuid:body_id>", name="forum")
def forum(request: HttpRequest, body_id: UUID) -> HttpResponse:
    """One forum: its terms of reference, who sits, what needs it, its meetings."""
    found = queries.forum(viewer=request.viewer, body_id=body_id)
    may = may_convene(request.viewer, found.body, request.at)
    form = Plan.read(request)
    if form.ready:
        made = tried(
            form, lambda: actions.plan_meeting(by=request.viewer, at=request.at, body=found.body, **form.cleaned_data)
        )
        if made is not None:
            return redirect(address("meeting", meeting_id=made.id))
    today = local_date(request.at)
    if wants_csv(request):
        return csv_answer(f"members-{found.body.slug}", ("name", "place", "profession", "organisation"),
                          [presenter.seat_line(seat) for seat in found.seats])  # fmt: skip
    waiting = len(found.waiting)
    values = {
        "body": found.body, "rights": presenter.RIGHTS[found.body.rights], "may": may,
        "may_govern": access.may(request.viewer, Permission.GOVERN, found.body.unit),
        "listening": authority.heard_by(found.body),
        "heading": f"{found.body.title}: {waiting} {'decision needs' if waiting == 1 else 'decisions need'} it" if waiting else f"{found.body.title}: nothing waits for it",
        "seats": [presenter.seat_line(seat) for seat in found.seats], "vacant": found.vacant,
        "waiting": [presenter.needed_line(one, today) for one in found.waiting],
        "meetings": [presenter.meeting_line(one, today) for one in queries.meetings(viewer=request.viewer, body=found.body)],
    }  # fmt: skip
    return forms.answer(request, "governance/forum.jinja", values, form=form)


class Held(forms.Form):
    """Who was there."""

    present = forms.Several("Who was there?", {}, needed="Tick who was there")


class Note(forms.Form):
    """What was said on one item."""

    note = forms.LongText("What was said, if somebody should read it later", limit=4000)


class CalledOff(forms.Form):
    """Why the meeting is called off."""

    because = forms.Text("Why is it called off?", limit=1000, needed="Say why it is called off")


@page("meeting/<uuid:meeting_id>", name="meeting")
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """One meeting: before, its agenda; after, its minutes, which are the decisions themselves."""
    viewer, at = request.viewer, request.at
    found = queries.meeting(viewer=viewer, meeting_id=meeting_id)
    may = may_convene(viewer, found.body, at)
    today = local_date(at)
    seats = {str(seat.id): presenter.seat_line(seat)[0] for seat in bodies.members(found.body, found.on)}
    act = request.POST.get("act", "") if request.method == "POST" else ""
    held = Held(request.POST) if act == "held" else Held()
    held.fields["present"].choices = list(seats.items())  # type: ignore[attr-defined]
    off = CalledOff(request.POST) if act == "off" else CalledOff()
    form: forms.Form = off if act == "off" else held
    if act == "draw":
        added = actions.draw_agenda(by=viewer, at=at, meeting=found)
        tell(request, f"{len(added)} added to the agenda." if added else "Nothing new needs this meeting.")
        return redirect(request.path)
    if form.ready and _done(act, viewer, at, found, form):
        return redirect(request.path)
    rows = queries.minutes(viewer=viewer, meeting=found)
    values = {
        "meeting": found, "heading": presenter.meeting_heading(found, rows, today), "items": [presenter.minute(row) for row in rows],
        "present": [presenter.seat_line(seat) for seat in queries.present_at(viewer=viewer, meeting=found)],
        "may": may, "today": found.on <= today, "held": held, "off": off,
    }  # fmt: skip
    return forms.answer(request, "governance/meeting.jinja", values, form=form)


def _done(act: str, viewer: Any, at: Any, found: Any, form: forms.Form) -> bool:
    if act == "held":
        present = [UUID(one) for one in form.cleaned_data["present"]]
        return tried(form, lambda: actions.hold_meeting(by=viewer, at=at, meeting=found, present=present)) is not None
    return (
        tried(
            form, lambda: actions.cancel_meeting(by=viewer, at=at, meeting=found, because=form.cleaned_data["because"])
        )
        is not None
    )


@page("meeting/item/<uuid:item_id>", name="agenda_item")
def agenda_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Write what was said on one item."""
    item = queries.agenda_item(viewer=request.viewer, item_id=item_id)
    form = Note.read(request) if request.method == "POST" else Note(initial={"note": item.note})
    if form.ready:
        done = tried(
            form, lambda: actions.note_item(by=request.viewer, at=request.at, item=item, note=form.cleaned_data["note"])
        )
        if done is not None:
            return redirect(address("meeting", meeting_id=item.meeting.id))
    return forms.answer(request, "governance/note.jinja", {"item": item}, form=form)
