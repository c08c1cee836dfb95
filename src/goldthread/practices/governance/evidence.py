"""Claims about governance that point back to the rows they counted."""

from collections.abc import Iterable
from datetime import date

from goldthread.journal.clock import local_date
from goldthread.methods.proportions import wilson
from goldthread.organisation.access import Viewer
from goldthread.practices.governance import deciding, measures
from goldthread.record.practice import Scope, YieldedClaim
from goldthread.record.refs import Ref


def claims(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedClaim]:
    """Whether promises to others were kept and confirmed, comments answered, joint work seen to work. Nothing where nothing was."""
    unit = scope.unit
    yield from deciding.claims(viewer, scope, start, end)
    due = measures.pledges_due(viewer, unit, start, end)
    if due:
        kept, late = sum(bool(one.confirmed) for one in due), sum(one.state == "promised" for one in due)
        yield _share(
            f"{kept} of {len(due)} promises to other organisations and partners were kept and confirmed by whoever received them"
            f" ({late} past their day and still open, counted as not kept).",
            "share kept and confirmed", f"promises of {unit.name} and below due in the period, not taken back", kept, len(due),
            tuple(Ref("governance", "pledge", one.id) for one in due),
        )  # fmt: skip
    comments = measures.comments_of(viewer, unit, start, end)
    curve = measures.answered(comments, local_date(viewer.at))
    within = curve.by(14) if curve else None
    if curve is not None and within is not None:
        yield YieldedClaim(
            f"Of {curve.n} comments on drafts, an estimated {round(100 * within.value)}% get an answer within 14 days"
            f" ({curve.n_open} still open, counted for as long as they have waited).",
            "share answered by day 14", f"comments on drafts of {unit.name} and below", "Kaplan–Meier",
            {"n": curve.n, "open": curve.n_open, "value": within.value, "lower": within.lower, "upper": within.upper},
            tuple(Ref("governance", "draft", key) for key in sorted({one.draft_id for one in comments})),
        )  # fmt: skip
    work = measures.initiatives_due(viewer, unit, start, end)
    if work:
        seen, looked = sum(one.state == "verified" for one in work), sum(one.verified_on is not None for one in work)
        yield _share(
            f"{seen} of {len(work)} pieces of joint work were seen to work after ninety days ({looked} were looked at).",
            "share seen to work", f"joint work of {unit.name} and below whose ninety days ended in the period", seen, len(work),
            tuple(Ref("governance", "initiative", one.id) for one in work),
        )  # fmt: skip


def _share(
    sentence: str, estimand: str, population: str, numerator: int, denominator: int, rows: tuple[Ref, ...]
) -> YieldedClaim:
    interval = wilson(numerator, denominator)
    result: dict[str, float | int | str | None] = {
        "numerator": numerator, "denominator": denominator, "lower": interval.lower, "upper": interval.upper,
    }  # fmt: skip
    return YieldedClaim(sentence, estimand, population, "Wilson interval", result, rows)
