"""Everything that is done with a decision: raising, asking again, taking, handing on, stepping back, running out, looking back."""

from goldthread.record.actions.decisions.asked_again import end_of_authority, facts_changed
from goldthread.record.actions.decisions.common import ref_of
from goldthread.record.actions.decisions.handing import delegate, merge, recuse, take_to_huddle, withdraw
from goldthread.record.actions.decisions.looking_back import look_back
from goldthread.record.actions.decisions.raising import raise_decision
from goldthread.record.actions.decisions.running_out import time_is_up
from goldthread.record.actions.decisions.taking import after_decided, decide, may_decide

__all__ = [
    "after_decided",
    "decide",
    "delegate",
    "end_of_authority",
    "facts_changed",
    "look_back",
    "may_decide",
    "merge",
    "raise_decision",
    "recuse",
    "ref_of",
    "take_to_huddle",
    "time_is_up",
    "withdraw",
]
