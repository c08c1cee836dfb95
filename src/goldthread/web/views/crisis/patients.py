"""The patients' version of an update: a sheet to print, and an address that needs no sign-in for those who were given it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from goldthread.journal import scope
from goldthread.organisation.access import NotFound, Viewer
from goldthread.practices.crisis import queries
from goldthread.practices.crisis.models import SituationUpdate
from goldthread.record.refs import Ref
from goldthread.record.signed import make_link, read_link
from goldthread.web.kit import words
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import address, render

PURPOSE = "patients"
#: The link is nobody's own: whoever holds it reads what patients may read, and nothing else.
ANYBODY = UUID(int=0)


def public_link(update: SituationUpdate) -> str:
    """An address for patients and families, valid for fourteen days from when the update was written."""
    token = make_link(purpose=PURPOSE, ref=Ref("crisis", "update", update.id), organisation_id=update.organisation_id,
                      person_id=ANYBODY, at=update.at)  # fmt: skip
    return f"{settings.GOLDTHREAD_ADDRESS}{address('crisis_public', token=token)}"


@page("situation/<uuid:update_id>/patients", name="crisis_patients")
def crisis_patients(request: HttpRequest, update_id: UUID) -> HttpResponse:
    """The sheet to print."""
    return _sheet(request, queries.update(viewer=request.viewer, update_id=update_id))


@page("for-patients/<str:token>", name="crisis_public", public=True)
def crisis_public(request: HttpRequest, token: str) -> HttpResponse:
    """The same for whoever was given the address. A link that was altered or has expired leads nowhere."""
    link = read_link(token, purpose=PURPOSE, at=request.at)
    if link is None:
        raise NotFound("no such sheet")
    scope.enter(link.organisation_id)
    anybody = Viewer(organisation_id=link.organisation_id, at=request.at)
    found = queries.update(viewer=anybody, update_id=link.ref.id)
    newest = queries.latest(viewer=anybody, unit=found.unit)
    return _sheet(
        request, newest if newest is not None and newest.for_patients and newest.unit_id == found.unit_id else found
    )


def _sheet(request: HttpRequest, found: SituationUpdate) -> HttpResponse:
    if not found.for_patients:
        raise NotFound("this update has nothing for patients")
    values = {"unit": found.unit, "text": found.for_patients, "written": words.moment(found.at), "next": words.moment(found.next_at),
              "late": found.next_at < request.at}  # fmt: skip
    return render(request, "crisis/patients.jinja", values)
