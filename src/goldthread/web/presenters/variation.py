"""What a reading says, in words: variation, assurance, what to know."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from goldthread.insight.variation import Reading
from goldthread.record.models import Change
from goldthread.web.charts.icons import assurance_icon, icon
from goldthread.web.kit import words

#: From this lag-1 autocorrelation on, a signal means less (reference: the median of national A&E series is 0.71).
DRIFTS = 0.33

VARIATION = {
    "common_cause": "no change",
    "improvement_high": "improving (high)",
    "improvement_low": "improving (low)",
    "concern_high": "getting worse (high)",
    "concern_low": "getting worse (low)",
    "neutral_high": "changed (high)",
    "neutral_low": "changed (low)",
}
ASSURANCE = {
    "pass": "will meet it, as it is",
    "fail": "will not, as it is",
    "inconsistent": "hit and miss",
    "none": "no target",
}
#: What the newest point is a sign of, after "the latest value is …" or "N … ".
SIGNS = {
    "above_limit": "the latest value is above the upper limit",
    "below_limit": "the latest value is below the lower limit",
    "two_of_three_above": "two of the last three values are close to the upper limit",
    "two_of_three_below": "two of the last three values are close to the lower limit",
}


@dataclass(frozen=True)
class Said:
    """An icon and its words."""

    icon: Markup
    words: str


def variation(reading: Reading) -> Said:
    """The variation icon with its words; a chart without limits says so instead."""
    if reading.latest is None:
        return Said(Markup(""), "no values yet")
    if reading.result.limits == "refused":
        return Said(Markup(""), "too little to say" if reading.result.chart == "xmr" else "run chart")
    return Said(icon(reading.variation), VARIATION[reading.variation])


def assurance(reading: Reading) -> Said:
    """The assurance icon with its words."""
    found = reading.result.assurance
    if found == "none":
        return Said(Markup(""), "no target" if reading.target is None else "cannot say yet")
    return Said(assurance_icon(found), ASSURANCE[found])


def value(reading: Reading, number: float | None) -> str:
    """A value with its unit: 4.1, 38%."""
    percent = reading.info.kind == "proportion" and reading.info.multiply == 100
    if number is None:
        return "–"
    places = (0 if float(number).is_integer() else 1) if percent else None
    return words.number(number, places) + ("%" if percent else "")


def period(reading: Reading, day: date) -> str:
    """The name of a period: Oct 2026, week of 9 March 2026, 9 March 2026."""
    if reading.info.period in ("month", "quarter"):
        return words.month(day)
    if reading.info.period == "week":
        return words.week_of(day)
    return str(day.year) if reading.info.period == "year" else words.day(day)


def latest_with_counts(reading: Reading) -> str:
    """ "38% (19 of 50)" where it was counted from two numbers; the bare value otherwise."""
    if reading.latest is None:
        return "no values yet"
    shown = value(reading, reading.latest_value)
    numerator, denominator = reading.series.numerators[reading.latest], reading.series.denominators[reading.latest]
    if reading.info.kind in ("proportion", "rate") and denominator == denominator:
        return f"{shown} ({words.number(float(numerator))} of {words.number(float(denominator))})"
    return shown


def run_length(reading: Reading) -> int:
    """How many values in a row, up to the latest, lie on its side of the centre line."""
    result, count, side = reading.result, 0, 0
    for index in range(reading.latest if reading.latest is not None else -1, -1, -1):
        number, centre = result.values[index], result.centre[index]
        if number is None or centre is None or number == centre:
            break
        here = 1 if number > centre else -1
        if side not in (0, here) or result.segment[index] != result.segment[reading.latest]:  # type: ignore[index]
            break
        side, count = here, count + 1
    return count


def sign(reading: Reading) -> str:
    """What makes the newest point special, in words; empty for common cause."""
    if reading.latest is None or reading.result.limits == "refused":
        return ""
    # Of everything that applies, the run says most: it tells since when.
    flags = reading.result.flags[reading.latest]
    label = next(
        (flag for flag in ("shift_above", "shift_below", "trend_up", "trend_down") if flag in flags),
        reading.result.label[reading.latest],
    )
    period_word = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}[
        reading.info.period
    ]
    if label in ("shift_above", "shift_below"):
        length = run_length(reading)
        return f"{words.spelled(length)} {period_word}s {'above' if label == 'shift_above' else 'below'} average"
    if label in ("trend_up", "trend_down"):
        return f"{'rising' if label == 'trend_up' else 'falling'} for at least seven {period_word}s in a row"
    return SIGNS.get(label, "")


def cause(reading: Reading, changes: list[Change]) -> str:
    """The change that went live at or shortly before the signal began, as an association; empty where there is none."""
    if not reading.signals or reading.latest is None or not changes:
        return ""
    start = reading.latest - max(run_length(reading) - 1, 0)
    begins = reading.series.periods[start]
    margin = 62 if reading.info.period == "month" else 21
    likely = [one for one in changes if one.live_on and one.live_on <= reading.series.periods[reading.latest]
              and (begins - one.live_on).days <= margin]  # fmt: skip
    if not likely:
        return ""
    latest = likely[-1]
    return f"since {latest.title[:1].lower()}{latest.title[1:]} ({words.short_day(latest.live_on)})"


def caution(reading: Reading) -> str:
    """Why the icon means less than it seems, or why there is none; empty where nothing needs saying."""
    result = reading.result
    if reading.latest is None:
        return "The first value makes the chart."
    if result.limits == "refused":
        return capital_stop(result.refused_because or "There are too few values for limits")
    found = result.diagnostics
    if found.lag1 is not None and found.lag1 > DRIFTS:
        return "Values drift from one to the next: a signal means less here."
    if result.limits == "provisional":
        known = int(found.n)
        return f"Limits are provisional: {words.plural(known, 'value')} so far, 13 make them firm."
    return ""


def what_to_know(reading: Reading, changes: list[Change]) -> str:
    """The one line beside a measure: the sign, the change it follows, or the caution."""
    shown = ", ".join(part for part in (sign(reading), cause(reading, changes)) if part)
    return " ".join(part for part in (capital_stop(shown), caution(reading)) if part)


def capital_stop(text: str) -> str:
    """A sentence: capital at the start, a full stop at the end; nothing stays nothing."""
    if not text:
        return ""
    return words.capital(text) + ("" if text.endswith((".", "?", "!")) else ".")
