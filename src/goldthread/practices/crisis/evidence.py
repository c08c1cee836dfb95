"""Claims about crisis that point back to the reconfigurations they counted."""

from collections.abc import Iterable
from datetime import date

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.practices.crisis import measures
from goldthread.record.practice import Scope, YieldedClaim
from goldthread.record.refs import Ref


def claims(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedClaim]:
    """How quickly a recognised need became a service set up differently; nothing where no need was recognised."""
    rows = measures.reconfigurations_of(viewer, scope.unit, start, end)
    found = measures.time_to_live(rows, local_date(viewer.at))
    if found is None:
        return
    share = found.at("live", 14)
    if share is None:
        return
    abandoned = sum(one.abandoned_on is not None and one.live_on is None for one in rows)
    late = sum(one.late_entry for one in rows)
    yield YieldedClaim(
        f"Of {found.n} reconfigurations, {round(100 * share.value)}% were live within 14 days of the need "
        f"({found.n_open} still open, counted; {abandoned} abandoned, counted beside them; {late} with a date entered late).",
        "share live by day 14 after the need was recognised", f"reconfigurations in {scope.unit.name} and below", "Aalen–Johansen",
        {"n": found.n, "open": found.n_open, "abandoned": abandoned, "late_entries": late, "value": share.value,
         "lower": share.lower, "upper": share.upper},
        tuple(Ref("crisis", "reconfiguration", one.id) for one in rows),
    )  # fmt: skip
