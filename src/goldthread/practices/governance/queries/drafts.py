"""Reading drafts: each clause with all its versions, and every comment with its answer."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from goldthread.organisation.access import NotFound, Viewer
from goldthread.practices.governance.models import Clause, ClauseVersion, Comment, Draft, DraftBinds


@dataclass(frozen=True)
class DraftLine:
    """A draft in a list, with how many comments it has and how many of them wait for an answer."""

    draft: Draft
    comments: int
    waiting: int


@dataclass(frozen=True)
class ClauseRead:
    """A clause as it stands: its versions, the first one first, and the comments on any of them, oldest first."""

    clause: Clause
    versions: tuple[ClauseVersion, ...]
    comments: tuple[Comment, ...]

    @property
    def now(self) -> ClauseVersion:
        """The words as they stand."""
        return self.versions[-1]

    @property
    def waiting(self) -> int:
        """Comments without an answer."""
        return sum(one.answered_at is None for one in self.comments)


def drafts(*, viewer: Viewer) -> list[DraftLine]:
    """The organisation's drafts: those still open first, the newest first within each."""
    rows = list(
        Draft.objects.select_related("unit", "owner", "decision").filter(organisation_id=viewer.organisation_id)
        .order_by("-begun_on", "-id")[:200]
    )  # fmt: skip
    counts = {
        row["draft_id"]: (row["n"], row["waiting"])
        for row in Comment.objects.filter(draft__in=rows).values("draft_id").annotate(
            n=Count("id"), waiting=Count("id", filter=Q(answered_at__isnull=True)))
    }  # fmt: skip
    lines = [DraftLine(row, *counts.get(row.id, (0, 0))) for row in rows]
    return sorted(lines, key=lambda line: line.draft.state in ("adopted", "withdrawn"))


def draft(*, viewer: Viewer, draft_id: UUID) -> Draft:
    """One draft. Raises NotFound."""
    rows = Draft.objects.select_related("unit", "owner", "decision")
    found = rows.filter(organisation_id=viewer.organisation_id, id=draft_id).first()
    if found is None:
        raise NotFound("no such draft")
    return found


def clause(*, viewer: Viewer, clause_id: UUID) -> Clause:
    """One clause. Raises NotFound."""
    found = (
        Clause.objects.select_related("draft__unit")
        .filter(organisation_id=viewer.organisation_id, id=clause_id)
        .first()
    )
    if found is None:
        raise NotFound("no such clause")
    return found


def comment(*, viewer: Viewer, comment_id: UUID) -> Comment:
    """One comment. Raises NotFound."""
    rows = Comment.objects.select_related("draft", "version__clause")
    found = rows.filter(organisation_id=viewer.organisation_id, id=comment_id).first()
    if found is None:
        raise NotFound("no such comment")
    return found


def clauses(*, viewer: Viewer, draft: Draft) -> list[ClauseRead]:
    """The clauses of a draft in order, each with where its words came from. Three queries."""
    mine = {"organisation_id": viewer.organisation_id}
    versions: dict[UUID, list[ClauseVersion]] = defaultdict(list)
    rows = ClauseVersion.objects.select_related("written_by", "from_comment__person", "from_comment__partner")
    for version in rows.filter(**mine, clause__draft=draft).order_by("number"):
        versions[version.clause_id].append(version)
    comments: dict[UUID, list[Comment]] = defaultdict(list)
    said = Comment.objects.select_related("version", "person", "partner", "answered_by").filter(**mine, draft=draft)
    for one in said.order_by("at", "id"):
        comments[one.version.clause_id].append(one)
    found = Clause.objects.filter(**mine, draft=draft).order_by("position")
    return [ClauseRead(row, tuple(versions[row.id]), tuple(comments[row.id])) for row in found]


def bound(*, viewer: Viewer, draft: Draft) -> list[DraftBinds]:
    """Those whom the draft binds."""
    rows = DraftBinds.objects.select_related("unit", "body", "partner")
    return list(rows.filter(organisation_id=viewer.organisation_id, draft=draft).order_by("id"))
