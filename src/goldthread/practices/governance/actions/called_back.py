"""What the record calls: a decision of ours was taken, a clock of ours has run out."""

from datetime import datetime

from goldthread.practices.governance.actions.authority import on_limit_decided, on_scheme_decided
from goldthread.practices.governance.actions.drafts import on_draft_decided
from goldthread.practices.governance.actions.initiatives import time_to_verify
from goldthread.practices.governance.actions.matters import on_matter_decided
from goldthread.practices.governance.actions.pledges import pledge_due
from goldthread.record.models import Clock, Decision


def on_decided(decision: Decision) -> None:
    """Follow up a decision, in the deciding transaction."""
    {
        "matter": on_matter_decided,
        "adopt_draft": on_draft_decided,
        "approve_scheme": on_scheme_decided,
        "raise_limit": on_limit_decided,
    }[decision.kind](decision)


def on_clock(clock: Clock, at: datetime) -> None:
    """Follow up a clock, in the sweeper's transaction."""
    {"pledge_due": pledge_due, "verify_initiative": time_to_verify}[clock.purpose](clock, at)
