"""The text alternative of a chart over time, written from its points."""

from goldthread.web.charts import marks, words
from goldthread.web.charts.spc_inputs import Point, SpcChart, is_monthly, lettered, point_label

_COUNTED = {
    marks.IMPROVEMENT: "special cause, improving",
    marks.CONCERN: "special cause, concern",
    marks.NEUTRAL: "special cause, neither better nor worse",
}


def description(spec: SpcChart, decimals: int) -> str:
    """Points and period, latest value, average and limits, special points, target, changes: in that order."""
    present = [point for point in spec.points if point.value is not None]
    if not present:
        return f"{spec.empty_message}."
    monthly = is_monthly(spec.points)
    sentences = [_period(spec, present, monthly), f"Latest: {_with(spec, present[-1].value, decimals)}"]
    sentences += _lines(spec, present[-1], decimals)
    kinds = [marks.point_type(point.type) for point in present]
    sentences += [f"{_points(kinds.count(kind))} {name}" for kind, name in _COUNTED.items() if kind in kinds]
    if excluded := sum(point.excluded for point in present):
        sentences.append(f"{_points(excluded)} not in the limits")
    sentences += [
        f"{letter}: {words.day(change.at) if not isinstance(change.at, int) else ''} {change.label}".replace(
            ":  ", ": "
        )
        for letter, change in lettered(spec.changes)
    ]
    return ". ".join(sentences) + "."


def _period(spec: SpcChart, present: list[Point], monthly: bool) -> str:
    first, last = point_label(present[0], monthly), point_label(present[-1], monthly)
    missing = len(spec.points) - len(present)
    gap = f", {missing} missing" if missing else ""
    span = f", {first} to {last}" if first and last and first != last else f", {last}" if last else ""
    return f"{_points(len(present))}{span}{gap}"


def _lines(spec: SpcChart, last: Point, decimals: int) -> list[str]:
    found = []
    if last.centre is not None:
        found.append(f"{spec.centre_name}: {_with(spec, last.centre, decimals + 1)}")
    if last.lower is not None and last.upper is not None:
        low, high = (_with(spec, value, decimals + 1) for value in (last.lower, last.upper))
        found.append(f"Expected variation from {low} to {high}")
    if spec.targets:
        found.append(f"{spec.target_name}: {_with(spec, spec.targets[-1].value, decimals)}")
    return found


def _with(spec: SpcChart, value: float | None, decimals: int) -> str:
    return "none" if value is None else words.amount(value, decimals) + ("%" if spec.percent else "")


def _points(count: int) -> str:
    return f"{count} point{'' if count == 1 else 's'}"
