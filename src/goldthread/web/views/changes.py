"""Changes: say that it went live, look back; and promises: kept or not."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access, tree
from goldthread.organisation.roles import Permission
from goldthread.record.actions import changes as actions
from goldthread.record.actions import commitments
from goldthread.record.errors import Refused
from goldthread.record.models import Measure
from goldthread.record.queries import board as queries
from goldthread.record.queries.series import board_series
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render


class GoLive(forms.Form):
    """From when it is done, what should show it, when to look back."""

    on = forms.Day("On which day did it start?", needed="Give the day it started")
    measure = forms.Choice("Which measure should show what it does?", {}, needed="")
    look_back_on = forms.Day("When shall we look back?", needed="Give a day to look back")


class LookBack(forms.Form):
    """What looking back found."""

    found = forms.Choice(
        "What did you find?",
        {"holds": "It holds: keep doing it", "stop": "Stop doing it"},
        needed="Choose what you found",
    )
    because = forms.LongText("Why stop? Others learn from it", limit=2000)


@page("change/<uuid:change_id>", name="change")
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """One change: planned, live, looked back on."""
    viewer = request.viewer
    found = queries.change(viewer=viewer, change_id=change_id)
    mine = found.owner_id == viewer.person_id or access.may(viewer, Permission.DECIDE, found.unit)
    ended = found.sustained_on or found.withdrawn_on
    form = (LookBack if found.live_on else GoLive).read(request)
    if isinstance(form, GoLive):
        series = board_series(viewer=viewer, unit=found.unit, keys=tree.subtree_keys(found.unit))
        form.fields["measure"].choices = [
            ("", "None yet"),
            *((str(one.info.id), one.info.title) for one in series if one.info.id),
        ]  # type: ignore[attr-defined]
    if mine and not ended and form.ready:
        try:
            _act(request, found, form)
            return redirect(request.path)
        except Refused as refusal:
            field = getattr(refusal, "field", None)
            form.refuse(str(refusal), field if field in form.fields else None)
    values = {"change": found, "mine": mine and not ended, "state": _state(found, request.at)}
    return forms.answer(request, "changes/change.jinja", values, form=form)


def _act(request: HttpRequest, change: object, form: forms.Form) -> None:
    found, common = form.cleaned_data, {"by": request.viewer, "at": request.at, "change": change}
    if isinstance(form, GoLive):
        measure = Measure.objects.get(id=found["measure"]) if found["measure"] else None
        actions.go_live(**common, on=found["on"], look_back_on=found["look_back_on"], measure=measure)  # type: ignore[arg-type]
    elif found["found"] == "holds":
        actions.sustain(**common, on=local_date(request.at))  # type: ignore[arg-type]
    else:
        actions.withdraw_change(**common, because=found["because"])  # type: ignore[arg-type]


def _state(change: object, at: object) -> str:
    if change.withdrawn_on:  # type: ignore[attr-defined]
        return f"Stopped on {words.day(change.withdrawn_on)}: {change.withdrawn_because}"  # type: ignore[attr-defined]
    if change.sustained_on:  # type: ignore[attr-defined]
        return f"Live since {words.day(change.live_on)}; it holds"  # type: ignore[attr-defined]
    if change.live_on:  # type: ignore[attr-defined]
        return f"Live since {words.day(change.live_on)}; look back {words.day(change.look_back_on)}"  # type: ignore[attr-defined]
    planned = f", planned for {words.day(change.planned_on)}" if change.planned_on else ""  # type: ignore[attr-defined]
    return f"Decided on {words.day(change.decided_on)}{planned}; not live yet"  # type: ignore[attr-defined]


@page("promise/<uuid:commitment_id>", name="promise")
def promise(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """One promise: whoever made it says it is done, whoever received it says whether it is."""
    viewer = request.viewer
    found = queries.commitment(viewer=viewer, commitment_id=commitment_id)
    refused = ""
    if request.method == "POST":
        what = request.POST.get("what")
        try:
            if what == "done":
                commitments.say_kept(by=viewer, at=request.at, commitment=found)
            elif what in ("kept", "not_kept"):
                commitments.confirm(by=viewer, at=request.at, commitment=found, kept=what == "kept")
            return redirect(request.path)
        except Refused as refusal:
            refused = str(refusal)
    receives = viewer.person_id != found.promised_by_id and (
        viewer.unit_key == found.to_unit_id or access.may(viewer, Permission.DECIDE, found.to_unit)
    )
    values = {"promise": found, "receives": receives, "mine": viewer.person_id == found.promised_by_id, "refused": refused,
              "today": local_date(request.at)}  # fmt: skip
    return render(request, "changes/promise.jinja", values, status=422 if refused else 200)
