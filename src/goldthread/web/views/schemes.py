"""The map of who decides what; the scheme editor with what the checker finds beside it; putting a scheme to approval."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.methods import rights
from goldthread.organisation import access, tree
from goldthread.organisation.access import Permission
from goldthread.organisation.models import Person, Unit
from goldthread.practices.governance.actions.authority import propose_limit, propose_scheme
from goldthread.record import rules
from goldthread.record import schemes as shipped
from goldthread.record.actions import earned
from goldthread.record.actions import schemes as actions
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Decision
from goldthread.record.queries import authority
from goldthread.record.queries import schemes as queries
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer
from goldthread.web.kit.templates import profile, render
from goldthread.web.presenters import schemes as presenter


def _unit(request: HttpRequest) -> Unit:
    wanted = forms.read_id(request.GET.get("unit", ""))
    found = Unit.objects.filter(organisation_id=request.viewer.organisation_id, id=wanted).first() if wanted else None
    return found or tree.root_of(request.viewer.organisation_id)


@page("map", name="map")
def map_(request: HttpRequest) -> HttpResponse:
    """Who decides what: the scheme in force as a map, with what really happens beside it."""
    viewer, unit = request.viewer, _unit(request)
    today = local_date(request.at)
    scheme = rules.in_force(unit, today)
    if scheme is None:
        return render(
            request,
            "schemes/map.jinja",
            {"map": presenter.empty_map(unit.name), "unit": unit, "scheme": None, "may_govern": _may(request)},
        )
    policy = rules.policy_of(scheme)
    rows = authority.decisions_under(viewer=viewer, unit=unit, since=queries.a_year_before(today))
    if request.GET.get("format") == "markdown":
        answer = HttpResponse(rights.to_markdown(policy), content_type="text/markdown; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="scheme-of-delegation-v{scheme.version}.md"'
        return answer
    seen = authority.observed(rows, request.at)
    if request.GET.get("format") == "csv":
        lines = [(one.id, one.title, one.clause, one.then.decider, one.then.method, one.then.within_days,
                  seen[one.id].n if one.id in seen else 0, seen[one.id].passed_up if one.id in seen else 0,
                  seen[one.id].median if one.id in seen else None) for one in policy.rules]  # fmt: skip
        return csv_answer(
            "who-decides-what",
            ("line", "title", "clause", "decision-maker", "how", "days", "decisions", "passed up", "median days"),
            lines,
        )
    found = presenter.scheme_map(
        viewer, policy, unit.name, seen, queries.raisable(policy, rows), queries.limits(viewer=viewer, unit=unit)
    )
    values = {"map": found, "unit": unit, "scheme": scheme, "may_govern": _may(request), "listening": authority.listening(rows),
              "lowest": authority.lowest_level(rows), "times": presenter.times(authority.observed(rows, request.at, "level"), authority.observed(rows, request.at, "method"), profile().levels)}  # fmt: skip
    return render(request, "schemes/map.jinja", values)


def _may(request: HttpRequest) -> bool:
    return access.may(request.viewer, Permission.GOVERN, tree.root_of(request.viewer.organisation_id))


@page("schemes", name="schemes")
def schemes(request: HttpRequest) -> HttpResponse:
    """All versions of the scheme of delegation, and where each is in force."""
    viewer = request.viewer
    terms = queries.terms(viewer=viewer)
    today = local_date(request.at)
    lines = []
    for row in queries.versions(viewer=viewer):
        own = [term for term in terms if term.scheme_id == row.id]
        now = [term for term in own if today in _days(term)]
        state = (
            f"in force for {', '.join(term.unit.name for term in now)}"
            if now
            else ("was in force" if own else "a draft")
        )
        lines.append(
            {
                "id": row.id,
                "title": row.title,
                "version": row.version,
                "state": state,
                "by": row.made_by.name if row.made_by else "",
                "at": row.made_at,
            }
        )
    in_force = next((line for line in lines if line["state"].startswith("in force")), None)
    return render(request, "schemes/list.jinja", {"lines": lines, "in_force": in_force, "may_govern": _may(request)})


class _Days:
    def __init__(self, period: Any) -> None:
        self.period = period

    def __contains__(self, day: Any) -> bool:
        return self.period.lower <= day and (self.period.upper is None or day < self.period.upper)


def _days(term: Any) -> _Days:
    return _Days(term.period)


class Edit(forms.Form):
    """The scheme's text."""

    title = forms.Text("What is it called?", limit=200, needed="Give it a name")
    text = forms.LongText("The scheme", limit=200_000, needed="Write the scheme, or start from one that is shipped")
    note = forms.LongText("What is new in it?", limit=2000, hint="Those who approve it read this")


@page("schemes/new", name="scheme_new")
def scheme_new(request: HttpRequest) -> HttpResponse:
    """The editor: text on the left, what the checker finds beside it."""
    viewer = request.viewer
    access.require(viewer, Permission.GOVERN, tree.root_of(viewer.organisation_id))
    start = forms.asked(request, "from")
    title, text = _start(request, start)
    form = Edit.read(request, initial={"title": title, "text": text})
    examined = (
        actions.examine(request.POST.get("text", text) or "", organisation_id=viewer.organisation_id)
        if (text or request.method == "POST")
        else None
    )
    if form.ready and request.POST.get("act") == "keep":
        try:
            made = actions.draft_scheme(by=viewer, at=request.at, **form.cleaned_data)
            return redirect("scheme", scheme_id=made.id)
        except Invalid as refusal:
            form.refuse(str(refusal), refusal.field if refusal.field in form.fields else None)
    values = {"findings": presenter.findings(examined) if examined else [], "examined": examined, "shipped": shipped.titles(),
              "map": _plain_map(viewer, examined)}  # fmt: skip
    if request.method == "POST" and request.POST.get("act") != "keep":
        form = Edit(initial={name: request.POST.get(name, "") for name in ("title", "text", "note")})
    return forms.answer(request, "schemes/edit.jinja", values, form=form)


def _plain_map(viewer: Any, examined: Any) -> Any:
    return (
        presenter.scheme_map(viewer, examined.policy, "", {}, [])
        if examined is not None and examined.policy is not None
        else None
    )


def _start(request: HttpRequest, start: str) -> tuple[str, str]:
    if start in shipped.titles():
        return shipped.titles()[start], shipped.text(start)
    wanted = forms.read_id(start)
    if wanted is not None:
        found = queries.scheme(viewer=request.viewer, scheme_id=wanted)
        return found.title, found.text
    return "", ""


@page("scheme/<uuid:scheme_id>", name="scheme")
def scheme(request: HttpRequest, scheme_id: UUID) -> HttpResponse:
    """One version: what the checker says, whose past decisions would have been, and putting it to approval."""
    viewer = request.viewer
    found = queries.scheme(viewer=viewer, scheme_id=scheme_id)
    top = tree.root_of(viewer.organisation_id)
    problem = ""
    if request.method == "POST":
        try:
            decision = propose_scheme(by=viewer, at=request.at, scheme=found, unit=top)
            return redirect("decision", decision_id=decision.id)
        except Refused as refusal:
            problem = str(refusal)
    examined = actions.examine(found.text, organisation_id=viewer.organisation_id)
    rows = authority.decisions_under(viewer=viewer, unit=top, since=queries.a_year_before(local_date(request.at)))
    replayed = rights.replay(examined.policy, queries.cases(rows)) if examined.policy else None
    asked = (
        Decision.objects.filter(
            organisation_id=viewer.organisation_id, practice="governance", kind="approve_scheme", about_id=found.id
        )
        .order_by("-opened_at")
        .first()
    )
    values = {
        "scheme": found, "findings": presenter.findings(examined), "ready": examined.ready, "problem": problem, "asked": asked, "may_govern": _may(request),
        "map": _plain_map(viewer, examined), "replay": presenter.replay_words(replayed) if replayed else [],
    }  # fmt: skip
    return render(request, "schemes/scheme.jinja", values, status=422 if problem else 200)


class Earn(forms.Form):
    """A step of earned authority."""

    line = forms.Choice("Which limit?", {}, needed="Choose the limit")
    up_to = forms.Number("Up to how much?", low=1, needed="Give the new limit")
    coach = forms.Choice("Who coaches?", {}, needed="Choose a coach")
    guard_rail = forms.LongText("What would end it at once?", limit=2000, needed="Say what would end it at once")


@page("earn/<uuid:unit_id>", name="earn")
def earn(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Ask that a limit be raised by a step for a unit."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    running = rules.in_force(unit, local_date(request.at))
    choices = _limits(rules.policy_of(running)) if running else {}
    form = Earn.read(request)
    form.fields["line"].choices = [("", "Choose"), *choices.items()]  # type: ignore[attr-defined]
    people = Person.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=unit.path, left_on__isnull=True
    ).exclude(id=viewer.person_id)
    form.fields["coach"].choices = [
        ("", "Choose a person"),
        *((str(one.id), one.name) for one in people.order_by("name")[:200]),
    ]  # type: ignore[attr-defined]
    if form.ready:
        said = form.cleaned_data
        rule, _, attribute = said["line"].partition("|")
        try:
            propose_limit(by=viewer, at=request.at, unit=unit, rule=rule, attribute=attribute, up_to=str(said["up_to"]),
                          coach=people.get(id=said["coach"]), guard_rail=said["guard_rail"])  # fmt: skip
            return redirect(f"/map?unit={unit.id}")
        except Refused as refusal:
            form.refuse(str(refusal))
    return forms.answer(request, "schemes/earn.jinja", {"unit": unit, "scheme": running}, form=form)


def _limits(policy: rights.Policy) -> dict[str, str]:
    found = {}
    for rule in policy.rules:
        for name, condition in rule.when.items():
            if isinstance(condition, rights.Numbers) and condition.high is not None and policy.attributes[name].unit:
                found[f"{rule.id}|{name}"] = (
                    f"{rule.title or rule.id}: {rights.when_in_words(policy, {name: condition})}"
                )
    return found


class Review(forms.Form):
    """What came of a raised limit."""

    verdict = forms.Choice("What now?", earned.VERDICTS, needed="Choose what comes now")
    words = forms.LongText("What came of it?", limit=4000, needed="Say in a line or two what came of it")


@page("limit/<uuid:limit_id>", name="limit")
def limit(request: HttpRequest, limit_id: UUID) -> HttpResponse:
    """A raised limit: what came of it, and its review by the coach."""
    viewer = request.viewer
    found = (
        earned.EarnedLimit.objects.select_related("unit", "coach")
        .filter(organisation_id=viewer.organisation_id, id=limit_id)
        .first()
    )
    if found is None:
        raise access.NotFound("no such limit")
    form = Review.read(request)
    if form.ready:
        try:
            earned.review(by=viewer, at=request.at, limit=found, **form.cleaned_data)
            return redirect(request.path)
        except Refused as refusal:
            form.refuse(str(refusal))
    values = {
        "limit": found,
        "outcomes": earned.outcomes(found),
        "mine": found.coach_id == viewer.person_id and found.reviewed_at is None,
    }
    return forms.answer(request, "schemes/limit.jinja", values, form=form)
