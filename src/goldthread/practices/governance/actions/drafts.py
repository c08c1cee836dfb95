"""Writing together: a draft, its clauses and their versions, who is bound, and putting it to a decision."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, Actor
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.governance.actions.common import leave, locked
from goldthread.practices.governance.models import Clause, ClauseVersion, Comment, Draft, DraftBinds
from goldthread.record.actions import decisions
from goldthread.record.actions.notices import tell
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Body, Decision, Partner
from goldthread.record.queries.bodies import seated
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def ref_of(draft: Draft) -> Ref:
    """The draft as other objects point at it."""
    return Ref("governance", "draft", draft.id)


@transaction.atomic
def begin_draft(*, by: Viewer, at: datetime, unit: Unit, title: str, purpose: str) -> Draft:
    """Begin a strategy or policy for a unit and below; whoever begins it owns it."""
    access.require(by, Permission.GOVERN, unit)
    draft = Draft.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, title=clean_text(title, field="title", limit=200),
        purpose=clean_text(purpose, field="purpose", limit=4000), owner_id=by.person_id, begun_on=local_date(at),
    )  # fmt: skip
    leave("governance.draft_begun", by.acting_as(), at, by.organisation_id, ref_of(draft), unit=unit.key)
    return draft


@transaction.atomic
def bind(
    *, by: Viewer, at: datetime, draft: Draft, unit: Unit | None = None, body: Body | None = None,
    partner: Partner | None = None,
) -> DraftBinds:  # fmt: skip
    """Name one of those the draft will bind. A partner may then be asked through a link."""
    draft = open_draft(by, draft)
    named: Unit | Body | Partner | None = unit or body or partner
    if [unit, body, partner].count(None) != 2 or named is None:
        raise Invalid("binds", "Choose one unit, one forum or one partner.")
    if named.organisation_id != by.organisation_id:
        raise NotFound("not in your organisation")
    row = {"unit_id": unit.key if unit else None, "body": body, "partner": partner}
    made, new = DraftBinds.objects.get_or_create(organisation_id=by.organisation_id, draft=draft, **row)
    if not new:
        raise Invalid("binds", "They are named already.")
    leave("governance.draft_binds", by.acting_as(), at, by.organisation_id, ref_of(draft), binds=made.id)
    return made


@transaction.atomic
def add_clause(*, by: Viewer, at: datetime, draft: Draft, text: str, because: str = "") -> Clause:
    """Add a clause at the end, with its first words."""
    draft = open_draft(by, draft)
    last = Clause.objects.filter(draft=draft).aggregate(last=Max("position"))["last"] or 0
    clause = Clause.objects.create(
        organisation_id=by.organisation_id, draft=draft, position=last + 1, key=f"c{last + 1}"
    )
    _version(by, at, clause, 1, clean_text(text, field="text", limit=8000), because, None)
    leave("governance.clause_added", by.acting_as(), at, by.organisation_id, ref_of(draft), clause=clause.id)
    return clause


@transaction.atomic
def rewrite(*, by: Viewer, at: datetime, clause: Clause, text: str, because: str) -> ClauseVersion:
    """New words for a clause, and why. Empty words take the clause out; what it said stays to be read."""
    draft = open_draft(by, clause.draft)
    made = next_version(by, at, clause, text, because, None)
    leave(
        "governance.clause_rewritten",
        by.acting_as(),
        at,
        by.organisation_id,
        ref_of(draft),
        clause=clause.id,
        number=made.number,
    )
    return made


@transaction.atomic
def move_clause(*, by: Viewer, at: datetime, clause: Clause, before: Clause) -> None:
    """Put a clause before another one of the same draft; the others close up."""
    draft = open_draft(by, clause.draft)
    rows = list(Clause.objects.select_for_update().filter(draft=draft).order_by("position"))
    if clause.id == before.id or before.draft_id != draft.id:
        raise Invalid("before", "Choose another clause of this draft.")
    moved = next(row for row in rows if row.id == clause.id)
    rows.remove(moved)
    rows.insert(next(at_ for at_, row in enumerate(rows) if row.id == before.id), moved)
    for position, row in enumerate(rows, 1):
        row.position = position
    Clause.objects.bulk_update(rows, ["position"])
    leave(
        "governance.clause_moved",
        by.acting_as(),
        at,
        by.organisation_id,
        ref_of(draft),
        clause=clause.id,
        position=moved.position,
    )


@transaction.atomic
def consult(*, by: Viewer, at: datetime, draft: Draft) -> Draft:
    """Ask those whom it binds to comment. Refused until there is a clause and somebody it binds."""
    draft = open_draft(by, draft)
    bound = list(DraftBinds.objects.select_related("unit", "body").filter(draft=draft))
    if not Clause.objects.filter(draft=draft).exists():
        raise Refused("Write the first clause before you ask anybody.")
    if not bound:
        raise Refused("Say whom it binds before you ask them.")
    if draft.state == "consulting":
        raise AlreadyEnded("They have been asked already.")
    draft.state, draft.decision = "consulting", None
    draft.save(update_fields=["state", "decision"])
    for person_id in sorted(_people(bound, at) - {by.person_id}, key=str):
        tell(organisation_id=by.organisation_id, person_id=person_id, about=ref_of(draft), kind="draft_asks_you", at=at)
    leave("governance.draft_consulting", by.acting_as(), at, by.organisation_id, ref_of(draft), bound=len(bound))
    return draft


def _people(bound: Sequence[DraftBinds], at: datetime) -> set[UUID]:
    """Who is told: members of a body, and whoever manages a unit; they speak with their teams."""
    from goldthread.organisation import tree

    day, found = local_date(at), set[UUID]()
    for one in bound:
        if one.body is not None:
            found |= set(seated(one.body, day))
        elif one.unit is not None:
            found |= {held.person_id for held in tree.holders(one.unit, ("unit_manager", "deputy_manager"), day)}
    return found


@transaction.atomic
def adopt_draft(*, by: Viewer, at: datetime, draft: Draft) -> Decision:
    """Put the draft to its decision-maker. Refused while a comment has no answer; from now on its words stand still."""
    draft = open_draft(by, draft)
    if draft.state != "consulting":
        raise Refused("Ask those whom it binds first.")
    waiting = Comment.objects.filter(draft=draft, answered_at__isnull=True).count()
    if waiting:
        raise Refused(
            f"{waiting} of the comments {'has' if waiting == 1 else 'have'} no answer yet. Answer every one first."
        )
    draft.decision = decisions.raise_decision(
        by=by, at=at, kind="adopt_draft", about=ref_of(draft), unit=draft.unit, question=f"Adopt “{draft.title}”?",
        context=draft.purpose,
    )  # fmt: skip
    draft.save(update_fields=["decision"])
    leave("governance.draft_put", by.acting_as(), at, by.organisation_id, ref_of(draft), decision=draft.decision.id)
    return draft.decision


@transaction.atomic
def withdraw_draft(*, by: Viewer, at: datetime, draft: Draft) -> Draft:
    """End a draft that is not wanted any more. Comments without an answer are told so by its state."""
    draft = open_draft(by, draft)
    draft.state = "withdrawn"
    draft.save(update_fields=["state"])
    for person_id in set(Comment.objects.filter(draft=draft, person__isnull=False).values_list("person_id", flat=True)):
        tell(
            organisation_id=by.organisation_id, person_id=person_id, about=ref_of(draft), kind="draft_withdrawn", at=at
        )
    leave("governance.draft_withdrawn", by.acting_as(), at, by.organisation_id, ref_of(draft))
    return draft


def on_draft_decided(decision: Decision) -> None:
    """Adopted, back for changes, or not wanted; everybody who commented hears it."""
    at, using = decision.decided_at, decision._state.db or "default"
    draft = Draft.objects.using(using).select_for_update().get(id=decision.about_id)
    if at is None:
        return
    if decision.outcome == "adopted":
        draft.state, draft.adopted_on = "adopted", local_date(at)
    else:
        draft.state = "drafting" if decision.outcome == "changes_wanted" else "withdrawn"
    draft.save(using=using, update_fields=["state", "adopted_on"])
    said = Comment.objects.using(using).filter(draft=draft, person__isnull=False).values_list("person_id", flat=True)
    for person_id in sorted({*said, draft.owner_id}, key=str):
        tell(organisation_id=draft.organisation_id, person_id=person_id, about=ref_of(draft), kind="draft_decided", at=at,
             once=str(decision.id), using=using)  # fmt: skip
    actor = Actor("person", decision.decided_by_id, decision.decided_as) if decision.decided_by_id else SYSTEM
    leave(
        "governance.draft_decided",
        actor,
        at,
        draft.organisation_id,
        ref_of(draft),
        using=using,
        outcome=decision.outcome,
    )


def open_draft(by: Viewer, draft: Draft) -> Draft:
    """The draft, locked, if its owner may work on it now. Raises NotYours, AlreadyEnded."""
    found = locked(Draft, draft.id, "unit", "owner", "decision")
    if found.owner_id != by.person_id and not access.may(by, Permission.GOVERN, found.unit):
        raise NotYours(f"{found.owner.name} holds the pen. You can comment on each clause.")
    if found.state in ("adopted", "withdrawn"):
        raise AlreadyEnded(f"This draft is already {found.state}. Begin a new one to change it.")
    if found.decision is not None and found.decision.state == "open":
        raise AlreadyEnded("It waits for its decision; until then its words stand still.")
    return found


def next_version(
    by: Viewer, at: datetime, clause: Clause, text: str, because: str, comment: Comment | None
) -> ClauseVersion:
    """The next words of a clause; refused where they are the same as now."""
    now = ClauseVersion.objects.filter(clause=clause).order_by("-number").first()
    text = clean_text(text, field="text", limit=8000, required=False)
    if now is not None and now.text == text:
        raise Invalid("text", "These are the words as they stand. Change them, or leave the clause.")
    return _version(
        by, at, clause, now.number + 1 if now else 1, text, clean_text(because, field="because", limit=2000), comment
    )


def _version(by: Viewer, at: datetime, clause: Clause, number: int, text: str, because: str,
             comment: Comment | None) -> ClauseVersion:  # fmt: skip
    return ClauseVersion.objects.create(
        organisation_id=by.organisation_id, clause=clause, number=number, text=text, because=because, from_comment=comment,
        written_by_id=by.person_id, at=at,
    )  # fmt: skip
