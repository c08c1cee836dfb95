"""A team's own measure: started in a minute, tallied with a tap, pasted or uploaded from a spreadsheet."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.files import BadFile, read_rows
from goldthread.insight.variation import read_all
from goldthread.journal.clock import local_date
from goldthread.organisation import access
from goldthread.organisation.roles import Permission
from goldthread.record.actions.measures import Definition, NewPoint, define_measure, latest_version, record_points
from goldthread.record.actions.measures import tally as tap
from goldthread.record.errors import Refused
from goldthread.record.load.points import read_points
from goldthread.record.models import Measure
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
    period = forms.Choice("How often?", {"week": "Every week", "day": "Every day", "month": "Every month"}, needed="Choose how often")
    direction = forms.Choice(
        "Which way is better?", {"down": "Fewer", "up": "More", "neutral": "Neither: we want to know"}, needed="Choose which way is better"
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
    rejected: list[str] = []
    if form.ready:
        try:
            rejected = _record(request, measure, unit, form.cleaned_data)
            if not rejected:
                return redirect(request.path)
            form.refuse("Nothing was recorded: " + " ".join(rejected[:5]), "lines")
        except (Refused, BadFile) as refusal:
            field = getattr(refusal, "field", None)
            form.refuse(str(refusal), field if field in form.fields else None)
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


def _record(request: HttpRequest, measure: Measure, unit: object, found: dict) -> list[str]:
    """Record whichever was filled in; returns what was wrong with pasted or uploaded lines (then nothing was recorded)."""
    common = {"by": request.viewer, "at": request.at, "measure": measure, "unit": unit}
    if found["step"]:
        tap(**common, step=found["step"])
        return []
    if found["file"]:
        rows = list(read_rows(found["file"].read(), found["file"].name))
        return _many(rows, found["file"].name, common)
    if found["lines"]:
        lines = found["lines"].strip()
        if not lines.lower().startswith(("date", "period")):
            lines = ("period_start\tvalue\n" if "\t" in lines else "period_start,value\n") + lines
        return _many(list(read_rows(lines.encode(), "pasted.csv")), "pasted", common)
    if found["day"] is None or found["value"] is None:
        raise Refused("Give both the day and how many.")
    record_points(**common, points=[NewPoint(found["day"], value=found["value"])])
    return []


def _many(rows: list, source: str, common: dict) -> list[str]:
    accepted, rejected = read_points(rows, measure=common["measure"], unit=common["unit"])
    if rejected:
        return [str(one) for one in rejected]
    record_points(**common, points=accepted, source=source)
    return []


def _now(reading: object, period: str, today: object) -> int:
    """The count of the present day or week."""
    start = today if period == "day" else today - timedelta(days=today.weekday())  # type: ignore[attr-defined, operator]
    series = reading.series  # type: ignore[attr-defined]
    if series.periods and series.periods[-1] == start and series.values[-1] == series.values[-1]:
        return int(series.values[-1])
    return 0
