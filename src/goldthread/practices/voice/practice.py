"""The manifest of voice. Read this file first."""

from goldthread.practices.voice import evidence, measures
from goldthread.practices.voice.actions import on_decided
from goldthread.practices.voice.actions.ideas import whom_to_tell
from goldthread.practices.voice.describe import describe
from goldthread.record.practice import DecisionKind, ObjectKind, Practice

PRACTICE = Practice(
    slug="voice",
    title="Voice",
    describe=describe,
    points=measures.points,
    claims=evidence.claims,
    on_decided=on_decided,
    whom_to_tell=whom_to_tell,
    decisions=(
        DecisionKind(
            "answer_idea",
            "Answer an idea",
            outcomes={
                "accepted": "Yes, we do it",
                "trial": "We try it",
                "declined": "No",
                "already_done": "It is done already",
                "passed_on": "Passed on to the unit above",
            },
            positive=frozenset({"accepted", "trial"}),
            facts={"subject": "idea"},
        ),
    ),
    measures=measures.KINDS,
    objects=(
        ObjectKind("idea", "Idea", "voice"),
        ObjectKind("visit", "Visit", "visit"),
        ObjectKind("listening", "Listening event", "listening"),
    ),
    docs="explanation/voice.md",
    events=frozenset(
        f"voice.{name}"
        for name in (
            "idea_raised", "idea_supported", "idea_commented", "idea_read", "idea_tried", "idea_withdrawn", "loop_answered",
            "idea_answered", "change_planned", "idea_passed_on", "idea_merged", "visit_planned", "visit_done",
            "asked_on_visit", "listening_planned", "listening_held",
        )
    ),
)  # fmt: skip
