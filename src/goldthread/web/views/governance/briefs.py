"""Briefs: our own, our partners', and those of other organisations; written, sent, said back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.practices.governance import actions, queries
from goldthread.record.queries import bodies
from goldthread.record.refs import Ref
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import address, render
from goldthread.web.kit.told import tell
from goldthread.web.presenters import governance as presenter
from goldthread.web.views.governance.common import TABS, governs, link_page, tried


@page("briefs", name="briefs")
def briefs(request: HttpRequest) -> HttpResponse:
    """Whose aims, limits and incentives are known, and who has said them back."""
    found, received = queries.briefs(viewer=request.viewer), queries.briefs_received(viewer=request.viewer)
    missing = sum(one.now is None for one in found)
    waiting = sum(row.understood_at is None for row in received)
    heading = "Every brief is written and said back"
    if waiting:
        heading = f"{words.capital(words.plural(waiting, 'brief'))} of others {'waits' if waiting == 1 else 'wait'} to be said back"
    elif missing:
        heading = f"{words.capital(words.plural(missing, 'brief'))} {'is' if missing == 1 else 'are'} not written yet"
    lines = [presenter.Line(f"Brief of {row.from_organisation.name}", address("brief_received", received_id=row.id), f"version {row.number}",
                            "said back" if row.understood_at else "not said back yet", late=row.understood_at is None) for row in received]  # fmt: skip
    values = {
        "heading": heading,
        "lines": [presenter.brief_line(one) for one in found],
        "received": lines,
        "tabs": TABS,
        "tab": "briefs",
    }
    return render(request, "governance/briefs.jinja", values)


class Write(forms.Form):
    """Aims, limits, incentives."""

    aims = forms.LongText("What do they, or you, want to achieve?", limit=2000, needed="Write the aims")
    limits = forms.LongText("What is not possible, whatever is agreed?", limit=2000, needed="Write the limits")
    incentives = forms.LongText(
        "What brings money or praise, and what costs?", limit=2000, needed="Write what is gained or lost"
    )


class SayBack(forms.Form):
    """In one's own words."""

    in_own_words = forms.LongText(
        "What matters to them, in your own words?", limit=2000, needed="Say in your own words what matters to them"
    )


class Share(forms.Form):
    """Whom to send it to."""

    to = forms.Choice("Send it to", {}, needed="Choose whom to send it to")


@page("brief", name="own_brief")
def own_brief(request: HttpRequest) -> HttpResponse:
    """Our own brief."""
    return _brief(request, None)


@page("brief/<uuid:partner_id>", name="partner_brief")
def partner_brief(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """The brief of one partner."""
    return _brief(request, partner_id)


def _brief(request: HttpRequest, partner_id: UUID | None) -> HttpResponse:
    viewer = request.viewer
    found = queries.brief(viewer=viewer, partner_id=partner_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "link" and found.partner is not None:
        return link_page(
            request, found.partner, "brief_write", Ref("governance", "partner", found.partner.id), request.path
        )
    write = Write(request.POST) if act == "write" else Write(initial=_now(found))
    back = SayBack(request.POST) if act == "back" else SayBack()
    share = Share(request.POST) if act == "share" else Share()
    readers = _readers(request, found)
    share.fields["to"].choices = [("", "Choose"), *((key, name) for key, (name, _) in readers.items())]  # type: ignore[attr-defined]
    form: forms.Form = {"back": back, "share": share}.get(act, write)
    if form.ready:
        answer = _act(request, found, act, form, readers)
        if answer is not None:
            return answer
    may = governs(request)
    name = found.partner.name if found.partner else "our organisation"
    heading = f"The brief of {name} is not written yet"
    if found.now is not None:
        heading = f"{words.capital(name)}: {f'said back by {len(found.understood)}' if found.understood else 'nobody has said it back yet'}"
    values = {
        "brief": found, "heading": heading, "lines": presenter.brief_lines(found.now) if found.now else (), "may": may,
        "understood": [(presenter.understood_by(one), one.in_own_words) for one in found.understood],
        "shared": [presenter.shared_with(one) for one in found.shared], "back": back, "share": share, "write": write,
        "may_back": found.now is not None and found.now.written_by_id != viewer.person_id
        and all(one.person_id != viewer.person_id for one in found.understood),
        "earlier": [(f"Version {row.number}, {words.day(row.at)}", presenter.brief_lines(row)) for row in reversed(found.versions[:-1])],
        "may_share": may and found.partner is None and found.now is not None and bool(readers),
    }  # fmt: skip
    return forms.answer(request, "governance/brief.jinja", values, form=form)


def _now(found: queries.BriefRead) -> dict[str, str]:
    return {"aims": found.now.aims, "limits": found.now.limits, "incentives": found.now.incentives} if found.now else {}


def _readers(request: HttpRequest, found: queries.BriefRead) -> dict[str, tuple[str, Any]]:
    """Those who do not have the version that stands; partners may be sent another link."""
    if found.partner is not None or found.now is None:
        return {}
    there = {one.to_organisation_id for one in found.shared}
    others = [one for one in queries.other_organisations(viewer=request.viewer) if one.id not in there]
    return {**{f"o:{one.id}": (one.name, one) for one in others},
            **{f"p:{one.id}": (f"{one.name} (a link)", one) for one in bodies.partners(viewer=request.viewer)}}  # fmt: skip


def _act(
    request: HttpRequest, found: queries.BriefRead, act: str, form: forms.Form, readers: dict[str, tuple[str, Any]]
) -> HttpResponse | None:
    by, at, said = request.viewer, request.at, form.cleaned_data
    if act == "write":
        done = tried(form, lambda: actions.write_brief(by=by, at=at, partner=found.partner, **said))
    elif found.now is None:
        return redirect(request.path)
    elif act == "back":
        brief = found.now
        done = tried(form, lambda: actions.say_understood(by=by, at=at, brief=brief, **said))
    else:
        _, reader = readers[said["to"]]
        if said["to"].startswith("p:"):
            if reader.id not in {one.to_partner_id for one in found.shared}:
                actions.share_brief(by=by, at=at, brief=found.now, with_partner=reader)
            return link_page(request, reader, "brief_back", Ref("governance", "brief", found.now.id), request.path)
        done = tried(form, lambda: actions.share_brief(by=by, at=at, brief=found.now, with_organisation=reader) or True)
        tell(request, f"Sent to {reader.name}.")
    return redirect(request.path) if done is not None else None


@page("brief/received/<uuid:received_id>", name="brief_received")
def brief_received(request: HttpRequest, received_id: UUID) -> HttpResponse:
    """The brief of another organisation: say it back."""
    found = queries.brief_received(viewer=request.viewer, received_id=received_id)
    form = SayBack.read(request)
    if form.ready and tried(
        form,
        lambda: actions.understood_as_organisation(
            by=request.viewer, at=request.at, received=found, **form.cleaned_data
        ),
    ):
        return redirect(request.path)
    values = {"row": found, "lines": presenter.brief_lines(found), "may": governs(request) and found.understood_at is None,
              "heading": f"The brief of {found.from_organisation.name} {'was said back' if found.understood_at else 'waits to be said back'}"}  # fmt: skip
    return forms.answer(request, "governance/brief_received.jinja", values, form=form)
