"""Every write of voice: keyword-only, one transaction each, an event at the end, the object returned."""

from goldthread.practices.voice.actions.answers import answer_idea, merge_ideas, on_decided, pass_on, plan_from_answer
from goldthread.practices.voice.actions.ideas import (
    comment,
    mark_read,
    raise_idea,
    say_loop,
    support,
    try_it,
    withdraw_idea,
)
from goldthread.practices.voice.actions.listening import hold_listening, plan_listening
from goldthread.practices.voice.actions.visits import ask_on_visit, finish_visit, plan_visit

__all__ = [
    "answer_idea",
    "ask_on_visit",
    "comment",
    "finish_visit",
    "hold_listening",
    "mark_read",
    "merge_ideas",
    "on_decided",
    "pass_on",
    "plan_from_answer",
    "plan_listening",
    "plan_visit",
    "raise_idea",
    "say_loop",
    "support",
    "try_it",
    "withdraw_idea",
]
