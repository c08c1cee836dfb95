"""Over a whole report: how many coloured icons chance alone would show, beside how many there are."""

from collections.abc import Iterable

from goldthread.methods.spc.result import Series


def expected_icons(series: Iterable[Series]) -> tuple[float, int]:
    """(icons expected if nothing had changed anywhere, variation icons that are coloured)."""
    expected, observed = 0.0, 0
    for one in series:
        expected += one.diagnostics.false_icon_probability
        observed += one.variation != "common_cause"
    return expected, observed
