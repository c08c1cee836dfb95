"""How voice's objects appear in a thread."""

from collections.abc import Sequence

from goldthread.organisation.access import Viewer
from goldthread.practices.voice.models import Idea, ListeningEvent, Visit
from goldthread.record.practice import Described
from goldthread.record.refs import Ref

STATES = {
    "open": "waiting for an answer",
    "accepted": "accepted",
    "trial": "on trial",
    "declined": "declined, with a reason",
    "already_done": "done already",
    "passed_on": "passed on",
    "merged": "joined to the same idea of somebody else",
    "withdrawn": "taken back by its author",
}


def author_of(idea: Idea) -> str:
    """Who raised it, as anybody may read it."""
    if idea.identity == "named" and idea.author is not None:
        return idea.author.name
    return "anonymous" if idea.identity == "anonymous" else "name kept from managers"


def describe(refs: Sequence[Ref], viewer: Viewer, *, using: str = "default") -> dict[Ref, Described | None]:
    """Ideas, visits and listening events of the viewer's organisation. Anonymous ones show no finer than the week."""
    wanted = {ref.id: ref for ref in refs}
    mine = {"organisation_id": viewer.organisation_id, "id__in": list(wanted)}
    found: dict[Ref, Described | None] = {}
    for idea in Idea.objects.using(using).filter(**mine).select_related("author", "unit"):
        ref = wanted[idea.id]
        title = idea.text if len(idea.text) <= 200 else f"{idea.text[:197]}…"
        found[ref] = Described(ref, f"Idea from {idea.unit.name}", title, idea.raised_on, "voice", author_of(idea),
                               STATES[idea.state], vague_date=idea.identity != "named")  # fmt: skip
    for visit in Visit.objects.using(using).filter(**mine).select_related("leader", "unit"):
        ref = wanted[visit.id]
        found[ref] = Described(ref, "Visit", f"Visit to {visit.unit.name}", visit.done_on or visit.planned_on, "visit",
                               visit.leader.name, "" if visit.done_on else "planned")  # fmt: skip
    for event in ListeningEvent.objects.using(using).filter(**mine).select_related("led_by"):
        ref = wanted[event.id]
        found[ref] = Described(
            ref, "Listening event", event.title, event.held_on or event.planned_on, "listening", event.led_by.name
        )
    return found
