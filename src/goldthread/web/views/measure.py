"""One measure at one unit: the chart, how sure, and the decisions about its limits."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.insight.variation import Reading, read_all
from goldthread.organisation import access
from goldthread.organisation.roles import Permission
from goldthread.record.actions.measures import decide_limits
from goldthread.record.errors import Refused
from goldthread.record.models import Measure, PublishedMeasure
from goldthread.record.queries import board as queries
from goldthread.record.queries.series import MeasureInfo, measure_series
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.tables import csv_answer
from goldthread.web.kit.templates import address, render
from goldthread.web.presenters import measure as presenter
from goldthread.web.presenters import variation
from goldthread.web.views.board import crumbs


@page("unit/<uuid:unit_id>/measure/<str:key>", name="measure")
def measure(request: HttpRequest, unit_id: UUID, key: str) -> HttpResponse:
    """The takeaway, the chart with its changes, the numbers behind it, how it is counted."""
    viewer = request.viewer
    unit = access.unit_for(viewer, unit_id)
    reading = read_all([measure_series(viewer=viewer, unit=unit, key=key)])[0]
    if request.GET.get("format") == "csv":
        return _csv(unit.code, reading)
    changes = []
    if reading.info.id and unit.organisation_id == viewer.organisation_id:
        changes = queries.changes_on_measure(viewer=viewer, measure_id=reading.info.id, unit=unit)
    values = {
        "unit": unit,
        "info": reading.info,
        "measure": presenter.measure(reading, changes),
        "variation": variation.variation(reading),
        "assurance": variation.assurance(reading),
        "may_limit": access.may(viewer, Permission.SET_LIMITS, unit) and len(reading.series.periods) > 1,
        "may_record": reading.info.is_own and access.may(viewer, Permission.RECORD_POINTS, unit),
        "crumbs": crumbs(unit, last=True),
    }
    return render(request, "measure/measure.jinja", values)


def _csv(code: str, reading: Reading) -> HttpResponse:
    result, series = reading.result, reading.series
    columns = (
        "period",
        "value",
        "numerator",
        "denominator",
        "centre",
        "lower",
        "upper",
        "segment",
        "label",
        "type",
        "flags",
    )
    rows = [
        (day.isoformat(), result.values[i], _plain(series.numerators[i]), _plain(series.denominators[i]), result.centre[i],
         result.lower[i], result.upper[i], result.segment[i], result.label[i], result.type[i], ";".join(result.flags[i]))
        for i, day in enumerate(series.periods)
    ]  # fmt: skip
    return csv_answer(f"{code}-{reading.info.title}", columns, rows)


def _plain(number: float) -> float | None:
    return None if number != number else float(number)


class Limits(forms.Form):
    """A decision about limits."""

    kind = forms.Choice(
        "What should happen?",
        {
            "recalculate": "Start new limits from a period on",
            "fix": "Fix limits on the first values from a period on",
            "exclude": "Leave one value out of the limits",
        },
        needed="Choose what should happen",
    )
    from_period = forms.Choice("From which period?", {}, needed="Choose the period")
    baseline = forms.Number(
        "On how many values do fixed limits rest?",
        low=2,
        high=200,
        hint="Only for fixed limits. Twelve or more are better.",
    )
    reason = forms.LongText(
        "Why?", limit=2000, needed="Say what changed in the process: limits are never redrawn without a reason"
    )


@page("unit/<uuid:unit_id>/measure/<str:key>/limits", name="measure_limits")
def limits(request: HttpRequest, unit_id: UUID, key: str) -> HttpResponse:
    """Propose new limits: recorded with a person and a reason, shown on the chart for ever."""
    viewer = request.viewer
    unit = access.unit_for(viewer, unit_id)
    access.require(viewer, Permission.SET_LIMITS, unit)
    series = measure_series(viewer=viewer, unit=unit, key=key)
    reading = read_all([series])[0]
    form = Limits.read(request)
    form.fields["from_period"].choices = [
        (day.isoformat(), variation.period(reading, day)) for day in reversed(series.periods)
    ]  # type: ignore[attr-defined]
    if form.ready:
        found = form.cleaned_data
        try:
            decide_limits(
                by=viewer, at=request.at, measure=_stored(series.info), unit=unit, kind=found["kind"],
                from_period=words.read_day(found["from_period"]), baseline=found["baseline"], reason=found["reason"],
            )  # fmt: skip
            return redirect(address("measure", unit_id=unit.id, key=key))
        except Refused as refusal:
            form.refuse(str(refusal), getattr(refusal, "field", None))
    values = {"unit": unit, "info": series.info, "crumbs": crumbs(unit, last=True)}
    return forms.answer(request, "measure/limits.jinja", values, form=form)


def _stored(info: MeasureInfo) -> Measure | PublishedMeasure:
    if info.id:
        return Measure.objects.get(id=info.id)
    return PublishedMeasure.objects.get(code=info.key.removeprefix("published."))
