"""The page of promises that anybody may read, and its switch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Organisation
from goldthread.practices.governance import actions, queries
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer, wants_csv
from goldthread.web.kit.templates import address, render
from goldthread.web.presenters import governance as presenter
from goldthread.web.views.governance.common import TABS, governs, tried


@page("promised/<str:code>", name="promised", public=True)
def promised(request: HttpRequest, code: str) -> HttpResponse:
    """Promised, due, happened: for everybody, without signing in. Not there until the organisation switches it on."""
    organisation = Organisation.objects.filter(code=code[:20]).exclude(id=0).first()
    if organisation is None:
        raise NotFound("no such page")
    scope.enter(organisation.id)
    found = queries.public_page(viewer=Viewer(organisation.id, request.at))
    if found is None:
        raise NotFound("no such page")
    today = local_date(request.at)
    pledges = [presenter.public_pledge(row, today) for row in found.pledges]
    if wants_csv(request):
        return csv_answer(f"promised-{code}", ("promised", "to", "due", "happened"), pledges)
    values = {
        "organisation": organisation, "heading": presenter.public_heading(found, organisation.name, today), "pledges": pledges,
        "matters": [presenter.public_matter(row) for row in found.matters],
    }  # fmt: skip
    return render(request, "governance/promised.jinja", values)


class Switch(forms.Form):
    """Why the page goes on or off."""

    because = forms.Text("Why?", limit=1000, needed="Say why")


@page("promises/public", name="public_switch")
def public_switch(request: HttpRequest) -> HttpResponse:
    """Switch the public page on or off, and mark which decided questions it shows."""
    viewer = request.viewer
    now = queries.switch(viewer=viewer)
    on = now is not None and now.on
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act in ("show", "hide"):
        key = forms.read_id(request.POST.get("matter", ""))
        if key is not None:
            matter = queries.matter(viewer=viewer, matter_id=key)
            actions.show_publicly(by=viewer, at=request.at, matter=matter, public=act == "show")
        return redirect(request.path)
    form = Switch.read(request)
    if form.ready and tried(
        form, lambda: actions.switch_public_page(by=viewer, at=request.at, on=not on, **form.cleaned_data)
    ):
        return redirect(request.path)
    code = Organisation.objects.get(id=viewer.organisation_id).code
    values = {
        "on": on, "heading": f"Our public page of promises is {'on' if on else 'off'}", "address": address("promised", code=code),
        "why": f"{now.by.name}, {words.day(now.at)}: {now.because}" if now else "It has never been switched on.",
        "shown": queries.shown(viewer=viewer), "may": governs(request), "matters": queries.decided(viewer=viewer),
        "tabs": TABS, "tab": "pledges",
    }  # fmt: skip
    return forms.answer(request, "governance/public_switch.jinja", values, form=form)
