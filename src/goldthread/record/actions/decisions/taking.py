"""Taking a decision: exactly one outcome, by whoever may, with a reason; and all that follows in the same transaction."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import Actor, leave
from goldthread.organisation.access import NotFound, Viewer
from goldthread.record.actions import sealed
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.decisions.common import holders_of, may_decide, not_yours, ref_of
from goldthread.record.actions.notices import tell
from goldthread.record.days import end_of_day
from goldthread.record.errors import AlreadyEnded, Invalid, Refused
from goldthread.record.models import Decision, Hearing, Submission
from goldthread.record.practice import practice_named
from goldthread.record.text import clean_text

__all__ = ["after_decided", "decide", "may_decide"]

TOGETHER = {
    "consent": "This is decided by consent: put a proposal to everybody who has a seat.",
    "majority": "This is decided by a vote: put a proposal to the members.",
    "two-key": "This needs two people: put a proposal, and the other key-holder signs it.",
    "joint": "This is decided by all organisations it touches: put a proposal to their seats.",
}


@transaction.atomic
def decide(
    *, by: Viewer, at: datetime, decision: Decision, outcome: str, reason: str, reason_code: str = "",
    expects: str = "", look_back_on: date | None = None, amended: bool = False,
) -> Decision:  # fmt: skip
    """Take the decision alone or after advice. The practice follows up in the same transaction.

    `amended` says that what people said changed how it is done, though not whether. Raises NotYours (says who may), AlreadyEnded
    (says who and when), Refused (who has still to be heard or answered), Invalid.
    """
    kind = practice_named(decision.practice).decision_kind(decision.kind)
    if outcome not in kind.outcomes:
        raise Invalid("outcome", f"Choose one of: {', '.join(kind.outcomes.values())}.")
    if look_back_on is not None and look_back_on <= local_date(at):
        raise Invalid("look_back_on", "The day to look back must be after today.")
    role = _take(by, at, decision, outcome, reason_code, clean_text(reason, field="reason", limit=4000),
                 clean_text(expects, field="expects", limit=2000, required=False), look_back_on)  # fmt: skip
    decision.refresh_from_db()
    after_decided(decision, at=at, actor=by.acting_as(role), decided_by_sealer=by.person_id, amended=amended)
    return decision


def after_decided(
    decision: Decision, *, at: datetime, actor: Actor, decided_by_sealer: object = None, amended: bool = False,
    using: str = "default",
) -> None:  # fmt: skip
    """What follows every decision, however it was taken: clocks, the sealed view, the practice, and everybody heard or named."""
    ref = ref_of(decision)
    mine = decision.organisation_id
    stop_clock(ref, organisation_id=mine, purpose="decision_due", using=using)
    stop_clock(ref, organisation_id=mine, purpose="hearing_closes", using=using)
    Hearing.objects.using(using).filter(decision=decision, closed_at__isnull=True).update(closed_at=at)
    if decision.look_back_on is not None:
        set_clock(ref, organisation_id=mine, purpose="look_back", due_at=end_of_day(decision.look_back_on), using=using)
    effect = sealed.open_view(decision, decided_by_sealer, amended=amended, at=at, using=using)
    leave(
        "record.decision_taken", by=actor, at=at, organisation_id=mine, practice="record", object_kind="decision",
        object_id=decision.id, rule=decision.rule, outcome=decision.outcome, reason_code=decision.reason_code, using=using,
        **({"after_hearing": effect} if effect else {}),
    )  # fmt: skip
    heard = Submission.objects.using(using).filter(decision=decision, said_by__isnull=False)
    told = set(heard.values_list("said_by_id", flat=True)) | {decision.raised_by_id}
    for name in decision.inform:
        told |= set(holders_of(name, decision, at, using=using))
    for person_id in sorted(told - {None, actor.id}, key=str):
        tell(organisation_id=mine, person_id=person_id, about=ref, kind="decision_taken", at=at, using=using)
    practice_named(decision.practice).on_decided(decision)


def _take(by: Viewer, at: datetime, decision: Decision, outcome: str, reason_code: str, reason: str, expects: str,
          look_back_on: date | None) -> str:  # fmt: skip
    try:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(
                "select goldthread_decide(%s, %s, %s, %s, %s, %s, %s, %s)",
                [decision.id, by.person_id, outcome, reason_code, reason, expects, look_back_on, at],
            )
            role: str = cursor.fetchone()[0]
            return role
    except DatabaseError as error:
        raise _refusal(error, decision) from error


def _refusal(error: DatabaseError, decision: Decision) -> Exception:
    """The database's refusal as a sentence; any other error as it is."""
    cause = error.__cause__
    message = getattr(getattr(cause, "diag", None), "message_primary", None) or str(error)
    state = getattr(cause, "sqlstate", None)
    if state == "P0002":
        return NotFound("no such decision")
    if state == "55000":
        return AlreadyEnded(f"This was {_ended(decision, message)}. Nothing was changed.")
    if state == "42501":
        return not_yours(Decision.objects.select_related("decider_unit", "body").get(id=decision.id))
    if state == "GT001":
        return Refused(f"{TOGETHER[message]} Nothing was changed.")
    if state == "GT002":
        return Refused(f"This cannot be decided yet. {_missing(message)} Nothing was changed.")
    return error


def _ended(decision: Decision, message: str) -> str:
    ended = Decision.objects.select_related("decided_by").get(id=decision.id)
    if ended.decided_at is None:
        return message
    when = ended.decided_at.astimezone(ZoneInfo(settings.TIME_ZONE))  # the database's message has the time in UTC
    who = ended.decided_by.name if ended.decided_by is not None else "everybody who decides it together"
    return f"already decided by {who} at {when:%H:%M on %-d %B %Y}"


def _missing(message: str) -> str:
    what, _, detail = message.partition(": ")
    return {
        "hearing": f"Ask those who must be heard first ({detail}).",
        "professions": f"A voice from each profession is needed first ({detail}).",
        "replies": f"Everybody who was heard gets an answer first: {detail}.",
    }.get(what, message)
