"""What several of governance's pages need."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from goldthread.organisation import access, tree
from goldthread.organisation.roles import Permission
from goldthread.practices.governance import actions
from goldthread.record.errors import Refused
from goldthread.record.models import Partner
from goldthread.record.refs import Ref
from goldthread.web.kit import forms, words
from goldthread.web.kit.templates import address, render

#: The parts of governance, as the small navigation on each of its pages shows them.
TABS = (
    ("forums", "Forums"),
    ("drafts", "Drafts"),
    ("initiatives", "Joint work"),
    ("pledges", "Promises"),
    ("briefs", "Briefs"),
)


def governs(request: HttpRequest) -> bool:
    """Whether the viewer speaks for the whole organisation."""
    return access.may(request.viewer, Permission.GOVERN, tree.root_of(request.viewer.organisation_id))


def tried(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the action returns; None when it refused, and the form says why."""
    try:
        return act()
    except Refused as refusal:
        field = getattr(refusal, "field", None)
        form.refuse(str(refusal), field if field in form.fields else None)
        return None


def link_page(request: HttpRequest, partner: Partner, purpose: str, about: Ref, back: str) -> HttpResponse:
    """Make a link for a partner and show it once, to be copied into a message."""
    token = actions.ask_partner(by=request.viewer, at=request.at, partner=partner, purpose=purpose, about=about)
    values = {
        "partner": partner, "link": f"{settings.GOLDTHREAD_ADDRESS}{address('partner', token=token)}", "back": back,
        "until": words.day(request.at + _valid()),
    }  # fmt: skip
    return render(request, "governance/link.jinja", values)


def _valid() -> Any:
    from goldthread.record.signed import VALID_FOR

    return VALID_FOR
