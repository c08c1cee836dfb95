"""Every write of crisis: keyword-only, one transaction each, an event at the end, the object returned."""

from goldthread.practices.crisis.actions.areas import assign, close_area, open_area, unassign
from goldthread.practices.crisis.actions.check_ins import ask_for_check_in, decline_check_in, hold_check_in
from goldthread.practices.crisis.actions.clocks import on_clock as on_clock
from goldthread.practices.crisis.actions.declarations import declare, end_early, extend, withdraw_declaration
from goldthread.practices.crisis.actions.ethics import ask_ethics
from goldthread.practices.crisis.actions.in_force import answered, looked_back
from goldthread.practices.crisis.actions.levels import set_level
from goldthread.practices.crisis.actions.reconfigurations import (
    abandon,
    go_live,
    put_again,
    raise_reconfiguration,
    reconfigured,
    sustain,
)
from goldthread.practices.crisis.actions.teams import form_team, stand_down
from goldthread.practices.crisis.actions.updates import mark_read, write_update
from goldthread.record.models import Decision

__all__ = [
    "abandon",
    "ask_ethics",
    "ask_for_check_in",
    "assign",
    "close_area",
    "declare",
    "decline_check_in",
    "end_early",
    "extend",
    "form_team",
    "go_live",
    "hold_check_in",
    "mark_read",
    "open_area",
    "put_again",
    "raise_reconfiguration",
    "set_level",
    "stand_down",
    "sustain",
    "unassign",
    "withdraw_declaration",
    "write_update",
]

AFTERWARDS = {"declare_mode": answered, "extend": answered, "look_back": looked_back, "reconfigure": reconfigured}


def on_decided(decision: Decision) -> None:
    """A question of this practice was decided: what follows, in the same transaction."""
    AFTERWARDS[decision.kind](decision)
