"""Setting up forums, giving and ending seats, making partners known: for whoever keeps governance."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify

from goldthread.organisation import access, tree
from goldthread.organisation.models import Person, RoleHeld
from goldthread.organisation.roles import Permission
from goldthread.record.actions import bodies as actions
from goldthread.record.models import BodySeat
from goldthread.record.queries import bodies
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import address
from goldthread.web.views.governance.common import tried

KINDS = {"forum": "A standing forum", "board": "A board", "partnership": "A partnership of organisations"}
RIGHTS = {
    "advises": "It advises",
    "consents": "Nothing that needs it is done without its consent",
    "decides": "It decides",
}
PLACES = {"member": "Member", "chair": "Chair", "deputy": "Deputy of the chair"}
PARTNERS = {
    "practice": "General practice",
    "council": "Council",
    "charity": "Charity",
    "company": "Company",
    "other": "Something else",
}

ANSWERABLE = ("unit_manager", "clinical_lead", "executive", "leader", "governance_lead")


class SetUp(forms.Form):
    """A forum with its terms of reference."""

    title = forms.Text("What is it called?", needed="Give it a name")
    slug = forms.Text(
        "Its name in the scheme of delegation",
        limit=60,
        hint="Small letters and hyphens, like professional-leadership-forum. Leave it empty to take it from the name",
    )
    kind = forms.Choice("What is it?", KINDS, needed="Choose what it is")
    rights = forms.Choice("What may it do?", RIGHTS, needed="Choose what it may do")
    purpose = forms.LongText("What is it for?", needed="Write what it is for: its terms of reference")
    quorum = forms.Number("How many must be present?", low=1, high=200)
    ends_on = forms.Day("When does it end, if it does?")


@page("forums/new", name="forum_new")
def forum_new(request: HttpRequest) -> HttpResponse:
    """Set up a forum."""
    top = tree.root_of(request.viewer.organisation_id)
    access.require(request.viewer, Permission.GOVERN, top)
    form = SetUp.read(request)
    if form.ready:
        said = {**form.cleaned_data, "slug": slugify(form.cleaned_data["slug"] or form.cleaned_data["title"])[:60]}
        made = tried(form, lambda: actions.make_body(by=request.viewer, at=request.at, unit=top, **said))
        if made is not None:
            return redirect(address("forum", body_id=made.id))
    return forms.answer(request, "governance/forum_new.jinja", {}, form=form)


class Seat(forms.Form):
    """Who sits, from which profession or organisation."""

    who = forms.Choice("Who sits?", {}, needed="Choose who sits")
    place = forms.Choice("In which place?", PLACES, needed="Choose the place")
    profession = forms.Text("For which profession?", limit=60)
    represents = forms.Text("For which organisation or group?", limit=200)


@page("forum/<uuid:body_id>/seats", name="forum_seats")
def forum_seats(request: HttpRequest, body_id: UUID) -> HttpResponse:
    """Give somebody a seat, or end one."""
    viewer = request.viewer
    body = bodies.body(viewer=viewer, body_id=body_id)
    access.require(viewer, Permission.GOVERN, body.unit)
    partners = {f"partner:{one.id}": one for one in bodies.partners(viewer=viewer)}
    people: dict[str, Any] = {f"person:{one.id}": one for one in _people(viewer, forms.asked(request, "name"))}
    form = Seat.read(request)
    form.fields["who"].choices = [("", "Choose"), *((key, one.name) for key, one in {**partners, **people}.items())]  # type: ignore[attr-defined]
    if request.POST.get("act") == "end":
        row = (
            BodySeat.objects.select_related("body__unit")
            .filter(body=body, id=forms.read_id(request.POST.get("seat", "")))
            .first()
        )
        if row is not None and tried(form, lambda: actions.leave_seat(by=viewer, at=request.at, seat=row)) is not None:
            return redirect(request.path)
    elif form.ready:
        said = dict(form.cleaned_data)
        who = said.pop("who")
        whom = {"partner": partners[who]} if who in partners else {"person": people[who]}
        if tried(form, lambda: actions.seat(by=viewer, at=request.at, body=body, **whom, **said)) is not None:
            return redirect(address("forum", body_id=body.id))
    values = {"body": body, "seats": bodies.members(body, request.at.date()), "name": forms.asked(request, "name")}
    return forms.answer(request, "governance/forum_seats.jinja", values, form=form)


def _people(viewer: Any, name: str) -> list[Person]:
    """The people who answer for something, or those of a name."""
    rows = Person.objects.filter(organisation_id=viewer.organisation_id, left_on__isnull=True)
    rows = (
        rows.filter(name__icontains=name)
        if name
        else rows.filter(
            id__in=RoleHeld.objects.filter(organisation_id=viewer.organisation_id, role__in=ANSWERABLE).values(
                "person_id"
            )
        )
    )
    return list(rows.order_by("name")[:300])


class Known(forms.Form):
    """A partner without an account."""

    name = forms.Text("What is it called?", needed="Give its name")
    kind = forms.Choice("What is it?", PARTNERS, needed="Choose what it is")
    contact_name = forms.Text("Whom do you write to?")
    email = forms.Email("Their e-mail address", needed="", required=False)


@page("partners/new", name="partner_new")
def partner_new(request: HttpRequest) -> HttpResponse:
    """Make a partner known: it takes part through links."""
    access.require(request.viewer, Permission.GOVERN, tree.root_of(request.viewer.organisation_id))
    form = Known.read(request)
    if (
        form.ready
        and tried(form, lambda: actions.add_partner(by=request.viewer, at=request.at, **form.cleaned_data)) is not None
    ):
        return redirect(address("briefs"))
    return forms.answer(request, "governance/partner_new.jinja", {}, form=form)
