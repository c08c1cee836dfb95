"""Every read of voice. The viewer is never optional."""

from goldthread.practices.voice.queries.ideas import (
    Listed,
    answers,
    changes_of,
    comments,
    idea,
    idea_by_code,
    ideas,
    merge_candidates,
    my_ideas,
    supports,
)
from goldthread.practices.voice.queries.visits import (
    Suggestion,
    Tier,
    listening,
    listening_event,
    my_visits,
    promises_at,
    promises_of,
    suggestions,
    tiers,
    visit,
)

__all__ = [
    "Listed",
    "Suggestion",
    "Tier",
    "answers",
    "changes_of",
    "comments",
    "idea",
    "idea_by_code",
    "ideas",
    "listening",
    "listening_event",
    "merge_candidates",
    "my_ideas",
    "my_visits",
    "promises_at",
    "promises_of",
    "suggestions",
    "supports",
    "tiers",
    "visit",
]
