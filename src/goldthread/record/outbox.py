"""Telling people where they are: one e-mail a day with everything that is new for them. Nothing twice, nothing lost.

A notice is marked as being sent, and committed, before the message goes out, and as told afterwards. A crash in between is found at
the next round: the same notices go out once more, nothing added, so with the same Message-ID, and mail programs show it once.
"""

import hashlib
import logging
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error, connections, transaction
from django.db.models import Q

from goldthread.journal import clock as time
from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, leave
from goldthread.organisation.access import Viewer, viewer_of
from goldthread.organisation.models import Person
from goldthread.record.models import Notice
from goldthread.record.practice import practice_named
from goldthread.record.refs import Ref
from goldthread.record.signed import make_link

log = logging.getLogger(__name__)

#: What each kind of notice says; {title} is what the reader may see of the thing itself.
WORDS = {
    "decision_yours": "Yours to decide: {title}",
    "decision_handed_to_you": "Handed to you to decide: {title}",
    "decision_passed_up": "Not answered in time below you, so now yours to decide: {title}",
    "decision_taken": "Decided: {title}",
    "decision_lapsed": "Nobody decided in time, and the question has ended; raise it again if it still matters: {title}",
    "you_are_asked": "You are asked what you think before this is decided: {title}",
    "somebody_said": "Somebody answered what you asked: {title}",
    "you_were_answered": "What you said has an answer: {title}",
    "hearing_closed": "Everybody has had their time; now it is yours to decide: {title}",
    "seat_yours": "You have a seat in a decision: {title}",
    "round_put": "A proposal is before you: {title}",
    "clarity_asked": "There is a question about your proposal: {title}",
    "positions_asked": "Questions are answered; what does your seat say? {title}",
    "round_lost": "Your proposal was not carried: {title}",
    "round_objected": "There are objections to answer in a new text: {title}",
    "round_inquorate": "Too few took part; put the proposal again: {title}",
    "round_silent": "Not every seat answered in time: {title}",
    "limit_review_due": "Time to review what came of a raised limit: {title}",
    "idea_answered": "Your idea has an answer: {title}",
    "idea_merged": "Your idea was joined to the same idea of somebody else; you will hear the answer: {title}",
    "idea_joined": "Somebody had the same idea as you; there is one question now: {title}",
    "idea_you_support_answered": "An idea you support has an answer: {title}",
    "promise_asked_of_you": "You promised: {title}",
    "promise_overdue": "The day has passed and nobody has said that it was done: {title}",
    "promise_kept_confirm": "Said to be done – is it so? {title}",
    "promise_confirmed": "The team says you kept your promise: {title}",
    "promise_not_kept": "The team says this was not kept: {title}",
    "look_back_due": "Time to look back: {title}",
    "authority_starts": "In force until its day: {title}",
    "authority_ended": "Over; decisions are with whose they were: {title}",
    "team_yours": "You are in a response team: {title}",
    "reconfiguration_go": "It goes ahead: {title}",
    "reconfiguration_not_now": "Not now; you can ask again: {title}",
    "reconfiguration_no": "It does not go ahead: {title}",
    "looked_back_keep": "Looked back on and kept: {title}",
    "looked_back_adapt": "Looked back on and kept, with changes: {title}",
    "looked_back_end": "Looked back on and ended: {title}",
    "situation_update": "Where things stand: {title}",
    "update_due": "The next update was promised for now and has not come: {title}",
    "check_in_offered": "A conversation about how you are is offered to you, and stays between you: {title}",
    "draft_asks_you": "You are asked to comment on what will bind you: {title}",
    "comment_made": "Somebody commented on your draft: {title}",
    "comment_answered": "Your comment has an answer: {title}",
    "draft_decided": "Decided on a draft you worked on: {title}",
    "draft_withdrawn": "Not taken further, so your comment ends here: {title}",
    "meeting_planned": "You have a seat in this, and a meeting is planned: {title}",
    "meeting_cancelled": "Called off: {title}",
    "pledge_made_to_you": "Another organisation promises yours: {title}",
    "pledge_kept_confirm": "Another organisation says it kept its promise – is it so? {title}",
    "pledge_ended": "Another organisation does not keep or takes back its promise: {title}",
    "pledge_overdue": "The day has passed and your organisation has not said what became of its promise: {title}",
    "pledge_confirmed": "They say you kept your promise: {title}",
    "pledge_not_kept": "They say this was not kept: {title}",
    "brief_to_read": "Another organisation sends you its brief, to be said back: {title}",
    "brief_said_back": "Another organisation said your brief back: {title}",
    "initiative_chosen": "Chosen, and yours to start: {title}",
    "initiative_due": "Ninety days are over; somebody other than its lead says what can be seen of it: {title}",
    "initiative_looked_at": "Somebody said what can be seen of your work: {title}",
}
PAGES = {("record", "decision"): "decision", ("record", "seat"): "seat", ("record", "change"): "change", ("record", "commitment"): "promise",
         ("voice", "idea"): "idea", ("voice", "visit"): "visit",
         ("crisis", "declaration"): "authority", ("crisis", "team"): "response-team", ("crisis", "update"): "situation",
         ("crisis", "reconfiguration"): "reconfiguration", ("crisis", "area"): "area",
         ("governance", "draft"): "draft", ("governance", "meeting"): "meeting", ("governance", "initiative"): "joint-work",
         ("governance", "pledge"): "promises/given", ("governance", "pledge_received"): "promises/received",
         ("governance", "brief_received"): "brief/received"}  # fmt: skip
#: A message that was being sent for longer than this was interrupted.
INTERRUPTED = timedelta(minutes=10)
#: Notices looked at in one round.
MOST = 2000


def deliver() -> int:
    """Send today's digest to everybody for whom something is new and who has had none today; returns how many went out."""
    at = time.now(using="jobs")
    sent = 0
    for organisation_id in _organisations():
        for person_id, ids in _due(organisation_id, at).items():
            try:
                sent += _send(organisation_id, person_id, ids, at)
            except Error:
                raise
            except Exception as error:  # a mail server that is away, an address that is none: nobody else waits for it
                log.error("a digest could not be sent: %s", type(error).__name__)
    return sent


def _organisations() -> list[int]:
    with connections["jobs"].cursor() as cursor:
        cursor.execute("select id from organisation_organisation where id <> 0 order by id")
        return [row[0] for row in cursor.fetchall()]


def _due(organisation_id: int, at: datetime) -> dict[UUID, list[UUID]]:
    """Whom to tell of what, now: claimed and committed before anything is sent."""
    mine = Notice.objects.using("jobs").filter(organisation_id=organisation_id)
    with transaction.atomic(using="jobs"):
        scope.enter(organisation_id, using="jobs")
        told = mine.filter(told_at__gte=at - timedelta(days=2))
        had = {_recipient(row) for row in told if row.told_at and local_date(row.told_at) == local_date(at)}
        had |= {_recipient(row) for row in mine.filter(told_at__isnull=True, sending_since__gte=at - INTERRUPTED)}
        rows = (
            mine.select_for_update(skip_locked=True)
            .filter(told_at__isnull=True)
            .filter(Q(sending_since__isnull=True) | Q(sending_since__lt=at - INTERRUPTED))
            .exclude(person_id__in=had - {None})
        )
        waiting: dict[UUID, list[Notice]] = defaultdict(list)
        nobody = []
        for row in rows.order_by("at", "id")[:MOST]:
            person_id = _recipient(row)
            if person_id is None:
                nobody.append(row.id)
            elif person_id not in had:
                waiting[person_id].append(row)
        mine.filter(id__in=nobody).update(told_at=at)  # nobody to tell: it must not stand in the way of others for ever
        found = {person_id: _batch(notices) for person_id, notices in waiting.items()}
        mine.filter(id__in=[one for ids in found.values() for one in ids]).update(sending_since=at)
    return found


def _recipient(notice: Notice) -> UUID | None:
    """Who is to be told; a practice that is no longer installed knows nobody."""
    if notice.person_id is not None or notice.practice == "record":
        return notice.person_id
    try:
        practice = practice_named(notice.practice)
    except LookupError:
        return None
    return practice.whom_to_tell(notice.about_kind, notice.about_id, using="jobs")


def _batch(notices: list[Notice]) -> list[UUID]:
    """What goes into one message: first, and alone, what was being sent when something crashed."""
    interrupted = sorted(notice.sending_since for notice in notices if notice.sending_since is not None)
    first = interrupted[0] if interrupted else None
    return [notice.id for notice in notices if notice.sending_since == first]


def _send(organisation_id: int, person_id: UUID, ids: list[UUID], at: datetime) -> int:
    with transaction.atomic(using="jobs"):
        viewer = viewer_of(organisation_id, person_id, at, using="jobs")
        person = Person.objects.using("jobs").filter(id=person_id).first()
        notices = list(Notice.objects.using("jobs").filter(id__in=ids, told_at__isnull=True).order_by("at", "id"))
        message = _message(viewer, person, notices, at) if viewer and person and person.email else None
    if message is not None:
        message.send()
    with transaction.atomic(using="jobs"):
        scope.enter(organisation_id, using="jobs")
        Notice.objects.using("jobs").filter(id__in=ids).update(told_at=at)
        leave("record.digest_sent" if message else "record.digest_without_address", by=SYSTEM, at=at, organisation_id=organisation_id,
              practice="record", object_kind="notice", notices=len(ids), using="jobs")  # fmt: skip
    return 1 if message else 0


def _message(viewer: Viewer, person: Person, notices: list[Notice], at: datetime) -> EmailMessage | None:
    lines = [line for notice in notices if (line := _line(viewer, notice, at))]
    if not lines:
        return None
    count = len(lines)
    body = (
        f"Dear {person.name},\n\n"
        + "\n\n".join(lines)
        + f"\n\nEverything that is new for you: {settings.GOLDTHREAD_ADDRESS}/\n"
    )
    key = hashlib.sha256(" ".join(sorted(str(notice.id) for notice in notices)).encode()).hexdigest()[:32]
    return EmailMessage(
        subject=f"goldthread: {count} thing{'' if count == 1 else 's'} for you",
        body=body,
        to=[person.email],
        headers={"Message-ID": f"<{key}@goldthread>", "Auto-Submitted": "auto-generated"},
    )


def _line(viewer: Viewer, notice: Notice, at: datetime) -> str:
    """One sentence and where to go; nothing about a thing that the reader may not see."""
    ref = Ref(notice.practice, notice.about_kind, notice.about_id)
    title = titles([ref], viewer).get(ref)
    if title is None:
        return ""
    line = WORDS.get(notice.kind, "{title}").format(title=title)
    page = PAGES.get((notice.practice, notice.about_kind))
    if page:
        line += f"\n{settings.GOLDTHREAD_ADDRESS}/{page}/{notice.about_id}"
    if notice.kind == "idea_answered" and viewer.person_id is not None:
        token = make_link(
            purpose="loop", ref=ref, organisation_id=viewer.organisation_id, person_id=viewer.person_id, at=at
        )
        line += f"\nWere you told, and would you raise something again? Say so here, without signing in: {settings.GOLDTHREAD_ADDRESS}/say-so/{token}"
    return line


def titles(refs: list[Ref], viewer: Viewer) -> dict[Ref, str]:
    """What each thing is called, as the job process may read it in the organisation's scope."""
    from goldthread.record.queries.thread import describe

    found = describe(refs, viewer, using="jobs")
    return {ref: one.title for ref, one in found.items() if one is not None}
