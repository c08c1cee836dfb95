"""Drafts: clauses with comments and answers; writing, asking, answering, putting to a decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.organisation import access, tree
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.models import Draft
from goldthread.record.errors import Refused
from goldthread.record.models import Body, Partner
from goldthread.record.queries import bodies
from goldthread.record.refs import Ref
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import address
from goldthread.web.kit.told import tell
from goldthread.web.presenters import governance as presenter
from goldthread.web.views.governance.common import TABS, link_page, tried


class Begin(forms.Form):
    """A new draft."""

    title = forms.Text("What is it called?", limit=200, needed="Give it a name")
    purpose = forms.LongText("What is it for?", limit=4000, needed="Say what it is for")


@page("drafts", name="drafts")
def drafts(request: HttpRequest) -> HttpResponse:
    """Strategies and policies being written, and those that were."""
    found = queries.drafts(viewer=request.viewer)
    root = tree.root_of(request.viewer.organisation_id)
    form = Begin.read(request)
    if form.ready:
        made = tried(
            form, lambda: actions.begin_draft(by=request.viewer, at=request.at, unit=root, **form.cleaned_data)
        )
        if made is not None:
            return redirect(address("draft", draft_id=made.id))
    values = {
        "heading": presenter.drafts_heading(found), "lines": [presenter.draft_line(one) for one in found], "tabs": TABS,
        "tab": "drafts", "may": access.may(request.viewer, Permission.GOVERN, root),
    }  # fmt: skip
    return forms.answer(request, "governance/drafts.jinja", values, form=form)


class AddClause(forms.Form):
    """One more clause."""

    text = forms.LongText("The next clause", limit=8000, needed="Write the clause")


class Bind(forms.Form):
    """One more of those it binds."""

    who = forms.Choice("Whom does it bind?", {}, needed="Choose whom it binds")


@page("draft/<uuid:draft_id>", name="draft")
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """One draft, clause by clause, with every comment and its answer."""
    viewer = request.viewer
    found = queries.draft(viewer=viewer, draft_id=draft_id)
    open_ = found.state in ("drafting", "consulting") and not presenter.out(found)
    mine = open_ and (found.owner_id == viewer.person_id or access.may(viewer, Permission.GOVERN, found.unit))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    add = AddClause(request.POST) if act == "clause" else AddClause()
    bind = Bind(request.POST) if act == "bind" else Bind()
    bind.fields["who"].choices = [("", "Choose"), *_may_be_bound(request, found)]  # type: ignore[attr-defined]
    form: forms.Form = bind if act == "bind" else add
    if act and _act(request, found, act, form):
        return redirect(request.path)
    clauses = queries.clauses(viewer=viewer, draft=found)
    values = {
        "draft": found, "heading": presenter.draft_heading(found, clauses), "clauses": [presenter.clause(one) for one in clauses],
        "bound": [presenter.bound_name(one) for one in queries.bound(viewer=viewer, draft=found)], "open": open_, "mine": mine,
        "add": add, "bind": bind, "waiting": sum(one.waiting for one in clauses),
    }  # fmt: skip
    return forms.answer(request, "governance/draft.jinja", values, form=form)


def _may_be_bound(request: HttpRequest, found: Draft) -> list[tuple[str, str]]:
    units = [
        (f"unit:{one.id}", f"{one.name} and below")
        for one in [found.unit, *tree.children(found.unit, request.at.date())]
    ]
    forums = [(f"body:{one.id}", one.title) for one in bodies.bodies(viewer=request.viewer)]
    return [*units, *forums, *((f"partner:{one.id}", one.name) for one in bodies.partners(viewer=request.viewer))]


def _bound(request: HttpRequest, chosen: str) -> dict[str, Any]:
    kind, _, key = chosen.partition(":")
    model: Any = {"unit": Unit, "body": Body, "partner": Partner}[kind]
    return {kind: model.objects.get(organisation_id=request.viewer.organisation_id, id=key)}


def _act(request: HttpRequest, found: Draft, act: str, form: forms.Form) -> bool:
    """Whether it was done; otherwise the form says why not."""
    by, at = request.viewer, request.at
    if act in ("clause", "bind") and not form.is_valid():
        return False
    if act not in ("clause", "bind") and not form.is_bound:
        form.is_bound = True
        form.errors.clear()
    steps: dict[str, Callable[[], Any]] = {
        "clause": lambda: actions.add_clause(by=by, at=at, draft=found, text=form.cleaned_data["text"]),
        "bind": lambda: actions.bind(by=by, at=at, draft=found, **_bound(request, form.cleaned_data["who"])),
        "consult": lambda: actions.consult(by=by, at=at, draft=found),
        "adopt": lambda: actions.adopt_draft(by=by, at=at, draft=found),
        "withdraw": lambda: actions.withdraw_draft(by=by, at=at, draft=found),
    }
    if act not in steps:
        return True
    try:
        steps[act]()
    except Refused as refusal:
        form.cleaned_data = getattr(form, "cleaned_data", {})
        field = getattr(refusal, "field", None)
        form.refuse(str(refusal), field if field in form.fields else None)
        return False
    told = {
        "consult": "Those it binds have been asked.",
        "adopt": "It is with its decision-maker now.",
        "withdraw": "It is not taken further.",
    }
    if act in told:
        tell(request, told[act])
    return True


class SayComment(forms.Form):
    """A comment on a clause."""

    kind = forms.Choice("What is it?", presenter.COMMENT_KINDS, needed="Choose what it is")
    text = forms.LongText("What do you want to say?", limit=4000, needed="Write what you want to say")


@page("draft/clause/<uuid:clause_id>", name="clause_comment")
def clause_comment(request: HttpRequest, clause_id: UUID) -> HttpResponse:
    """Comment on one clause; whoever holds the pen can make a link for a partner."""
    viewer = request.viewer
    found = queries.clause(viewer=viewer, clause_id=clause_id)
    read = next(one for one in queries.clauses(viewer=viewer, draft=found.draft) if one.clause.id == found.id)
    back = address("draft", draft_id=found.draft.id)
    partners = [one.partner for one in queries.bound(viewer=viewer, draft=found.draft) if one.partner is not None]
    asked = forms.read_id(request.POST.get("partner", ""))
    chosen = next((one for one in partners if one.id == asked), None)
    if chosen is not None:
        return link_page(request, chosen, "clause_comment", Ref("governance", "clause", found.id), request.path)
    form = SayComment.read(request)
    if form.ready and tried(
        form, lambda: actions.comment_on(by=viewer, at=request.at, clause=found, **form.cleaned_data)
    ):
        tell(request, "Your comment is with whoever holds the pen. You hear what becomes of it.")
        return redirect(back)
    mine = found.draft.owner_id == viewer.person_id or access.may(viewer, Permission.GOVERN, found.draft.unit)
    values = {
        "clause": presenter.clause(read),
        "draft": found.draft,
        "back": back,
        "partners": partners if mine else [],
    }
    return forms.answer(request, "governance/clause.jinja", values, form=form)


class Rewrite(forms.Form):
    """New words for a clause."""

    text = forms.LongText("What the clause says now", limit=8000, hint="Leave it empty to take the clause out")
    because = forms.LongText("Why?", limit=2000, needed="Say why it changes")


@page("draft/clause/<uuid:clause_id>/write", name="clause_write")
def clause_write(request: HttpRequest, clause_id: UUID) -> HttpResponse:
    """Rewrite one clause."""
    found = queries.clause(viewer=request.viewer, clause_id=clause_id)
    read = next(one for one in queries.clauses(viewer=request.viewer, draft=found.draft) if one.clause.id == found.id)
    form = Rewrite.read(request) if request.method == "POST" else Rewrite(initial={"text": read.now.text})
    if form.ready and tried(
        form, lambda: actions.rewrite(by=request.viewer, at=request.at, clause=found, **form.cleaned_data)
    ):
        return redirect(address("draft", draft_id=found.draft.id))
    values = {"clause": presenter.clause(read), "draft": found.draft, "back": address("draft", draft_id=found.draft.id)}
    return forms.answer(request, "governance/write.jinja", values, form=form)


class Answer(forms.Form):
    """What becomes of a comment."""

    outcome = forms.Choice("What becomes of it?", presenter.OUTCOMES, needed="Choose what becomes of it",
                           hints={"answered": "For questions and support alone"})  # fmt: skip
    answer = forms.LongText("Why? In words for whoever said it", limit=4000, needed="Give the reason in words")
    text = forms.LongText("What the clause says now, if it changes", limit=8000)


@page("draft/comment/<uuid:comment_id>", name="comment_answer")
def comment_answer(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Answer one comment, with the words that change because of it."""
    found = queries.comment(viewer=request.viewer, comment_id=comment_id)
    clauses = queries.clauses(viewer=request.viewer, draft=found.draft)
    read = next(one for one in clauses if one.clause.id == found.version.clause_id)
    form = Answer.read(request) if request.method == "POST" else Answer(initial={"text": read.now.text})
    if form.ready:
        said = dict(form.cleaned_data)
        if said["text"].strip() == read.now.text.strip():
            said["text"] = ""
        if tried(form, lambda: actions.answer_comment(by=request.viewer, at=request.at, comment=found, **said)):
            return redirect(address("draft", draft_id=found.draft.id))
    shown = next(one for one in presenter.clause(read)["comments"] if one["id"] == found.id)
    values = {
        "clause": presenter.clause(read),
        "comment": shown,
        "draft": found.draft,
        "back": address("draft", draft_id=found.draft.id),
    }
    return forms.answer(request, "governance/answer.jinja", values, form=form)
