"""Raising an idea, standing by it, and saying afterwards whether one was told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import ANONYMOUS, leave
from goldthread.organisation import access
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.voice.codes import hash_of, new_code
from goldthread.practices.voice.models import IDENTITIES, Comment, Idea, KeptAuthor, LoopAnswer, Support
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

TEXT_LIMIT = 4000


def ref_of(idea: Idea) -> Ref:
    """The idea as other objects point at it."""
    return Ref("voice", "idea", idea.id)


@dataclass(frozen=True)
class Raised:
    """What raising returns: the idea, and for an anonymous one the code, which is shown once and kept nowhere."""

    idea: Idea
    code: str = ""


@transaction.atomic
def raise_idea(
    *, by: Viewer, at: datetime, unit: Unit, text: str, identity: str = "named", audience: str = "team"
) -> Raised:
    """Say what could be better; somebody must answer it by a day. Anonymous: nothing is kept of who, and no time of day."""
    access.require(by, Permission.RAISE, unit)
    if audience != "team":
        raise Refused(
            "This installation has no safety team or speak-up guardian in goldthread yet, so nothing was sent. Use your organisation's "
            "incident system, or speak to its guardian."
        )
    if identity not in IDENTITIES:
        raise Invalid("identity", "Choose who may know that it was you.")
    text = clean_text(text, field="text", limit=TEXT_LIMIT)
    anonymous, day = identity == "anonymous", local_date(at)
    person = Person.objects.get(organisation_id=by.organisation_id, id=by.person_id)
    code = new_code(by.organisation_id) if anonymous else ""
    idea = Idea(
        organisation_id=by.organisation_id,
        unit_id=unit.key,
        text=text,
        raised_on=day,
        raised_at=None if anonymous else at,
        identity=identity,
        author=person if identity == "named" else None,
        staff_group="" if anonymous else person.staff_group,
        code_hash=hash_of(code) if anonymous else "",
    )
    if anonymous:
        idea.id = uuid4()
    idea.save(force_insert=True)
    if identity == "kept":
        KeptAuthor.objects.create(organisation_id=by.organisation_id, idea=idea, person_id=by.person_id)
    idea.decision = decisions.raise_decision(
        by=_unnamed(by) if identity == "kept" else by,
        at=at,
        kind="answer_idea",
        about=ref_of(idea),
        unit=unit,
        question=question_of(text),
        anonymous=anonymous,
    )
    idea.save(update_fields=["decision"])
    # A kept name stays out of the journal too: a manager may read the journal of her unit.
    actor = by.acting_as() if identity == "named" else ANONYMOUS
    leave("voice.idea_raised", by=actor, at=at, organisation_id=by.organisation_id, practice="voice", object_kind="idea",
          object_id=idea.id, unit=unit.key, identity=identity)  # fmt: skip
    return Raised(idea, code)


def question_of(text: str) -> str:
    """The first line of an idea, short enough for a list."""
    first = text.splitlines()[0].strip()
    return first if len(first) <= 120 else first[:117].rstrip() + "…"


@transaction.atomic
def support(*, by: Viewer, at: datetime, idea: Idea) -> Idea:
    """Stand by somebody's idea; doing it twice changes nothing."""
    access.require(by, Permission.RAISE, idea.unit)
    if idea.author_id == by.person_id:
        raise Refused("It is your own idea: the others' support counts.")
    try:
        with transaction.atomic():
            Support.objects.create(organisation_id=by.organisation_id, idea=idea, person_id=by.person_id)
    except IntegrityError:
        return idea
    leave("voice.idea_supported", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="idea", object_id=idea.id)  # fmt: skip
    return idea


@transaction.atomic
def comment(*, by: Viewer, at: datetime, idea: Idea, text: str) -> Comment:
    """Say something about an idea, with one's name."""
    access.require(by, Permission.RAISE, idea.unit)
    made = Comment.objects.create(
        organisation_id=by.organisation_id,
        idea=idea,
        person_id=by.person_id,
        text=clean_text(text, field="text", limit=2000),
        at=at,
    )
    leave("voice.idea_commented", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="idea", object_id=idea.id, comment=made.id)  # fmt: skip
    return made


@transaction.atomic
def mark_read(*, by: Viewer, at: datetime, idea: Idea) -> Idea:
    """The decision-maker has opened it: from now on the author can no longer take the name off."""
    if idea.read_on is None and idea.decision is not None and decisions.may_decide(by, idea.decision):
        Idea.objects.filter(id=idea.id, read_on__isnull=True).update(read_on=local_date(at))
        idea.refresh_from_db()
        leave("voice.idea_read", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
              object_kind="idea", object_id=idea.id)  # fmt: skip
    return idea


@transaction.atomic
def try_it(*, by: Viewer, at: datetime, idea: Idea) -> Idea:
    """Start what is safe to try, in one's own team, and let everybody see it. The question stays open."""
    idea = _lock(idea)
    if by.unit_key != idea.unit_id and not access.may(by, Permission.DECIDE, idea.unit):
        raise NotYours(f"Only the team of {idea.unit.name} can try it there.")
    if idea.state != "open" or idea.trying_since is not None:
        raise AlreadyEnded("It is being tried already, or has been answered.")
    idea.trying_since = local_date(at)
    idea.save(update_fields=["trying_since"])
    leave("voice.idea_tried", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="idea", object_id=idea.id)  # fmt: skip
    return idea


def is_author(viewer: Viewer, idea: Idea) -> bool:
    """Whether the viewer raised it; a kept name is asked of the database, which answers its owner alone."""
    if idea.identity == "named":
        return viewer.person_id is not None and idea.author_id == viewer.person_id
    return idea.identity == "kept" and KeptAuthor.objects.filter(idea_id=idea.id, person_id=viewer.person_id).exists()


@transaction.atomic
def withdraw_idea(*, by: Viewer, at: datetime, idea: Idea) -> Idea:
    """The author takes it back, while nobody has answered it."""
    idea = _lock(idea)
    if not is_author(by, idea):
        raise NotYours("Only whoever raised it can take it back.")
    if idea.state != "open":
        raise AlreadyEnded("It has been answered already.")
    if idea.decision is not None:
        decisions.withdraw(by=by if idea.identity == "named" else _unnamed(by), at=at, decision=idea.decision)
    idea.state, idea.answered_on = "withdrawn", local_date(at)
    idea.save(update_fields=["state", "answered_on"])
    leave("voice.idea_withdrawn", by=by.acting_as() if idea.identity == "named" else ANONYMOUS, at=at,
          organisation_id=by.organisation_id, practice="voice", object_kind="idea", object_id=idea.id)  # fmt: skip
    return idea


def _unnamed(by: Viewer) -> Viewer:
    return Viewer(organisation_id=by.organisation_id, at=by.at)


@transaction.atomic
def say_loop(*, by: Viewer, at: datetime, idea: Idea, told: bool, again: bool, code_hash: str = "") -> LoopAnswer:
    """The author says whether they were told what became of it, and whether they would raise something again. Once."""
    holds_code = bool(code_hash) and idea.identity == "anonymous" and idea.code_hash == code_hash
    if not holds_code and not is_author(by, idea):
        raise NotYours("Only whoever raised it can say so.")
    if idea.state == "open":
        raise Refused("It has not been answered yet.")
    try:
        with transaction.atomic():
            made = LoopAnswer(
                organisation_id=by.organisation_id, idea=idea, told=told, again=again, on=local_date(at), id=uuid4()
            )
            made.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyEnded("You have said so already. Thank you.") from error
    leave("voice.loop_answered", by=ANONYMOUS, at=at, organisation_id=by.organisation_id, practice="voice",
          object_kind="idea", object_id=idea.id)  # fmt: skip
    return made


def _lock(idea: Idea) -> Idea:
    found = Idea.objects.select_for_update(of=("self",)).select_related("unit", "decision").filter(id=idea.id).first()
    if found is None:
        raise NotFound("no such idea")
    return found


def whom_to_tell(about_kind: str, about_id: UUID, *, using: str) -> UUID | None:
    """Whose kept name stands behind an idea. For the outbox job alone: the application role cannot ask."""
    if about_kind != "idea":
        return None
    found = KeptAuthor.objects.using(using).filter(idea_id=about_id).first()
    return found.person_id if found else None
