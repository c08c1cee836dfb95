"""Promises between organisations: given, received, confirmed; and the switch of the public page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access, tree
from goldthread.organisation.roles import Permission
from goldthread.practices.governance import actions, queries
from goldthread.record.queries import bodies
from goldthread.record.refs import Ref
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer, wants_csv
from goldthread.web.kit.templates import address
from goldthread.web.presenters import governance as presenter
from goldthread.web.views.governance.common import TABS, governs, link_page, tried


class Promise(forms.Form):
    """A promise to another organisation or a partner."""

    to = forms.Choice("To whom?", {}, needed="Choose to whom")
    text = forms.LongText("What do you promise?", limit=1000, needed="Write what you promise")
    due_on = forms.Day("By when?", needed="Give the day by which you promise it")


@page("promises", name="pledges")
def pledges(request: HttpRequest) -> HttpResponse:
    """What we promised others, and what they promised us."""
    viewer, today = request.viewer, local_date(request.at)
    given, received = queries.given(viewer=viewer), queries.received(viewer=viewer)
    if wants_csv(request):
        rows = [
            (
                "given",
                row.text,
                (row.to_organisation or row.to_partner).name,
                row.due_on,
                row.state,
                row.kept_on,
                row.confirmed,
            )
            for row in given
        ]  # type: ignore[union-attr]
        rows += [
            ("received", row.text, row.from_organisation.name, row.due_on, row.state, row.kept_on, row.confirmed)
            for row in received
        ]
        return csv_answer("promises", ("direction", "promise", "other", "due", "state", "kept on", "confirmed"), rows)
    may = governs(request)
    form = Promise.read(request)
    partners, others = bodies.partners(viewer=viewer), queries.other_organisations(viewer=viewer)
    form.fields["to"].choices = [("", "Choose"), *((f"o:{one.id}", one.name) for one in others),  # type: ignore[attr-defined]
                                 *((f"p:{one.id}", one.name) for one in partners)]  # fmt: skip
    if form.ready:
        said = form.cleaned_data
        to = {"to_organisation": next((one for one in others if f"o:{one.id}" == said["to"]), None),
              "to_partner": next((one for one in partners if f"p:{one.id}" == said["to"]), None)}  # fmt: skip
        made = tried(form, lambda: actions.pledge(by=viewer, at=request.at, unit=tree.root_of(viewer.organisation_id),
                                                  text=said["text"], due_on=said["due_on"], **to))  # fmt: skip
        if made is not None:
            return redirect(address("pledge", pledge_id=made.id))
    values = {
        "heading": presenter.pledges_heading(given, received, today), "may": may, "tabs": TABS, "tab": "pledges",
        "given": [presenter.pledge_line(row, today) for row in given], "received": [presenter.received_line(row, today) for row in received],
    }  # fmt: skip
    return forms.answer(request, "governance/pledges.jinja", values, form=form)


class Ended(forms.Form):
    """How a promise of ours ended."""

    state = forms.Choice(
        "How did it end?",
        {"kept": "It was kept", "not_kept": "It was not kept", "withdrawn": "We take it back"},
        needed="Choose how it ended",
    )
    note = forms.LongText("What should they know?", limit=1000, hint="If it was not kept or is taken back: why")


@page("promises/given/<uuid:pledge_id>", name="pledge")
def pledge(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """One promise we gave: how it stands, and what the receiver says."""
    viewer = request.viewer
    found = queries.pledge(viewer=viewer, pledge_id=pledge_id)
    may = access.may(viewer, Permission.GOVERN, found.unit)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "link" and found.to_partner is not None:
        return link_page(
            request, found.to_partner, "pledge_confirm", Ref("governance", "pledge", found.id), request.path
        )
    if act in ("show", "hide"):
        actions.show_pledge(by=viewer, at=request.at, pledge=found, public=act == "show")
        return redirect(request.path)
    form = Ended.read(request)
    if form.ready and tried(
        form, lambda: actions.say_ended(by=viewer, at=request.at, pledge=found, **form.cleaned_data)
    ):
        return redirect(request.path)
    today = local_date(request.at)
    to = found.to_organisation or found.to_partner
    facts = [
        ("To", to.name if to else ""),
        ("By", words.day(found.due_on)),
        ("Promised by", f"{found.promised_by.name}, {words.day(found.made_at)}"),
    ]
    if found.kept_on:
        facts.append(("Said to be kept", words.day(found.kept_on)))
    if found.ended_note:
        facts.append(("We said", found.ended_note))
    if found.confirmed is not None:
        facts.append(
            (
                "They say",
                f"{'kept' if found.confirmed else 'not kept'}, {words.day(found.confirmed_at)}{f': {found.confirmed_note}' if found.confirmed_note else ''}",
            )
        )
    values = {"row": found, "heading": words.capital(presenter.pledge_state(found, today)), "facts": facts, "may": may,
              "open": found.state == "promised", "waits": found.confirmed is None and found.state in ("promised", "kept")}  # fmt: skip
    return forms.answer(request, "governance/pledge.jinja", values, form=form)


class Confirm(forms.Form):
    """Whether a promise to us was kept."""

    kept = forms.Choice("Was it kept?", {"yes": "Yes", "no": "No, or not in full"}, needed="Choose whether it was kept")
    note = forms.LongText("What should they know?", limit=1000, hint="If it was not kept: what is missing")


@page("promises/received/<uuid:received_id>", name="pledge_received")
def pledge_received(request: HttpRequest, received_id: UUID) -> HttpResponse:
    """One promise another organisation gave us: whether it was kept is ours to say."""
    viewer = request.viewer
    found = queries.pledge_received(viewer=viewer, received_id=received_id)
    form = Confirm.read(request)
    if form.ready:
        kept, note = form.cleaned_data["kept"] == "yes", form.cleaned_data["note"]
        if tried(
            form, lambda: actions.confirm_received(by=viewer, at=request.at, received=found, kept=kept, note=note)
        ):
            return redirect(request.path)
    facts = [("From", found.from_organisation.name), ("By", words.day(found.due_on))]
    if found.kept_on:
        facts.append(("They say it was kept", words.day(found.kept_on)))
    if found.said:
        facts.append(("They say", found.said))
    if found.confirmed_by is not None:
        facts.append(
            (
                "We said",
                f"{'kept' if found.confirmed else 'not kept'}, {found.confirmed_by.name}, {words.day(found.confirmed_at)}{f': {found.note}' if found.note else ''}",
            )
        )
    open_ = found.confirmed is None and found.state in ("promised", "kept")
    values = {"row": found, "heading": words.capital(presenter.pledge_state(found, local_date(request.at))), "facts": facts,
              "may": governs(request) and open_, "open": open_}  # fmt: skip
    return forms.answer(request, "governance/pledge_received.jinja", values, form=form)
