"""Comments on clauses: from people here and from partners, and the answer each of them gets."""

from datetime import datetime

from django.db import IntegrityError, transaction

from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import leave, partner_actor
from goldthread.practices.governance.actions.drafts import next_version, open_draft, ref_of
from goldthread.practices.governance.models import Clause, ClauseVersion, Comment, Draft, DraftBinds
from goldthread.practices.governance.models.drafts import COMMENT_KINDS, OUTCOMES
from goldthread.record.actions.notices import tell
from goldthread.record.errors import AlreadyEnded, Invalid
from goldthread.record.models import Partner
from goldthread.record.text import clean_text


@transaction.atomic
def comment_on(*, by: Viewer, at: datetime, clause: Clause, kind: str, text: str) -> Comment:
    """Say something about a clause as it stands now. The draft's owner answers."""
    draft = _taking_comments(clause)
    access.require(by, Permission.RAISE, draft.unit)
    made = Comment.objects.create(person_id=by.person_id, **_words(draft, clause, kind, text, at))
    _tell_owner(draft, made, at)
    leave(
        "governance.commented",
        by.acting_as(),
        at,
        by.organisation_id,
        ref_of(draft),
        comment=made.id,
        comment_kind=kind,
    )
    return made


@transaction.atomic
def comment_as_partner(*, by: Partner, at: datetime, clause: Clause, kind: str, text: str) -> Comment:
    """The same from a partner whom the draft binds, through its link: once for each version of a clause."""
    draft = _taking_comments(clause)
    if not DraftBinds.objects.filter(draft=draft, partner=by).exists():
        raise NotFound("this draft does not bind the partner")
    try:
        with transaction.atomic():
            made = Comment.objects.create(partner=by, **_words(draft, clause, kind, text, at))
    except IntegrityError as error:
        if "comment_of_a_partner_once" not in str(error):
            raise
        raise AlreadyEnded("What you said about this clause has reached us already. Thank you.") from error
    _tell_owner(draft, made, at)
    leave(
        "governance.commented",
        partner_actor(by),
        at,
        draft.organisation_id,
        ref_of(draft),
        comment=made.id,
        comment_kind=kind,
    )
    return made


@transaction.atomic
def answer_comment(
    *, by: Viewer, at: datetime, comment: Comment, outcome: str, answer: str, text: str | None = None
) -> Comment:
    """Answer a comment: taken in, partly or not, with a reason. `text` is what the clause says because of it.

    "Taken in" and "partly" need words that changed: `text`, or a version written since the comment. "Answered" is for questions and
    support alone.
    """
    draft = open_draft(by, comment.draft)
    comment = Comment.objects.select_for_update(of=("self",)).select_related("version__clause").get(id=comment.id)
    if comment.answered_at is not None:
        raise AlreadyEnded("This comment has its answer already. Nothing was changed.")
    if outcome not in OUTCOMES:
        raise Invalid("outcome", "Choose whether it is taken in, partly, or not.")
    if outcome == "answered" and comment.kind not in ("question", "support"):
        raise Invalid("outcome", "A concern or a suggestion is taken in, partly, or not: say which.")
    answer = clean_text(answer, field="answer", limit=4000)
    clause = comment.version.clause
    if outcome in ("taken_in", "partly") and text is not None and text.strip():
        next_version(by, at, clause, text, answer, comment)
    elif outcome in ("taken_in", "partly") and not ClauseVersion.objects.filter(
            clause=clause, number__gt=comment.version.number).exists():  # fmt: skip
        raise Invalid("text", "Write what the clause says now, so that everybody can see what was taken in.")
    comment.outcome, comment.answer, comment.answered_by_id, comment.answered_at = outcome, answer, by.person_id, at
    comment.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    if comment.person_id is not None:
        tell(organisation_id=by.organisation_id, person_id=comment.person_id, about=ref_of(draft), kind="comment_answered",
             at=at, once=str(comment.id))  # fmt: skip
    leave(
        "governance.comment_answered",
        by.acting_as(),
        at,
        by.organisation_id,
        ref_of(draft),
        comment=comment.id,
        outcome=outcome,
    )
    return comment


def _taking_comments(clause: Clause) -> Draft:
    """The clause's draft, held so that nobody puts it to a decision meanwhile. Raises NotFound, AlreadyEnded."""
    rows = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "owner", "decision")
    draft = rows.filter(id=clause.draft_id).first()
    if draft is None:
        raise NotFound("no such draft")
    if draft.state in ("adopted", "withdrawn"):
        raise AlreadyEnded(f"This draft is already {draft.state}, so it takes no more comments.")
    if draft.decision is not None and draft.decision.state == "open":
        raise AlreadyEnded("The time for comments is over: it waits for its decision.")
    return draft


def _words(draft: Draft, clause: Clause, kind: str, text: str, at: datetime) -> dict[str, object]:
    if kind not in COMMENT_KINDS:
        raise Invalid("kind", "Choose what it is: a concern, a suggestion, a question or support.")
    version = ClauseVersion.objects.filter(clause=clause).order_by("-number").first()
    if version is None:
        raise NotFound("no such clause")
    return {"organisation_id": draft.organisation_id, "version": version, "draft": draft, "kind": kind,
            "text": clean_text(text, field="text", limit=4000), "at": at}  # fmt: skip


def _tell_owner(draft: Draft, made: Comment, at: datetime) -> None:
    if made.person_id != draft.owner_id:
        tell(organisation_id=draft.organisation_id, person_id=draft.owner_id, about=ref_of(draft), kind="comment_made", at=at,
             once=str(made.id))  # fmt: skip
