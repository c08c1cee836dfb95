"""Claims about voice that point back to the ideas they counted."""

from collections.abc import Iterable
from datetime import date

from goldthread.journal.clock import local_date
from goldthread.methods.proportions import wilson
from goldthread.organisation.access import Viewer
from goldthread.practices.voice import measures
from goldthread.record.practice import Scope, YieldedClaim
from goldthread.record.refs import Ref


def claims(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedClaim]:
    """How quickly ideas are answered, and whether authors were told; nothing where nothing was raised."""
    ideas = measures.ideas_of(viewer, scope.unit, start, end)
    rows = tuple(Ref("voice", "idea", idea.id) for idea in ideas)
    curve = measures.answered(ideas, local_date(viewer.at))
    if curve is None:
        return
    share = curve.by(28)
    if share is not None:
        yield YieldedClaim(
            f"Of {curve.n} ideas, {round(100 * share.value)}% were answered within 28 days ({curve.n_open} still open, counted).",
            "share answered by day 28", f"ideas raised in {scope.unit.name} and below", "Kaplan–Meier",
            {"n": curve.n, "open": curve.n_open, "value": share.value, "lower": share.lower, "upper": share.upper}, rows,
        )  # fmt: skip
    told, said, asked = measures.loop(viewer, ideas)
    if said:
        interval = wilson(told, said)
        yield YieldedClaim(
            f"{told} of {said} authors who answered say they were told what became of it ({said} of {asked} answered the question).",
            "share told", f"authors of answered ideas in {scope.unit.name} and below", "Wilson interval",
            {"numerator": told, "denominator": said, "asked": asked, "lower": interval.lower, "upper": interval.upper}, rows,
        )  # fmt: skip
