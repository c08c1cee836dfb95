"""The manifest of crisis. Read this file first."""

from goldthread.practices.crisis import evidence, measures
from goldthread.practices.crisis.actions import on_clock, on_decided
from goldthread.practices.crisis.actions.in_force import lapsed
from goldthread.practices.crisis.describe import describe
from goldthread.record.practice import DecisionKind, ObjectKind, Practice

PRACTICE = Practice(
    slug="crisis",
    title="Crisis",
    describe=describe,
    points=measures.points,
    claims=evidence.claims,
    on_decided=on_decided,
    on_lapsed=lapsed,
    on_clock=on_clock,
    decisions=(
        DecisionKind(
            "declare_mode", "Delegate authority for a time", outcomes={"declare": "Yes, until then", "refuse": "No"},
            positive=frozenset({"declare"}), facts={"subject": "crisis"},
        ),
        DecisionKind(
            "extend", "Let temporary authority go on", outcomes={"extend": "Yes, until then", "refuse": "No, it ends on its day"},
            positive=frozenset({"extend"}), facts={"subject": "crisis"},
        ),
        DecisionKind(
            "look_back", "Look back on temporary authority",
            outcomes={"keep": "Keep what was changed", "adapt": "Keep it, with changes", "end": "End it: go back to before"},
            positive=frozenset({"keep", "adapt"}), facts={"subject": "crisis"},
        ),
        DecisionKind(
            "reconfigure", "Set up a service differently",
            outcomes={"go": "Yes, we do it", "not_now": "Not now", "no": "No"}, positive=frozenset({"go"}),
        ),
    ),
    measures=measures.KINDS,
    objects=(
        ObjectKind("declaration", "Temporary delegated authority", "decision"),
        ObjectKind("level", "Incident level", "measure"),
        ObjectKind("team", "Response team", "listening"),
        ObjectKind("reconfiguration", "Reconfiguration", "change"),
        ObjectKind("update", "Situation update", "voice"),
        ObjectKind("area", "High-intensity area", "measure"),
        ObjectKind("ethics_request", "Ethics advice", "listening"),
    ),
    docs="explanation/crisis.md",
    events=frozenset(
        f"crisis.{name}"
        for name in (
            "level_set", "mode_proposed", "extension_asked", "mode_withdrawn", "mode_refused", "mode_in_force", "mode_ended_early", "mode_over",
            "look_back_due", "looked_back", "team_formed", "team_stood_down", "team_ended", "reconfiguration_raised",
            "reconfiguration_put_again", "reconfiguration_decided", "reconfiguration_live", "reconfiguration_sustained",
            "reconfiguration_abandoned", "update_written", "update_read", "update_missed", "area_opened", "area_closed",
            "area_day_set", "area_day_removed", "check_ins_offered", "check_in_asked", "check_in_held", "check_in_declined",
            "ethics_asked",
        )
    ),
)  # fmt: skip
