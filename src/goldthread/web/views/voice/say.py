"""The one door: say something in under a minute; and, later, what became of it."""

from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.organisation import access, tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import ROLES
from goldthread.practices.voice import actions, queries
from goldthread.practices.voice.actions.ideas import TEXT_LIMIT
from goldthread.practices.voice.codes import read_code
from goldthread.record import rules
from goldthread.record.days import due_in
from goldthread.record.derived import Question
from goldthread.record.errors import Refused
from goldthread.record.signed import read_link
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render
from goldthread.web.presenters import ideas as presenter
from goldthread.web.presenters.decisions import asking

AUDIENCES = {
    "team": "My team: an idea to try",
    "safety": "The safety team: something went wrong or nearly did",
    "guardian": "A speak-up guardian only: a worry about people or culture",
}
IDENTITIES = {
    "named": "Me",
    "kept": "Keep my name from my managers",
    "anonymous": "Nobody may know – I get a code to see the answer",
}
SAFE_TO_TRY = (
    "Something small in your own team, that you can undo the same day, that costs nothing and changes no medicine, no rule and "
    "nobody else's work. Tell the team, start, and stop if anybody is worried. Then say so here, so that others can learn from it."
)


class Say(forms.Form):
    """What could be better, where, and who may know."""

    text = forms.LongText(
        "In your own words", limit=TEXT_LIMIT, needed="Write what could be better, or what worries you"
    )
    unit = forms.Choice("Where?", {}, needed="Choose where")
    audience = forms.Choice(
        "Who should see this?", AUDIENCES, needed="Choose who should see this", initial="team",
        hints={
            "safety": "Not connected here yet: nothing would be sent. Use your incident reporting system.",
            "guardian": "Not connected here yet: nothing would be sent. Speak to your guardian.",
        },
    )  # fmt: skip
    identity = forms.Choice(
        "Who are you?", IDENTITIES, needed="Choose who may know that it was you", initial="named",
        hints={
            "named": "Your name stands beside it, and you are told at each step.",
            "kept": "Only the system knows, to tell you. No manager can look it up.",
            "anonymous": "Not even the system knows. You can look at the answer with the code.",
        },
    )  # fmt: skip


@page("say", name="say")
def say(request: HttpRequest) -> HttpResponse:
    """Say something; who should see it is asked before anything is sent."""
    viewer = request.viewer
    units = _units(viewer)
    wanted = request.GET.get("unit") or next((str(one.id) for one in units if one.key == viewer.unit_key), "")
    form = Say.read(request, initial={"unit": wanted, "audience": "team", "identity": "named"})
    form.fields["unit"].choices = [(str(one.id), one.name) for one in units]  # type: ignore[attr-defined]
    here = next((one for one in units if str(one.id) == (form["unit"].value() or wanted)), units[0])
    if form.ready:
        found = form.cleaned_data
        try:
            raised = actions.raise_idea(by=viewer, at=request.at, unit=here, text=found["text"], identity=found["identity"],
                                        audience=found["audience"])  # fmt: skip
            values = {
                "idea": raised.idea,
                "code": raised.code,
                "who": _who(here, request),
                "promise": _promise(here, request),
            }
            return render(request, "say/sent.jinja", values)
        except Refused as refusal:
            field = getattr(refusal, "field", None)
            form.refuse(str(refusal), field if field in form.fields else "audience")
    return forms.answer(
        request, "say/say.jinja", {"promise": _promise(here, request), "safe": _safe(here, request)}, form=form
    )


def _units(viewer: Viewer) -> list[Unit]:
    """The units of the viewer's organisation, their own first."""
    rows = list(Unit.objects.filter(organisation_id=viewer.organisation_id, valid_to__isnull=True).order_by("name"))
    return sorted(rows, key=lambda one: (one.key != viewer.unit_key, one.name))


def _match(unit: Unit, request: HttpRequest) -> rules.Match:
    """Whose an idea for this unit is, as it would be raised now."""
    return rules.match(Question(unit, rules.understood(unit, request.at, {"subject": "idea"}), (), request.at))


def _who(unit: Unit, request: HttpRequest) -> str:
    holder = _match(unit, request).holder
    return f"the {ROLES[holder.role].title.lower()} of {holder.unit.name}" if holder.body is None else holder.body.title


def _promise(unit: Unit, request: HttpRequest) -> str:
    found = _match(unit, request)
    day = local_date(due_in(request.at, found.then.within_days - 1))
    holders = (
        tree.holders(found.holder.unit, (found.holder.role,), local_date(request.at))
        if found.holder.body is None
        else []
    )
    name = f" ({holders[0].person.name})" if holders else ""
    after = (
        "it goes to the unit above if they do not"
        if found.then.silence == "escalates"
        else "the scheme of delegation says what happens if they do not"
    )
    return f"An idea for {unit.name} is answered by {words.day(day)} by {_who(unit, request)}{name}: it is theirs to decide, and {after}."


def _safe(unit: Unit, request: HttpRequest) -> str:
    """What the scheme in force says a team may simply start; where there is none, what is always sensible."""
    policy = _match(unit, request).policy
    return (
        " ".join(asking.safe_words(one, policy) for one in policy.safe)
        if policy is not None and policy.safe
        else SAFE_TO_TRY
    )


@page("unit/<uuid:unit_id>/poster", name="say_poster")
def poster(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """A sheet for the wall: a code that opens the one door with the place already filled in."""
    unit = access.own_unit(request.viewer, unit_id)
    link = f"{settings.GOLDTHREAD_ADDRESS}/say?unit={unit.id}"
    code = Markup(segno.make(link, error="m").svg_inline(scale=7, border=2, title=f"Code that opens {link}"))  # noqa: S704  (segno's own)
    return render(request, "say/poster.jinja", {"unit": unit, "code": code, "link": link})


class Code(forms.Form):
    """The code of an anonymous idea."""

    code = forms.Text("Your code", limit=60, needed="Type your code, like 12-ABCD-EFGH-JKMN-PQRS")


@page("what-became", name="code", public=True)
def code(request: HttpRequest) -> HttpResponse:
    """What became of an anonymous idea: for whoever has the code, without signing in."""
    form = Code.read(request)
    if not form.ready:
        return forms.answer(request, "say/code.jinja", {}, form=form)
    parsed = read_code(form.cleaned_data["code"])
    try:
        if parsed is None:
            raise access.NotFound("not a code")
        organisation_id, code_hash = parsed
        scope.enter(organisation_id)
        anybody = Viewer(organisation_id=organisation_id, at=request.at)
        idea = queries.idea_by_code(viewer=anybody, code_hash=code_hash)
    except access.NotFound:
        form.refuse("No idea has this code. Check each letter: there is no O, I, L, 0 or 1 in it.", "code")
        return forms.answer(request, "say/code.jinja", {}, form=form)
    refused = ""
    if request.POST.get("act") == "loop":
        try:
            actions.say_loop(by=anybody, at=request.at, idea=idea, told=request.POST.get("told") == "yes",
                             again=request.POST.get("again") == "yes", code_hash=code_hash)  # fmt: skip
        except Refused as refusal:
            refused = str(refusal)
    values = {
        "idea": presenter.one(anybody, idea, queries.supports(viewer=anybody, idea=idea)[0], queries.answers(viewer=anybody, idea=idea),
                              queries.changes_of(viewer=anybody, idea=idea), []),
        "code": form.cleaned_data["code"],
        "ask_loop": idea.state != "open" and request.POST.get("act") != "loop",
        "told": refused or ("Thank you for saying so." if request.POST.get("act") == "loop" else ""),
    }  # fmt: skip
    return render(request, "ideas/idea.jinja", values)


@page("say-so/<str:token>", name="say_so", public=True)
def say_so(request: HttpRequest, token: str) -> HttpResponse:
    """From a message: were you told, would you raise again. For one idea and one person, and nothing beyond."""
    found = read_link(token, purpose="loop", at=request.at)
    if found is None:
        raise access.NotFound("the link has expired or was altered")
    viewer = access.viewer_of(found.organisation_id, found.person_id, request.at)
    if viewer is None:
        raise access.NotFound("nobody there")
    idea = queries.idea(viewer=viewer, idea_id=found.ref.id)
    said = ""
    if request.method == "POST":
        try:
            actions.say_loop(by=viewer, at=request.at, idea=idea, told=request.POST.get("told") == "yes",
                             again=request.POST.get("again") == "yes")  # fmt: skip
            said = "Thank you for saying so."
        except Refused as refusal:
            said = str(refusal)
    values = {"idea": presenter.one(viewer, idea, 0, queries.answers(viewer=viewer, idea=idea), [], []), "code": token,
              "ask_loop": not said and idea.state != "open", "told": said}  # fmt: skip
    return render(request, "ideas/idea.jinja", values)
