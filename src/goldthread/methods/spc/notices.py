"""The sentences that go with a series: what a reader should know before believing it."""

import math

from goldthread.methods.spc.diagnostics import lag1_band
from goldthread.methods.spc.layout import Layout
from goldthread.methods.spc.limits import REASONS, SETTLED


def state_of_limits(layout: Layout, refused: int, count: int) -> tuple[str, str | None]:
    """`ok`, `provisional` or `refused`, and why. refused: a code of REASONS; count: values in the segment."""
    because = REASONS[refused]
    if because and layout.rules.refuses:
        return "refused", because
    if _is_fixed(layout, len(layout.starts) - 1):
        return "ok", None
    if because or count < SETTLED:
        return "provisional", because
    return "ok", None


def warnings_for(
    layout: Layout,
    *,
    counts: list[int],
    bases: list[int],
    refused: list[int],
    screening_moves: bool,
    missing: int,
    trailing: int,
    lag1: float | None,
) -> tuple[str, ...]:
    """Plain sentences, most important first. counts, bases, refused: per segment."""
    out: list[str] = []
    last = len(counts) - 1
    for segment, (count, because) in enumerate(zip(counts, refused, strict=True)):
        where = f" in segment {segment + 1}" if last else ""
        if because and layout.rules.refuses:
            out.append(f"Limits are refused{where}: {REASONS[because]}.")
        elif because:
            out.append(
                f"These limits{where} are what {layout.rules.name} gives, not what goldthread would: {REASONS[because]}."
            )
        elif layout.chart.has_limits and count < SETTLED and not _is_fixed(layout, segment):
            out.append(f"Limits are provisional{where}: {_number(count, 'value')}, {SETTLED} are needed.")
    if layout.baseline is not None:
        for segment, base in enumerate(bases):
            if base < 12 and not _is_fixed(layout, segment):
                where = f" of segment {segment + 1}" if last else ""
                out.append(
                    f"The baseline{where} has {_number(base, 'value')}; with fewer than 12, limits are unreliable."
                )
    if screening_moves:
        out.append("A few large jumps widen these limits by more than a tenth; screening them out would narrow them.")
    n = sum(counts)
    band = lag1_band(n)
    if lag1 is not None and band is not None and lag1 > band and n >= SETTLED:
        out.append(
            f"Neighbouring values resemble each other (lag-1 autocorrelation {lag1:.2f}): "
            "expect more false signals than usual."
        )
    if missing:
        out.append(
            f"{_number(missing, 'value')} {'is' if missing == 1 else 'are'} missing; runs and trends stop there."
        )
    if trailing:
        out.append(f"The latest {_number(trailing, 'point')} cannot be judged; the icon is about the one before.")
    return tuple(out)


def _is_fixed(layout: Layout, segment: int) -> bool:
    return any(number == segment for number, _ in layout.fixed)


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def plain(number: float) -> float | None:
    """A number, or None where there is none (NaN, or too large to be written)."""
    return float(number) if math.isfinite(number) else None
