"""Ideas: the list, and one with everything that can be done with it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal.clock import local_date
from goldthread.organisation import access, tree
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.voice import actions, measures, queries
from goldthread.practices.voice.actions.answers import REASONS
from goldthread.practices.voice.actions.ideas import is_author
from goldthread.practices.voice.models import Idea, LoopAnswer
from goldthread.record.actions.decisions import may_decide
from goldthread.record.errors import Refused
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer
from goldthread.web.kit.templates import render
from goldthread.web.presenters import ideas as presenter
from goldthread.web.views.board import crumbs

SHOWN = {
    "open": ("open",),
    "taken": ("accepted", "trial"),
    "answered": ("accepted", "trial", "declined", "already_done", "merged", "withdrawn"),
}
FILTERS = (("open", "Waiting"), ("taken", "Taken up"), ("answered", "All answered"), ("mine", "Mine"))


def wanted_unit(request: HttpRequest) -> Unit:
    """The unit named in the address, else the viewer's whole organisation."""
    text = request.GET.get("unit", "")
    if not text:
        return tree.root_of(request.viewer.organisation_id)
    try:
        return access.own_unit(request.viewer, UUID(text))
    except ValueError:
        raise access.NotFound("no such unit") from None


@page("ideas", name="ideas")
def ideas(request: HttpRequest) -> HttpResponse:
    """Ideas of a unit and below it, and how long answers take."""
    viewer = request.viewer
    unit = wanted_unit(request)
    show = request.GET.get("show", "open")
    show = show if show in (*SHOWN, "mine") else "open"
    if show == "mine":
        rows = [
            queries.Listed(row, 0, ((row.answered_on or local_date(request.at)) - row.raised_on).days)
            for row in queries.my_ideas(viewer=viewer)
        ]
    else:
        rows = queries.ideas(viewer=viewer, unit=unit, states=SHOWN[show])
    found = presenter.listing(viewer, rows, show)
    if request.GET.get("format") == "csv":
        lines = [(line.where, line.text, line.by, line.state, line.time, line.supports) for line in found.lines]
        return csv_answer(f"ideas-{unit.code}", ("unit", "idea", "by", "state", "time", "supporters"), lines)
    today = local_date(request.at)
    curve = measures.answered(
        measures.ideas_of(viewer, unit, today - timedelta(days=365), today + timedelta(days=1)), today
    )
    values = {
        "unit": unit,
        "ideas": found,
        "filters": FILTERS,
        "show": show,
        "curve": presenter.waited(curve),
        "crumbs": crumbs(unit, last=True),
    }
    return render(request, "ideas/list.jinja", values)


class Answer(forms.Form):
    """The answer of whoever decides."""

    outcome = forms.Choice("What is your answer?", presenter.ANSWERS, needed="Choose your answer")
    reason_code = forms.Choice("What is it about?", {"": "Choose", **REASONS}, needed="Choose what the reason is about")
    reason = forms.LongText("Why? In words for the person who asked", limit=4000, needed="Give the reason in words")
    change = forms.Text("What will be done differently?", limit=200)
    expects = forms.LongText("What do you expect to happen?", limit=2000)
    look_back_on = forms.Day("When will you look back?")


class Comment(forms.Form):
    """Something said about an idea."""

    text = forms.LongText("Add to it", limit=2000, needed="Write something first")


@page("idea/<uuid:idea_id>", name="idea")
def idea(request: HttpRequest, idea_id: UUID) -> HttpResponse:
    """One idea: what became of it, and what the viewer may do."""
    viewer = request.viewer
    found = queries.idea(viewer=viewer, idea_id=idea_id)
    access.require(viewer, Permission.SEE_UNIT, found.unit)
    mine = found.decision is not None and found.state == "open" and may_decide(viewer, found.decision)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    answer_form = Answer(request.POST) if act == "answer" else Answer()
    comment_form = Comment(request.POST) if act == "comment" else Comment()
    if act:
        try:
            if _act(request, found, act, answer_form, comment_form):
                return redirect(request.path)
        except Refused as refusal:
            form: Any = comment_form if act == "comment" else answer_form
            if not form.is_bound:
                form = answer_form = Answer({})
                form.errors.clear()
            field = getattr(refusal, "field", None)
            form.refuse(str(refusal), field if field in form.fields else None)
    elif mine:
        found = actions.mark_read(by=viewer, at=request.at, idea=found)
        found = queries.idea(viewer=viewer, idea_id=idea_id)
    return forms.answer(
        request,
        "ideas/idea.jinja",
        _values(request, found, mine, comment_form),
        form=comment_form if comment_form.is_bound else answer_form,
    )


def _values(request: HttpRequest, idea: Idea, mine: bool, comment_form: Comment) -> dict[str, Any]:
    viewer = request.viewer
    count, supporting = queries.supports(viewer=viewer, idea=idea)
    author = is_author(viewer, idea)
    open_ = idea.state == "open"
    said = LoopAnswer.objects.filter(organisation_id=viewer.organisation_id, idea=idea).exists()
    return {
        "idea": presenter.one(viewer, idea, count, queries.answers(viewer=viewer, idea=idea),
                              queries.changes_of(viewer=viewer, idea=idea), queries.comments(viewer=viewer, idea=idea)),
        "mine": mine,
        "decision_id": idea.decision_id,
        "comment_form": comment_form,
        "may_comment": True,
        "may_support": open_ and not supporting and not author,
        "may_try": open_ and idea.trying_since is None and viewer.unit_key == idea.unit_id,
        "may_withdraw": open_ and author,
        "ask_loop": author and not open_ and not said,
        "merge_targets": [(str(one.id), one.text[:90]) for one in queries.merge_candidates(viewer=viewer, idea=idea)] if mine else [],
        "crumbs": crumbs(idea.unit, last=True),
    }  # fmt: skip


def _act(request: HttpRequest, idea: Idea, act: str, answer: Answer, comment: Comment) -> bool:
    """Do what a button asked for; False when a form has to be shown again."""
    common = {"by": request.viewer, "at": request.at, "idea": idea}
    if act == "answer":
        if not answer.ready:
            return False
        actions.answer_idea(**common, **answer.cleaned_data)  # type: ignore[arg-type]
    elif act == "comment":
        if not comment.ready:
            return False
        actions.comment(**common, text=comment.cleaned_data["text"])  # type: ignore[arg-type]
    elif act == "merge":
        try:
            into = queries.idea(viewer=request.viewer, idea_id=UUID(request.POST.get("into", "")))
        except ValueError:
            raise access.NotFound("no such idea") from None
        actions.merge_ideas(**common, into=into)  # type: ignore[arg-type]
    elif act == "loop":
        actions.say_loop(**common, told=request.POST.get("told") == "yes", again=request.POST.get("again") == "yes")  # type: ignore[arg-type]
    elif act in ("support", "try", "withdraw"):
        {"support": actions.support, "try": actions.try_it, "withdraw": actions.withdraw_idea}[act](**common)  # type: ignore[arg-type]
    return True
