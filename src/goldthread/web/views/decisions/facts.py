"""Who decides this? Asked while one types; raising it; correcting what is known of an open decision."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access, tree
from goldthread.organisation.models import Organisation, Unit
from goldthread.practices.governance.actions import raise_matter
from goldthread.record import rules
from goldthread.record.actions import decisions as actions
from goldthread.record.derived import Question, Value
from goldthread.record.errors import Invalid, Refused
from goldthread.record.queries import decisions as queries
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render
from goldthread.web.presenters.decisions import asking

UNDO = {
    "": "I do not know",
    "1": "Within a day",
    "7": "Within a week",
    "28": "Within four weeks",
    "365": "Longer than that",
    "-1": "It cannot be undone",
}


class Raise(forms.Form):
    """What is asked, where, and what the scheme needs to know."""

    title = forms.Text("What should be decided?", limit=200, needed="Write in one line what should be decided")
    context = forms.LongText("What should the decision-maker know?", limit=8000)
    unit = forms.Choice("Where?", {}, needed="Choose where")
    organisations = forms.Several("Does it touch other organisations?", {})
    undo_days = forms.Choice("How soon could it be put back?", UNDO)


@page("raise", name="raise")
def raise_(request: HttpRequest) -> HttpResponse:
    """Raise a question for decision; who decides it is answered while the facts are typed."""
    viewer = request.viewer
    form, policy = _form(request)
    if request.headers.get("HX-Request") and request.method == "GET":
        return render(request, "decisions/whose.jinja", {"whose": _whose(viewer, form, policy)})
    if form.ready:
        said = form.cleaned_data
        try:
            matter = raise_matter(
                by=viewer, at=request.at, unit=access.own_unit(viewer, UUID(said["unit"])), title=said["title"], context=said["context"],
                attributes=_facts(form, policy), organisations=[int(one) for one in said["organisations"]],
            )  # fmt: skip
            return redirect("decision", decision_id=matter.decision_id)
        except Invalid as refusal:
            form.refuse(str(refusal), refusal.field if refusal.field in form.fields else None)
        except Refused as refusal:
            form.refuse(str(refusal))
    values = {
        "whose": _whose(viewer, form, policy),
        "fields": [name for name in form.fields if name.startswith("fact_")],
    }
    return forms.answer(request, "decisions/raise.jinja", values, form=form)


def _form(request: HttpRequest) -> tuple[Raise, Any]:
    viewer = request.viewer
    top = tree.root_of(viewer.organisation_id)
    source = request.POST if request.method == "POST" else request.GET
    unit = _unit(viewer, source.get("unit", "")) or top
    scheme = rules.in_force(unit, local_date(request.at))
    policy = rules.policy_of(scheme) if scheme else None
    form = (
        Raise(request.POST)
        if request.method == "POST"
        else Raise(initial={"unit": str(unit.id), **{key: source.get(key) for key in source if key != "unit"}})
    )
    form.fields["unit"].choices = _places(viewer)  # type: ignore[attr-defined]
    others = (
        Organisation.objects.exclude(id__in=(viewer.organisation_id, 0))
        .filter(valid_to__isnull=True)
        .order_by("name")[:40]
    )
    form.fields["organisations"].choices = [(str(one.id), one.name) for one in others]  # type: ignore[attr-defined]
    for name, field in asking.fields(policy).items():
        form.fields[f"fact_{name}"] = field
    return form, policy


def _places(viewer: Any) -> list[tuple[str, str]]:
    """The viewer's own unit and those above and below it: where most questions are."""
    own = Unit.objects.filter(key=viewer.unit_key).first() or tree.root_of(viewer.organisation_id)
    above = [one for one in reversed(tree.breadcrumb(own)) if one.organisation_id == viewer.organisation_id]
    held = list(
        Unit.objects.filter(key__in=[one.unit_key for one in viewer.held], organisation_id=viewer.organisation_id)
    )
    below = Unit.objects.filter(
        organisation_id=viewer.organisation_id, path__overlap=[one.key for one in [own, *held]]
    ).order_by("name")[:150]
    seen: dict[str, str] = {}
    for one in [*above, *held, *below]:
        seen.setdefault(str(one.id), one.name)
    return list(seen.items())


def _unit(viewer: Any, text: str) -> Unit | None:
    wanted = forms.read_id(text) if text else None
    found = Unit.objects.filter(organisation_id=viewer.organisation_id, id=wanted).first() if wanted else None
    return found or Unit.objects.filter(organisation_id=viewer.organisation_id, key=viewer.unit_key).first()


def _facts(form: forms.Form, policy: Any) -> dict[str, Value]:
    read = form.cleaned_data if form.is_bound else {name: form[name].value() for name in form.fields}
    said = asking.facts(
        policy, {name.removeprefix("fact_"): value for name, value in read.items() if name.startswith("fact_")}
    )
    if read.get("undo_days") not in (None, ""):
        said["undo_days"] = int(read["undo_days"])
    return said


def _whose(viewer: Any, form: forms.Form, policy: Any) -> asking.Whose | None:
    """The live answer: whose it would be with what is known so far."""
    value = form["unit"].value()
    unit = _unit(viewer, str(value or ""))
    if unit is None or (form.is_bound and not form.is_valid()):
        return None
    others = form["organisations"].value() or []
    try:
        ids = tuple(int(one) for one in ([others] if isinstance(others, str) else others))
        question = Question(unit, _facts(form, policy), ids, viewer.at)
        return asking.whose(viewer, rules.match(question), question)
    except (Refused, ValueError) as problem:
        return asking.cannot_say(str(problem))


@page("decision/<uuid:decision_id>/facts", name="decision_facts")
def facts(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Correct what is known of an open decision: it may become somebody else's, and both stay on record."""
    viewer = request.viewer
    found = queries.decision(viewer=viewer, decision_id=decision_id)
    policy = rules.policy_of(found.scheme) if found.scheme else None
    said = found.explanation.get("said", {})
    form = (
        forms.Form(request.POST)
        if request.method == "POST"
        else forms.Form(initial={f"fact_{name}": asking.written(value) for name, value in said.items()})
    )
    for name, field in asking.fields(policy).items():
        form.fields[f"fact_{name}"] = field
    if form.ready:
        try:
            actions.facts_changed(by=viewer, at=request.at, decision=found, attributes=_facts(form, policy))
            return redirect("decision", decision_id=found.id)
        except Refused as refusal:
            form.refuse(str(refusal))
    return forms.answer(request, "decisions/facts.jinja", {"row": found, "fields": list(form.fields)}, form=form)
