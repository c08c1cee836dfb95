"""A team's own measure: started in a minute, tallied with a tap, pasted or uploaded from a spreadsheet."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.insight.variation import Reading, read_all
from goldthread.journal.clock import local_date
from goldthread.organisation import access
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.record.actions.measures import Definition, NewPoint, define_measure, latest_version, record_points
from goldthread.record.actions.measures import tally as tap
from goldthread.record.errors import Refused
from goldthread.record.models import Measure
from goldthread.record.pasted import first_day, pasted_table, points_of, table_of
from goldthread.record.queries.series import measure_series
from goldthread.web.kit import forms
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import address
from goldthread.web.presenters import measure as presenter
from goldthread.web.presenters import variation
from goldthread.web.views.board import crumbs


class Start(forms.Form):
    """What a team needs to say to start counting."""

    title = forms.Text("What do you want to count?", limit=120, needed="Say what you want to count, like “Falls”")
    period = forms.Choice(
        "How often?", {"week": "Every week", "day": "Every day", "month": "Every month"}, needed="Choose how often"
    )
    direction = forms.Choice(
        "Which way is better?",
        {"down": "Fewer", "up": "More", "neutral": "Neither: we want to know"},
        needed="Choose which way is better",
    )


@page("unit/<uuid:unit_id>/start-measure", name="measure_new")
def start(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Start a measure of the team's own."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    access.require(viewer, Permission.RECORD_POINTS, unit)
    form = Start.read(request)
    if form.ready:
        found = form.cleaned_data
        definition = Definition(
            title=found["title"], kind="count", direction=found["direction"], period=found["period"],
            numerator=f"{found['title']}, counted by the team", owner_id=viewer.person_id,
        )  # fmt: skip
        try:
            code = f"{unit.code}.{found['title'].lower().replace(' ', '-')}"[:60]
            made = define_measure(by=viewer, at=request.at, unit=unit, code=code, definition=definition, is_own=True)
            return redirect(address("tally", unit_id=unit.id, measure_id=made.id))
        except Refused:
            form.refuse("The team counts something with this name already. Give it another name.", "title")
    return forms.answer(request, "tally/start.jinja", {"unit": unit, "crumbs": crumbs(unit, last=True)}, form=form)


class Record(forms.Form):
    """One tap, one typed value, pasted lines or a spreadsheet: whichever is filled in."""

    step = forms.Number("Tap", low=-1, high=1)
    day = forms.Day("Which day, or the first day of the week or month?")
    value = forms.Number("How many?", decimals=True)
    lines = forms.LongText("Paste two columns from a spreadsheet: date and value", limit=50_000)
    file = forms.Upload("Or choose a file (CSV, Excel or OpenDocument)")


@page("unit/<uuid:unit_id>/tally/<uuid:measure_id>", name="tally")
def tally(request: HttpRequest, unit_id: UUID, measure_id: UUID) -> HttpResponse:
    """Count with one tap; see the chart grow from the first value."""
    viewer = request.viewer
    unit = access.own_unit(viewer, unit_id)
    access.require(viewer, Permission.RECORD_POINTS, unit)
    measure = Measure.objects.filter(organisation_id=viewer.organisation_id, id=measure_id, unit_id=unit.key).first()
    if measure is None:
        raise access.NotFound("no such measure")
    form = Record.read(request)
    if form.ready:
        try:
            _record(request, measure, unit, form.cleaned_data)
            return redirect(request.path)
        except Refused as refusal:
            field = getattr(refusal, "field", None)
            form.refuse(
                str(refusal), field if field in form.fields else "lines" if form.cleaned_data["lines"] else None
            )
    reading = read_all([measure_series(viewer=viewer, unit=unit, key=f"own.{measure.id}")])[0]
    version = latest_version(measure)
    values = {
        "unit": unit,
        "info": reading.info,
        "measure": presenter.measure(reading, []),
        "now": _now(reading, version.period, local_date(request.at)),
        "taps": version.kind == "count" and version.period in ("day", "week"),
        "crumbs": crumbs(unit, last=True),
        "latest": variation.latest_with_counts(reading),
    }
    return forms.answer(request, "tally/tally.jinja", values, form=form)


def _record(request: HttpRequest, measure: Measure, unit: Unit, found: dict) -> None:
    """Record whichever was filled in: a tap, one value, pasted lines, or a file."""
    common: dict = {"by": request.viewer, "at": request.at, "measure": measure, "unit": unit}
    version = latest_version(measure)
    if found["step"]:
        tap(**common, step=found["step"])
    elif found["file"]:
        record_points(
            **common,
            points=points_of(table_of(found["file"].read(), found["file"].name), version),
            source=found["file"].name,
        )
    elif found["lines"]:
        record_points(**common, points=points_of(pasted_table(found["lines"]), version), source="pasted")
    elif found["day"] is None or found["value"] is None:
        raise Refused("Give both the day and how many.")
    else:
        record_points(**common, points=[NewPoint(first_day(found["day"], version.period), value=found["value"])])


def _now(reading: Reading, period: str, today: date) -> int:
    """The count of the present day or week."""
    start = today if period == "day" else today - timedelta(days=today.weekday())
    series = reading.series
    if series.periods and series.periods[-1] == start and series.values[-1] == series.values[-1]:
        return int(series.values[-1])
    return 0
