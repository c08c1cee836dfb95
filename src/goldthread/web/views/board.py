"""Board to ward: one page for any unit."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from goldthread.insight.variation import read_all
from goldthread.organisation import access, tree
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.record.queries import board as queries
from goldthread.record.queries.series import board_series
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer
from goldthread.web.kit.templates import address, render
from goldthread.web.presenters import board as presenter


@page("unit/<uuid:unit_id>", name="board")
def board(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """What changes, what is chance, what is waiting, what was done."""
    viewer = request.viewer
    unit = access.unit_for(viewer, unit_id)
    keys = tree.subtree_keys(unit, own_organisation=False)
    readings = read_all(board_series(viewer=viewer, unit=unit, keys=keys))
    inside = unit.organisation_id == viewer.organisation_id
    waiting = queries.waiting(viewer=viewer, unit=unit, keys=keys) if inside else None
    found = presenter.board(viewer=viewer, unit=unit, readings=readings, waiting=waiting)
    if request.GET.get("format") == "csv":
        columns = ("measure", "latest", "counted", "period", "target", "variation", "target met", "what to know")
        rows = [
            (r.title, r.latest, r.counts, r.when, r.target, r.variation.words, r.assurance.words, r.know)
            for r in found.rows
        ]
        return csv_answer(f"board-{unit.code}", columns, rows)
    return render(
        request,
        "board/board.jinja",
        {
            "unit": unit,
            "board": found,
            "inside": inside,
            "crumbs": crumbs(unit),
            "may_record": access.may(viewer, Permission.RECORD_POINTS, unit),
        },
    )


def crumbs(unit: Unit, *, last: bool = False) -> list[dict[str, str]]:
    """The way from the top down to a unit, for nhsuk's breadcrumb."""
    shown = tree.breadcrumb(unit)
    return [{"text": one.name, "href": address("board", unit_id=one.id)} for one in (shown if last else shown[:-1])]
