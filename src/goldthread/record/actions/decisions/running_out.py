"""The time for a decision has run out: it lapses, counts as consent, or goes to somebody else; the scheme says which."""

from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, leave
from goldthread.methods import rights
from goldthread.organisation.models import Unit
from goldthread.record import rules
from goldthread.record.actions.clocks import set_clock
from goldthread.record.actions.decisions.asked_again import end_of_authority
from goldthread.record.actions.decisions.common import ref_of, tell_deciders
from goldthread.record.actions.decisions.taking import after_decided
from goldthread.record.actions.notices import tell
from goldthread.record.actions.seats import clear_table, invite_seats_of, leave_seats
from goldthread.record.days import due_in
from goldthread.record.models import Decision
from goldthread.record.models.decisions import TOGETHER
from goldthread.record.practice import practice_named


def time_is_up(*, decision_id: UUID, at: datetime, using: str) -> None:
    """Called by the sweeper, which holds the clock already; whoever decides takes the decision first and then its clock: never
    wait here.
    """
    from goldthread.record.actions.rounds import settle

    decision = Decision.objects.using(using).select_for_update(nowait=True, of=("self",)).select_related(
        "decider_unit", "unit", "body", "scheme").get(id=decision_id)  # fmt: skip
    if decision.state != "open":
        return
    if decision.authority_until is not None and decision.authority_until <= at:
        decision = end_of_authority(decision=decision, at=at, using=using)
        if decision.due_at > at:
            return  # it is somebody else's now, with days of their own
    if decision.method in TOGETHER and settle(decision, at=at, using=using) == "carried":
        return
    if decision.due_at > at:  # the last objection has just sent it up
        return
    if decision.silence == "lapses":
        _lapse(decision, at, using)
    elif decision.silence == "consents" and decision.method not in TOGETHER and not _unheard(decision, using):
        _consent(decision, at, using)
    else:
        pass_up(decision, at, using)


def _unheard(decision: Decision, using: str) -> bool:
    """Whether somebody who must be heard was not asked, or has no answer: then silence is no consent."""
    with connections[using].cursor() as cursor:
        cursor.execute("select goldthread_still_missing(%s) is not null", [decision.id])
        return bool(cursor.fetchone()[0])


def _lapse(decision: Decision, at: datetime, using: str) -> None:
    decision.state = "lapsed"
    decision.save(using=using, update_fields=["state"])
    clear_table(decision, "lapsed", at, using=using)
    tell(organisation_id=decision.organisation_id, person_id=decision.raised_by_id, about=ref_of(decision),
         kind="decision_lapsed", at=at, using=using)  # fmt: skip
    leave("record.decision_lapsed", by=SYSTEM, at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, rule=decision.rule, using=using)  # fmt: skip
    practice_named(decision.practice).on_lapsed(decision, using=using)


def _consent(decision: Decision, at: datetime, using: str) -> None:
    kind = practice_named(decision.practice).decision_kind(decision.kind)
    yes = [outcome for outcome in kind.outcomes if outcome in kind.positive]
    if not yes:
        pass_up(decision, at, using)
        return
    with transaction.atomic(using=using):
        decision.state, decision.outcome, decision.decided_as, decision.decided_at = "decided", yes[0], "silence", at
        decision.reason = "Nobody objected by the day it was due, which the scheme of delegation counts as consent."
        decision.save(using=using, update_fields=["state", "outcome", "decided_as", "decided_at", "reason"])
        after_decided(decision, at=at, actor=SYSTEM, using=using)


def pass_up(decision: Decision, at: datetime, using: str, *, why: str = "expired") -> None:
    """To the next step of the dispute ladder, to the decider of the rule that the scheme names, or to the manager above."""
    leave_seats(decision, "passed up", at, using=using)
    within, second = _next(decision, at, using)
    decision.passed_up += 1
    decision.delegated_to = None
    decision.due_at = due_in(at, within)
    decision.save(using=using)
    set_clock(ref_of(decision), organisation_id=decision.organisation_id, purpose="decision_due", due_at=decision.due_at,
              using=using)  # fmt: skip
    if decision.method in TOGETHER:
        invite_seats_of(decision, at, second=second, using=using)
    tell_deciders(decision, "decision_passed_up", at, once=str(decision.passed_up), using=using)
    leave("record.decision_passed_up", by=SYSTEM, at=at, organisation_id=decision.organisation_id, practice="record",
          object_kind="decision", object_id=decision.id, rule=decision.rule, to=decision.decider_unit.key,
          times=decision.passed_up, step=decision.ladder_step, why=why, using=using)  # fmt: skip


def _next(decision: Decision, at: datetime, using: str) -> tuple[int, str]:
    """Whose it becomes; returns the days they have, and who holds the second key where there is one."""
    policy = rules.policy_of(decision.scheme) if decision.scheme else None
    day = local_date(at)
    if policy is not None and decision.on_expiry.startswith("escalate:"):
        named = decision.on_expiry.removeprefix("escalate:").strip()
        target = next((rule for rule in policy.rules if rule.id == named), None)
        if target is not None:
            _give(decision, policy, target.then.decider, target.then.method, at, using)
            decision.on_expiry = target.then.on_expiry
            decision.quorum = target.then.quorum
            return target.then.within_days, target.then.second or target.then.decider
    disputed = decision.on_expiry == "ladder" or decision.method in ("consent", "joint")
    if policy is not None and disputed and decision.ladder_step < len(policy.ladder):
        step = policy.ladder[decision.ladder_step]
        decision.ladder_step += 1
        last = decision.ladder_step == len(policy.ladder)
        decision.on_expiry = "ladder"
        _give(decision, policy, step.decider, None if last else decision.method, at, using)
        own = next((rule.then for rule in policy.rules if rule.id == decision.rule), None)
        return step.within_days, (own.second or own.decider) if own else step.decider
    unit = Unit.objects.using(using).get(key=decision.decider_unit_id)
    decision.decider_unit = rules.above(unit, day, using=using)
    decision.decider_role, decision.deputy_role, decision.body = rules.DECIDER, rules.DEPUTY, None
    decision.method = "alone" if decision.method in TOGETHER else decision.method
    return rules.WITHIN_DAYS, ""


def _give(decision: Decision, policy: rights.Policy, name: str, method: str | None, at: datetime, using: str) -> None:
    """To the holder of a decider's name. Without a method: a body votes, one person decides alone."""
    holder = rules.resolve(policy, name, decision.unit, local_date(at), using=using)
    decision.decider_role, decision.deputy_role = holder.role, holder.deputy
    decision.decider_unit, decision.body, decision.level = holder.unit, holder.body, holder.level
    decision.method = method or ("majority" if holder.body else "alone")
    decision.authority_until, decision.returns_to = None, None
