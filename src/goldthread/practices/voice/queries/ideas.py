"""Reading ideas. Nobody anonymous is ever described; a kept name appears nowhere here."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.practices.voice.models import Answer, Comment, Idea, KeptAuthor, Support
from goldthread.record.models import Change


@dataclass(frozen=True)
class Listed:
    """One idea in a list, with how long it has waited (or took) in days."""

    idea: Idea
    supports: int
    days: int


def ideas(*, viewer: Viewer, unit: Unit, states: tuple[str, ...] = ("open",), most: int = 300) -> list[Listed]:
    """Ideas of a unit and all below it, longest waiting first. Two queries."""
    rows = Idea.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit), state__in=states
    )
    found = list(
        rows.select_related("unit", "author", "decision", "decision__decider_unit").order_by("raised_on", "id")[:most]
    )
    counts = supports_of(viewer, [row.id for row in found])
    today = local_date(viewer.at)
    return [Listed(row, counts.get(row.id, 0), ((row.answered_on or today) - row.raised_on).days) for row in found]


def supports_of(viewer: Viewer, ids: list[UUID]) -> dict[UUID, int]:
    """How many people support each idea."""
    rows = (
        Support.objects.filter(organisation_id=viewer.organisation_id, idea_id__in=ids)
        .values("idea_id")
        .annotate(n=Count("id"))
    )
    return {row["idea_id"]: row["n"] for row in rows}


def supports(*, viewer: Viewer, idea: Idea) -> tuple[int, bool]:
    """How many support it, and whether the viewer does."""
    people = set(
        Support.objects.filter(organisation_id=viewer.organisation_id, idea=idea).values_list("person_id", flat=True)
    )
    return len(people), viewer.person_id in people


def idea(*, viewer: Viewer, idea_id: UUID) -> Idea:
    """One idea of the viewer's organisation. Raises NotFound."""
    rows = Idea.objects.filter(organisation_id=viewer.organisation_id, id=idea_id)
    found = rows.select_related("unit", "author", "decision", "decision__decider_unit", "merged_into").first()
    if found is None:
        raise NotFound("no such idea")
    return found


def idea_by_code(*, viewer: Viewer, code_hash: str) -> Idea:
    """The anonymous idea that a code belongs to, within the scope that the code names. Raises NotFound."""
    rows = Idea.objects.filter(organisation_id=viewer.organisation_id, identity="anonymous", code_hash=code_hash)
    found = rows.select_related("unit", "decision", "decision__decider_unit", "merged_into").first()
    if found is None:
        raise NotFound("no idea has this code")
    return found


def my_ideas(*, viewer: Viewer) -> list[Idea]:
    """What the viewer raised, with the name shown or kept; newest first."""
    kept = list(
        KeptAuthor.objects.filter(organisation_id=viewer.organisation_id, person_id=viewer.person_id).values_list(
            "idea_id", flat=True
        )
    )
    named = Idea.objects.filter(organisation_id=viewer.organisation_id, author_id=viewer.person_id)
    rows = named | Idea.objects.filter(organisation_id=viewer.organisation_id, id__in=kept)
    return list(rows.select_related("unit", "author", "decision", "decision__decider_unit").order_by("-raised_on"))


def comments(*, viewer: Viewer, idea: Idea) -> list[Comment]:
    """What was said about it, oldest first."""
    rows = Comment.objects.filter(organisation_id=viewer.organisation_id, idea=idea)
    return list(rows.select_related("person").order_by("at", "id"))


def answers(*, viewer: Viewer, idea: Idea) -> list[Answer]:
    """The answers it got, oldest first; those of the idea it was joined to count as its own."""
    ids = [one for one in (idea.id, idea.merged_into_id) if one]
    rows = Answer.objects.filter(organisation_id=viewer.organisation_id, idea_id__in=ids)
    return list(rows.select_related("by").order_by("at", "id"))


def changes_of(*, viewer: Viewer, idea: Idea) -> list[Change]:
    """What was planned or done because of it."""
    ids = [one for one in (idea.id, idea.merged_into_id) if one]
    rows = Change.objects.filter(
        organisation_id=viewer.organisation_id, decision__about_kind="idea", decision__about_id__in=ids
    )
    return list(rows.select_related("unit", "owner").order_by("decided_on", "id"))


def merge_candidates(*, viewer: Viewer, idea: Idea, most: int = 50) -> list[Idea]:
    """Other open ideas of the same unit, or below the unit that decides."""
    if idea.decision is None or idea.state != "open":
        return []
    keys = {idea.unit_id, *tree.subtree_keys(idea.decision.decider_unit)}
    rows = Idea.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=keys, state="open").exclude(
        id=idea.id
    )
    return list(rows.select_related("unit").order_by("raised_on")[:most])
