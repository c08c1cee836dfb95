"""The measure page in sentences: the takeaway, the chart with its changes, how sure, how it is counted."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from goldthread.insight.variation import Reading
from goldthread.record.models import Change
from goldthread.web.charts import svg
from goldthread.web.charts.spc import spc_chart
from goldthread.web.charts.spc_inputs import Change as Mark
from goldthread.web.charts.spc_inputs import Point, SpcChart, Target, lettered
from goldthread.web.kit import words
from goldthread.web.presenters import variation

LABELS = {
    "common_cause": "as usual",
    "above_limit": "above the upper limit",
    "below_limit": "below the lower limit",
    "trend_up": "part of a rise",
    "trend_down": "part of a fall",
    "two_of_three_above": "close to the upper limit",
    "two_of_three_below": "close to the lower limit",
    "shift_above": "part of a run above average",
    "shift_below": "part of a run below average",
}
KINDS = {"recalculate": "Limits recalculated", "fix": "Limits fixed", "exclude": "Point left out"}


@dataclass(frozen=True)
class Numbers:
    """One line of the table behind the chart."""

    period: str
    value: str
    counted: str
    centre: str
    limits: str
    label: str


@dataclass(frozen=True)
class MeasurePage:
    """Everything on the page; the template only lays it out."""

    heading: str
    chart: Markup
    legend: list[tuple[str, str]]
    sure: list[str]
    numbers: list[Numbers]
    counted: list[tuple[str, str]]


def measure(reading: Reading, changes: list[Change]) -> MeasurePage:
    """Put one reading with its changes into words and a drawing."""
    heading = _heading(reading, changes)
    spec = _chart(reading, changes, heading)
    return MeasurePage(
        heading=heading,
        chart=svg.responsive(lambda identity, compact: spc_chart(spec, id=identity, compact=compact), "chart"),
        legend=[(letter, mark.label) for letter, mark in lettered(spec.changes)],
        sure=_sure(reading, changes),
        numbers=_numbers(reading),
        counted=_counted(reading),
    )


def _heading(reading: Reading, changes: list[Change]) -> str:
    title = reading.info.title
    if reading.latest is None:
        return f"{title}: no values yet"
    if reading.result.limits == "refused":
        return f"{title}: {variation.value(reading, reading.latest_value)} in {variation.period(reading, reading.latest_period)}"  # type: ignore[arg-type]
    if not reading.signals:
        return f"{title}: no change, {variation.value(reading, reading.latest_value)} is as usual"
    kind, _, side = reading.variation.partition("_")
    word = {"improvement": "better", "concern": "worse", "neutral": "changed"}[kind]
    seen = ", ".join(part for part in (variation.sign(reading), variation.cause(reading, changes)) if part)
    return f"{title}: {word} ({side}){': ' + seen if seen else ''}"


def _chart(reading: Reading, changes: list[Change], heading: str) -> SpcChart:
    result, series = reading.result, reading.series
    left_out = {limit.from_period for limit in series.limits if limit.kind == "exclude"}
    points = tuple(
        Point(
            value=result.values[index], at=day, centre=result.centre[index], lower=result.lower[index], upper=result.upper[index],
            segment=int(result.segment[index]), type=_type(result.type[index]), excluded=day in left_out,
        )
        for index, day in enumerate(series.periods)
    )  # fmt: skip
    marks = [Mark(change.live_on, f"{words.short_day(change.live_on)}: {change.title} live, {change.unit.name}")
             for change in changes if change.live_on]  # fmt: skip
    marks += [
        Mark(
            limit.from_period,
            f"{words.short_day(limit.from_period)}: {KINDS[limit.kind].lower()} by {limit.by}: “{limit.reason}”",
        )
        for limit in series.limits
    ]
    first = series.periods[0] if series.periods else None
    return SpcChart(
        title=heading,
        points=points,
        unit=reading.info.measured_in,
        percent=reading.info.kind == "proportion" and reading.info.multiply == 100,
        targets=tuple(
            Target(value, None if first is None or day <= first else day)
            for day, value in _targets_from(reading, first)
        ),
        changes=tuple(marks),
        centre_name="Middle value" if result.chart == "run" else "Average",
    )


def _targets_from(reading: Reading, first: date | None) -> list[tuple[date, float]]:
    """The target in force at the first point, and every later step up to the last point."""
    steps = reading.info.targets
    if first is None or not reading.series.periods:
        return []
    before = [step for step in steps if step[0] <= first]
    later = [step for step in steps if first < step[0] <= reading.series.periods[-1]]
    return before[-1:] + later


def _type(kind: str) -> str:
    return "common" if kind == "common_cause" else kind.partition("_")[0]


def _sure(reading: Reading, changes: list[Change]) -> list[str]:
    """How sure we are, in plain words."""
    result = reading.result
    found = result.diagnostics
    lines = [f"{words.plural(int(found.n), 'value')}."]
    if result.limits == "refused":
        lines.append(variation.capital_stop(result.refused_because or "No limits can be drawn"))
        if result.run and result.run.useful >= 10:
            lines.append(_run(reading))
        return lines
    if found.lag1 is not None:
        size = "low" if abs(found.lag1) < 0.2 else "some" if found.lag1 < variation.DRIFTS else "high"
        like = "Neighbouring values are alike" if found.lag1 > 0 else "Neighbouring values are not alike"
        lines.append(f"{like} ({words.number(found.lag1, 2)}: {size}).")
    if found.false_icon_probability is not None:
        lines.append(
            f"The chance of a false signal here: about {max(1, round(100 * found.false_icon_probability))} in 100."
        )
    if found.ties and found.ties > 0.2:
        lines.append(f"{round(100 * found.ties)}% of the values are equal to another: look at the run chart too.")
    lines.append(_run(reading))
    lines += [variation.capital_stop(text) for text in result.warnings if "autocorrelation" not in text]
    if changes:
        lines.append("There is no comparison unit here: what changed after a change is an association, not proof.")
    return lines


def _run(reading: Reading) -> str:
    run = reading.result.run
    if run.useful < 10:
        return f"Run chart: {words.plural(run.useful, 'useful value')}; ten are needed to say more."
    return (
        f"Run chart: longest run {run.longest} (up to {run.longest_max} by chance), {run.crossings} crossings of the middle "
        f"(at least {run.crossings_min} by chance): {'not random' if run.signal else 'random variation'}."
    )


def _numbers(reading: Reading) -> list[Numbers]:
    result, series = reading.result, reading.series
    rows = []
    for index in range(len(series.periods) - 1, -1, -1):
        numerator, denominator = series.numerators[index], series.denominators[index]
        counted = (
            f"{words.number(float(numerator))} of {words.number(float(denominator))}"
            if denominator == denominator
            else ""
        )
        lower, upper = result.lower[index], result.upper[index]
        limits = (
            f"{variation.value(reading, lower)} to {variation.value(reading, upper)}"
            if lower is not None and upper is not None
            else "–"
        )
        rows.append(
            Numbers(variation.period(reading, series.periods[index]), variation.value(reading, result.values[index]), counted,
                    variation.value(reading, result.centre[index]), limits, LABELS.get(result.label[index], result.label[index]))
        )  # fmt: skip
    return rows


def _counted(reading: Reading) -> list[tuple[str, str]]:
    info = reading.info
    better = {"up": "Higher is better", "down": "Lower is better", "neutral": "Neither high nor low is better"}[
        info.direction
    ]
    rows = [
        ("Numerator", info.numerator),
        ("Denominator", info.denominator),
        ("Counted by", info.period),
        ("Direction", better),
        ("Owner", info.owner),
        ("Checked by", info.checked_by),
        ("Review due", words.day(info.next_review_on) if info.next_review_on else ""),
        ("Source", info.source),
    ]
    if reading.series.added_up:
        rows.append(("Added up", "Numerators and denominators of the units below, summed for each period."))
    return [(name, text) for name, text in rows if text]
