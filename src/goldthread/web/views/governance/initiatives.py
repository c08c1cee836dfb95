"""Joint work: the board by effort and benefit, and one piece of it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access, tree
from goldthread.organisation.roles import Permission
from goldthread.practices.governance import actions, queries
from goldthread.record.models import Measure
from goldthread.record.queries import bodies
from goldthread.record.refs import Ref
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer, wants_csv
from goldthread.web.kit.templates import address
from goldthread.web.presenters import governance as presenter
from goldthread.web.views.governance.common import TABS, link_page, tried


class Propose(forms.Form):
    """New joint work."""

    title = forms.Text("What would you do together?", limit=200, needed="Say what you would do together")
    purpose = forms.LongText("What is it for?", limit=4000, needed="Say what it is for")


@page("joint-work", name="initiatives")
def initiatives(request: HttpRequest) -> HttpResponse:
    """The board: effort across, benefit down; quick wins first."""
    viewer = request.viewer
    found = queries.board(viewer=viewer)
    today = local_date(request.at)
    form = Propose.read(request)
    if form.ready:
        root = tree.root_of(viewer.organisation_id)
        made = tried(form, lambda: actions.propose_initiative(by=viewer, at=request.at, unit=root, **form.cleaned_data))
        if made is not None:
            return redirect(address("initiative", initiative_id=made.id))
    if wants_csv(request):
        return csv_answer("joint-work", ("title", "state", "effort", "benefit", "lead", "look on"),
                          [(one.initiative.title, one.initiative.state, one.effort.median if one.effort else None,
                            one.benefit.median if one.benefit else None, one.initiative.lead.name, one.initiative.verify_on) for one in found])  # fmt: skip
    values = {
        "heading": presenter.board_heading(found), "grid": presenter.grid(found) if any(one.effort for one in found) else [],
        "efforts": list(presenter.EFFORT.values()), "lines": [presenter.initiative_line(one, today) for one in found],
        "tabs": TABS, "tab": "initiatives",
    }  # fmt: skip
    return forms.answer(request, "governance/initiatives.jinja", values, form=form)


class Estimate(forms.Form):
    """What one party thinks."""

    party = forms.Choice("Whose estimate is it?", {}, needed="Choose whose estimate it is")
    effort = forms.Choice("Effort", {"": "Choose", **presenter.EFFORT}, needed="Choose the effort")
    benefit = forms.Choice("Benefit", {"": "Choose", **presenter.BENEFIT}, needed="Choose the benefit")


class Join(forms.Form):
    """One more party."""

    who = forms.Choice("Who else takes part?", {}, needed="Choose who takes part")


class Look(forms.Form):
    """What can be seen after ninety days."""

    worked = forms.Choice(
        "Can it be seen to work?", {"yes": "Yes", "no": "No"}, needed="Choose whether it can be seen to work"
    )
    seen = forms.LongText("What can be seen of it?", limit=4000, needed="Write what can be seen")
    measure = forms.Choice("Is there a measure that shows it?", {}, needed="")


class Drop(forms.Form):
    """Why it stops."""

    because = forms.Text("Why does it stop?", limit=2000, needed="Say why it stops")


FORMS: dict[str, type[forms.Form]] = {"estimate": Estimate, "join": Join, "look": Look, "drop": Drop}


@page("joint-work/<uuid:initiative_id>", name="initiative")
def initiative(request: HttpRequest, initiative_id: UUID) -> HttpResponse:
    """One piece of joint work: who takes part, what each thinks, what was seen."""
    viewer = request.viewer
    found = queries.initiative(viewer=viewer, initiative_id=initiative_id)
    row = found.initiative
    partners = [one.partner for one in found.parties if one.partner is not None]
    asked = next((one for one in partners if one.id == forms.read_id(request.POST.get("partner", ""))), None)
    if asked is not None:
        return link_page(request, asked, "estimate", Ref("governance", "initiative", row.id), request.path)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    shown = {name: kind(request.POST) if name == act else kind() for name, kind in FORMS.items()}
    _choices(request, found, shown)
    form = shown.get(act, shown["drop"])
    if act in ("choose", "start"):
        form = shown["drop"] = Drop({"because": ""})
        form.is_valid()
        form.errors.clear()
        step = actions.choose if act == "choose" else actions.start_initiative
        if tried(form, lambda: step(by=viewer, at=request.at, initiative=row)) is not None:
            return redirect(request.path)
    elif form.ready and tried(form, lambda: _act(request, found, act, form.cleaned_data)) is not None:
        return redirect(request.path)
    today = local_date(request.at)
    line = presenter.initiative_line(found, today)
    leads = row.lead_id == viewer.person_id or access.may(viewer, Permission.GOVERN, row.unit)
    values = {
        "row": row, "heading": f"{row.title}: {line.time}", "estimates": presenter.estimates(found), "partners": partners if leads else [],
        "facts": _facts(found), "leads": leads, "governs": access.may(viewer, Permission.GOVERN, row.unit), "shown": shown,
        "may_look": row.state == "under_way" and row.lead_id != viewer.person_id and row.verify_on is not None and row.verify_on <= today,
        "estimating": row.state in ("proposed", "chosen"), "ended": row.state in ("verified", "not_verified", "dropped"),
    }  # fmt: skip
    return forms.answer(request, "governance/initiative.jinja", values, form=form)


def _choices(request: HttpRequest, found: queries.OnBoard, shown: dict[str, Any]) -> None:
    """What can be chosen depends on who takes part already."""
    parties = [
        ("", "Choose"),
        ("own", found.initiative.unit.name),
        *((str(one.id), presenter.party_name(one)) for one in found.parties),
    ]
    shown["estimate"].fields["party"].choices = parties
    there = {one.partner_id or one.with_organisation_id or one.unit_id for one in found.parties}
    others = [(f"partner:{one.id}", one.name) for one in bodies.partners(viewer=request.viewer) if one.id not in there]
    others += [
        (f"organisation:{one.id}", one.name)
        for one in queries.other_organisations(viewer=request.viewer)
        if one.id not in there
    ]
    shown["join"].fields["who"].choices = [("", "Choose"), *others]
    measures = Measure.objects.filter(organisation_id=request.viewer.organisation_id).order_by("code")[:200]
    shown["look"].fields["measure"].choices = [("", "No"), *((str(one.id), one.code) for one in measures)]


def _act(request: HttpRequest, found: queries.OnBoard, act: str, said: dict[str, Any]) -> Any:
    by, at, row = request.viewer, request.at, found.initiative
    if act == "estimate":
        party = next((one for one in found.parties if str(one.id) == said["party"]), None)
        return actions.estimate(
            by=by, at=at, initiative=row, party=party, effort=int(said["effort"]), benefit=int(said["benefit"])
        )
    if act == "join":
        kind, _, key = said["who"].partition(":")
        partner = (
            next((one for one in bodies.partners(viewer=by) if str(one.id) == key), None) if kind == "partner" else None
        )
        other = (
            next((one for one in queries.other_organisations(viewer=by) if str(one.id) == key), None)
            if kind == "organisation"
            else None
        )
        return actions.join(by=by, at=at, initiative=row, partner=partner, organisation=other)
    if act == "look":
        measure = (
            Measure.objects.filter(organisation_id=by.organisation_id, id=said["measure"]).first()
            if said["measure"]
            else None
        )
        return actions.verify(
            by=by, at=at, initiative=row, worked=said["worked"] == "yes", seen=said["seen"], measure=measure
        )
    return actions.drop(by=by, at=at, initiative=row, because=said["because"])


def _facts(found: queries.OnBoard) -> list[tuple[str, str]]:
    row = found.initiative
    facts = [
        ("Led by", row.lead.name),
        ("Effort", presenter.span(found.effort)),
        ("Benefit", presenter.span(found.benefit)),
    ]
    if row.started_on:
        facts += [("Started", words.day(row.started_on)), ("Looked at", words.day(row.verify_on))]
    if row.verified_by:
        facts += [("What was seen", row.seen), ("By", f"{row.verified_by.name}, {words.day(row.verified_on)}")]
        if row.measure:
            facts.append(("Measure", row.measure.code))
    if row.dropped_because:
        facts.append(("Dropped because", row.dropped_because))
    return facts
