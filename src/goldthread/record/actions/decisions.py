"""Raising, taking, handing on and merging decisions."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import ANONYMOUS, SYSTEM, leave
from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.organisation.roles import ROLES
from goldthread.record import rules
from goldthread.record.actions.clocks import set_clock, stop_clock
from goldthread.record.actions.links import link
from goldthread.record.actions.notices import tell
from goldthread.record.days import due_in, end_of_day, start_of_day
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Decision
from goldthread.record.practice import practice_named
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


def ref_of(decision: Decision) -> Ref:
    """The decision as other objects point at it."""
    return Ref("record", "decision", decision.id)


@transaction.atomic
def raise_decision(
    *, by: Viewer, at: datetime, kind: str, about: Ref, unit: Unit, question: str,
    attributes: Mapping[str, str | int | bool] | None = None, anonymous: bool = False,
) -> Decision:  # fmt: skip
    """Open a question: find who may decide it, set the clock, tell them. One open decision of a kind about a thing.

    `anonymous` keeps no time of day in anything it writes.
    """
    practice_named(about.practice).decision_kind(kind)
    day = local_date(at)
    found = rules.match(unit, day)
    decision = Decision(
        organisation_id=by.organisation_id,
        practice=about.practice,
        kind=kind,
        about_kind=about.kind,
        about_id=about.id,
        unit_id=unit.key,
        question=clean_text(question, field="question", limit=300),
        attributes=dict(attributes or {}),
        scheme_version=found.scheme_version,
        rule=found.rule,
        method=found.method,
        decider_role=found.decider_role,
        decider_unit_id=found.decider_unit.key,
        deputy_role=found.deputy_role,
        opened_at=start_of_day(at) if anonymous else at,
        due_at=due_in(at, found.within_days),
    )
    if anonymous:
        decision.id = uuid4()
    decision.save(force_insert=True)
    ref = ref_of(decision)
    set_clock(
        ref, organisation_id=by.organisation_id, purpose="decision_due", due_at=decision.due_at, anonymous=anonymous
    )
    link(about, "raised", ref, organisation_id=by.organisation_id, at=at, anonymous=anonymous)
    _tell_deciders(decision, "decision_yours", decision.opened_at, anonymous=anonymous)
    leave(
        "record.decision_raised", by=ANONYMOUS if anonymous else by.acting_as(), at=at, organisation_id=by.organisation_id,
        practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule, about=about, unit=unit.key,
    )  # fmt: skip
    return decision


@transaction.atomic
def decide(
    *, by: Viewer, at: datetime, decision: Decision, outcome: str, reason: str, reason_code: str = "",
    expects: str = "", look_back_on: date | None = None,
) -> Decision:  # fmt: skip
    """Take the decision: exactly one outcome, by whoever may, with a reason. The practice follows up in the same transaction.

    Raises NotYours (says who may), AlreadyEnded (says who and when), Invalid.
    """
    kind = practice_named(decision.practice).decision_kind(decision.kind)
    if outcome not in kind.outcomes:
        raise Invalid("outcome", f"Choose one of: {', '.join(kind.outcomes.values())}.")
    if look_back_on is not None and look_back_on <= local_date(at):
        raise Invalid("look_back_on", "The day to look back must be after today.")
    role = _take(by, at, decision, outcome, reason_code, clean_text(reason, field="reason", limit=4000),
                 clean_text(expects, field="expects", limit=2000, required=False), look_back_on)  # fmt: skip
    decision.refresh_from_db()
    ref = ref_of(decision)
    stop_clock(ref, organisation_id=by.organisation_id, purpose="decision_due")
    if look_back_on is not None:
        set_clock(ref, organisation_id=by.organisation_id, purpose="look_back", due_at=end_of_day(look_back_on))
    leave(
        "record.decision_taken", by=by.acting_as(role), at=at, organisation_id=by.organisation_id, practice="record",
        object_kind="decision", object_id=decision.id, rule=decision.rule, outcome=outcome, reason_code=reason_code,
    )  # fmt: skip
    practice_named(decision.practice).on_decided(decision)
    return decision


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
        ended = Decision.objects.select_related("decided_by").get(id=decision.id)
        if ended.decided_by is not None and ended.decided_at is not None:  # the database's message has the time in UTC
            when = ended.decided_at.astimezone(ZoneInfo(settings.TIME_ZONE))
            message = f"already decided by {ended.decided_by.name} at {when:%H:%M on %-d %B %Y}"
        return AlreadyEnded(f"This was {message}. Nothing was changed.")
    if state == "42501":
        slug, _, unit = message.partition(" of ")
        title = ROLES[slug].title.lower() if slug in ROLES else slug
        return NotYours(f"This is for the {title} of {unit} to decide, or the deputy. Nothing was changed.")
    return error


def may_decide(viewer: Viewer, decision: Decision) -> bool:
    """Whether the viewer may take this decision now: asked of the same function that guards the taking."""
    if viewer.person_id is None or decision.state != "open":
        return False
    with connections["default"].cursor() as cursor:
        cursor.execute("select allowed from goldthread_may_decide(%s, %s)", [decision.id, viewer.person_id])
        return bool(cursor.fetchone()[0])


def _require_decider(by: Viewer, decision: Decision) -> None:
    if decision.state != "open":
        raise AlreadyEnded(f"This decision is already {decision.state}. Nothing was changed.")
    if not may_decide(by, decision):
        title = ROLES[decision.decider_role].title.lower()
        raise NotYours(
            f"This is for the {title} of {decision.decider_unit.name} to decide, or the deputy. Nothing was changed."
        )


@transaction.atomic
def delegate(*, by: Viewer, at: datetime, decision: Decision, to: Person) -> Decision:
    """Hand the decision to a named person, who may then take it; the decision-maker still may. The clock runs on."""
    decision = _lock(decision)
    _require_decider(by, decision)
    if to.organisation_id != decision.organisation_id or (to.left_on and to.left_on <= local_date(at)):
        raise Invalid("to", "Choose somebody who works in this organisation now.")
    if decision.delegated_to_id == by.person_id:
        raise Refused("It was handed to you, and cannot be handed on. Give it back by asking its decision-maker.")
    decision.delegated_to = to
    decision.save(update_fields=["delegated_to"])
    tell(
        organisation_id=by.organisation_id,
        person_id=to.id,
        about=ref_of(decision),
        kind="decision_handed_to_you",
        at=at,
    )
    leave("record.decision_delegated", by=by.acting_as(decision.decider_role), at=at, organisation_id=by.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule, to=to.id)  # fmt: skip
    return decision


@transaction.atomic
def take_to_huddle(*, by: Viewer, at: datetime, decision: Decision) -> Decision:
    """Put the decision on the unit's next huddle board; it stays whose it is, and the clock runs on."""
    decision = _lock(decision)
    _require_decider(by, decision)
    decision.at_huddle = True
    decision.save(update_fields=["at_huddle"])
    leave("record.decision_to_huddle", by=by.acting_as(decision.decider_role), at=at, organisation_id=by.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule)  # fmt: skip
    return decision


@transaction.atomic
def merge(*, by: Viewer, at: datetime, decision: Decision, into: Decision) -> Decision:
    """End this question in another open one of the same kind; both askers hear the answer."""
    first, second = sorted((decision.id, into.id))
    locked = {row.id: row for row in Decision.objects.select_for_update().filter(id__in=(first, second)).order_by("id")}
    decision, into = locked[decision.id], locked[into.id]
    _require_decider(by, decision)
    if (
        into.id == decision.id
        or into.state != "open"
        or (into.practice, into.kind) != (decision.practice, decision.kind)
    ):
        raise Invalid("into", "Choose another question of the same kind that is still open.")
    decision.state, decision.merged_into = "merged", into
    decision.save(update_fields=["state", "merged_into"])
    stop_clock(ref_of(decision), organisation_id=by.organisation_id, purpose="decision_due")
    link(ref_of(decision), "joins", ref_of(into), organisation_id=by.organisation_id, at=at)
    leave("record.decision_merged", by=by.acting_as(decision.decider_role), at=at, organisation_id=by.organisation_id,
          practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule, into=into.id)  # fmt: skip
    return decision


def withdraw(*, by: Viewer, at: datetime, decision: Decision) -> Decision:
    """End a question without an answer because what it was about is gone. For practices; they check who may."""
    with transaction.atomic():
        decision = _lock(decision)
        if decision.state != "open":
            raise AlreadyEnded(f"This decision is already {decision.state}. Nothing was changed.")
        decision.state = "withdrawn"
        decision.save(update_fields=["state"])
        stop_clock(ref_of(decision), organisation_id=by.organisation_id, purpose="decision_due")
        leave("record.decision_withdrawn", by=by.acting_as(), at=at, organisation_id=by.organisation_id,
              practice="record", object_kind="decision", object_id=decision.id, rule=decision.rule)  # fmt: skip
        return decision


def pass_up(*, decision_id: UUID, at: datetime, using: str) -> None:
    """A decision's time has run out: it goes to the parent unit's manager, with a new clock. Called by the sweeper.

    The sweeper holds the clock already, and whoever decides takes the decision first and then its clock: never wait here.
    """
    decision = Decision.objects.using(using).select_for_update(nowait=True).get(id=decision_id)
    if decision.state != "open":
        return
    above = rules.above(decision.decider_unit, local_date(at))
    decision.decider_unit_id = above.key
    decision.passed_up += 1
    decision.due_at = due_in(at, rules.WITHIN_DAYS)
    decision.save(using=using, update_fields=["decider_unit_id", "passed_up", "due_at"])
    set_clock(
        ref_of(decision),
        organisation_id=decision.organisation_id,
        purpose="decision_due",
        due_at=decision.due_at,
        using=using,
    )
    _tell_deciders(decision, "decision_passed_up", at, once=str(decision.passed_up), using=using)
    leave("record.decision_passed_up", by=SYSTEM, at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, rule=decision.rule, to=above.key, times=decision.passed_up,
          using=using)  # fmt: skip


def _tell_deciders(
    decision: Decision, kind: str, at: datetime, *, once: str = "", anonymous: bool = False, using: str = "default"
) -> None:
    unit = Unit.objects.using(using).get(key=decision.decider_unit_id)
    for held in tree.holders(unit, (decision.decider_role, decision.deputy_role), local_date(at), using=using):
        tell(organisation_id=decision.organisation_id, person_id=held.person_id, about=ref_of(decision), kind=kind,
             at=at, once=once, anonymous=anonymous, using=using)  # fmt: skip


def _lock(decision: Decision) -> Decision:
    try:
        return Decision.objects.select_for_update(of=("self",)).select_related("decider_unit").get(id=decision.id)
    except Decision.DoesNotExist:
        raise NotFound("no such decision") from None
