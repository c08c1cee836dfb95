"""Taking a decision, and looking back on it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.record.actions import decisions as actions
from goldthread.record.actions.decisions.looking_back import VERDICTS
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Submission
from goldthread.record.practice import practice_named
from goldthread.record.queries import decisions as queries
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page


class Decide(forms.Form):
    """The outcome, why, what it is expected to do, and when to look."""

    outcome = forms.Choice("What do you decide?", {}, needed="Choose what you decide")
    amended = forms.Tick(
        "What people said changed how it is done", hint="Tick it if the plan is not the one you began with"
    )
    reason = forms.LongText("Why?", limit=4000, needed="Say why, in a line or two: everybody who was heard reads it")
    expects = forms.LongText(
        "What do you expect to happen?", limit=2000, hint="So that looking back can say whether it did"
    )
    look_back_on = forms.Day("When will you look back?", hint="Leave it empty if there will be nothing to see")


@page("decision/<uuid:decision_id>/decide", name="decision_decide")
def decide(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Take a decision that is one person's to take."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    form = Decide.read(request)
    form.fields["outcome"].choices = list(practice_named(found.practice).decision_kind(found.kind).outcomes.items())  # type: ignore[attr-defined]
    heard = Submission.objects.filter(decision=found).count()
    if not heard:
        del form.fields["amended"]
    if form.ready:
        said = form.cleaned_data
        try:
            actions.decide(by=viewer, at=request.at, decision=found, outcome=said["outcome"], reason=said["reason"],
                           expects=said["expects"], look_back_on=said["look_back_on"], amended=bool(said.get("amended")))  # fmt: skip
            return redirect("decision", decision_id=found.id)
        except Invalid as refusal:
            form.refuse(str(refusal), refusal.field if refusal.field in form.fields else None)
        except Refused as refusal:
            form.refuse(str(refusal))
    suggested = local_date(request.at) + timedelta(days=_days_to_look_back(found))
    values: dict[str, Any] = {"row": found, "heard": heard, "suggested": suggested}
    return forms.answer(request, "decisions/decide.jinja", values, form=form)


def _days_to_look_back(found: Any) -> int:
    from goldthread.record.rules import policy_of

    if found.scheme is not None:
        rule = next((one for one in policy_of(found.scheme).rules if one.id == found.rule), None)
        if rule is not None and rule.then.review_days:
            return int(rule.then.review_days)
    return 60


class LookBack(forms.Form):
    """What happened, beside what was expected."""

    verdict = forms.Choice("Did it happen?", VERDICTS, needed="Choose whether it happened")
    happened = forms.LongText("What happened?", limit=4000, needed="Say in a line or two what happened")


@page("decision/<uuid:decision_id>/look-back", name="decision_look_back")
def look_back(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Set what happened beside what was expected."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    form = LookBack.read(request)
    if form.ready:
        try:
            actions.look_back(by=viewer, at=request.at, decision=found, **form.cleaned_data)
            return redirect("decision", decision_id=found.id)
        except Refused as refusal:
            form.refuse(str(refusal))
    return forms.answer(request, "decisions/look_back.jinja", {"row": found}, form=form)
