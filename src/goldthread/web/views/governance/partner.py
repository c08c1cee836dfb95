"""What a partner without an account sees through a signed link: the one thing it is asked, once; then a receipt.

Another purpose is added by `answers("seat_position", SeatPosition())`, where the object has the three things of `Purpose`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from goldthread.journal import scope
from goldthread.organisation.models import Organisation
from goldthread.record.errors import Refused
from goldthread.record.models import Partner
from goldthread.record.signed import PartnerLink, read_partner_link
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render


@dataclass(frozen=True)
class Receipt:
    """What was said, when, and what became of it so far."""

    at: datetime
    said: tuple[tuple[str, str], ...]
    since: str = ""


@dataclass(frozen=True)
class Shown:
    """The page before the act: its heading, what to read (label, text), the words on the button.

    `receipt` when the partner has acted already; `ended` when the thing is over without it: a kind sentence.
    """

    heading: str
    read: tuple[tuple[str, str], ...]
    button: str
    lead: str = ""
    receipt: Receipt | None = None
    ended: str = ""


class Purpose(Protocol):
    """One thing that a link may ask for. `fields` is what its form asks; both functions run in the organisation's scope."""

    fields: type[forms.Form]

    def show(self, link: PartnerLink, partner: Partner) -> Shown:
        """What the partner sees. Raises NotFound where the thing is not there or not the partner's."""

    def act(self, link: PartnerLink, partner: Partner, at: datetime, said: Mapping[str, Any]) -> None:
        """Do it, once. Raises Refused with a sentence for the partner."""


_PURPOSES: dict[str, Purpose] = {}


def answers(purpose: str, handler: Purpose) -> None:
    """Make the page answer links of one more purpose."""
    if purpose in _PURPOSES:
        raise ValueError(f"links for {purpose!r} are answered already")
    _PURPOSES[purpose] = handler


@page("partner/<str:token>", name="partner", public=True)
def partner(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a signed link: read, act once, keep the receipt. The same link shows the receipt until it expires."""
    link = read_partner_link(token, at=request.at)
    handler = _PURPOSES.get(link.purpose) if link is not None else None
    if link is None or handler is None:
        return render(request, "governance/link_over.jinja", {"why": ""}, status=404)
    scope.enter(link.organisation_id)
    organisation = Organisation.objects.get(id=link.organisation_id)
    who = Partner.objects.filter(organisation_id=link.organisation_id, id=link.partner_id).first()
    if who is None or who.ended_on is not None:
        why = f"{organisation.name} does not work with you through this link any more."
        return render(request, "governance/link_over.jinja", {"why": why}, status=404)
    shown = handler.show(link, who)
    form = handler.fields.read(request) if shown.receipt is None and not shown.ended else handler.fields()
    if form.ready:
        try:
            with transaction.atomic():
                handler.act(link, who, request.at, form.cleaned_data)
            shown, form = handler.show(link, who), handler.fields()
        except Refused as refusal:
            field = getattr(refusal, "field", None)
            form.refuse(str(refusal), field if field in form.fields else None)
    values = {"shown": shown, "partner": who, "organisation": organisation, "kinds": _kinds(form)}
    return forms.answer(request, "governance/partner.jinja", values, form=form)


def _kinds(form: forms.Form) -> list[tuple[str, str]]:
    """Each field with the macro that draws it."""

    def drawn(field: object) -> str:
        return "choice" if isinstance(field, forms.Choice) else "long" if isinstance(field, forms.LongText) else "line"

    return [(name, drawn(field)) for name, field in form.fields.items()]
