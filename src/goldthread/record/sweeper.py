"""Firing clocks: each exactly once, whoever sweeps and whatever crashes.

A clock is taken with FOR UPDATE SKIP LOCKED, its handler runs in the same transaction, and both commit together. A failing
handler undoes its own work only, backs off, and is parked with an alarm after six tries; it blocks no other clock. What a
handler needs while somebody else holds it is waited for later, not now: they may be waiting for the clock.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connections, transaction

from goldthread.journal import clock as time
from goldthread.journal import scope
from goldthread.record.actions import commitments, decisions, earned, hearings, notices, rounds
from goldthread.record.models import Change, Clock, Decision
from goldthread.record.practice import practice_named
from goldthread.record.refs import Ref

log = logging.getLogger(__name__)

TRIES = 6
#: Clocks in one round, so that seals and messages have their turn.
MOST = 500
#: How long to leave a clock whose object somebody is just changing.
BUSY = timedelta(seconds=2)
LOCK_NOT_AVAILABLE = "55P03"


def sweep(*, most: int = MOST, stopping: Callable[[], bool] = lambda: False) -> int:
    """Fire clocks that are due, one transaction each; returns how many fired. Any number of sweepers may run at once."""
    fired = 0
    for _ in range(most):
        if stopping():
            break
        outcome = _fire_next()
        if outcome is None:
            break
        fired += outcome
    return fired


def _fire_next() -> int | None:
    """Fire one due clock: 1 if it fired, 0 if its handler failed, None if none is due."""
    with transaction.atomic(using="jobs"):
        with connections["jobs"].cursor() as cursor:
            cursor.execute(
                """
                select id from record_clock where state = 'pending' and not_before <= goldthread_now()
                order by not_before, id limit 1 for update skip locked
                """
            )
            row = cursor.fetchone()
        if row is None:
            return None
        clock = Clock.objects.using("jobs").get(id=row[0])
        at = time.now(using="jobs")
        scope.enter(clock.organisation_id, using="jobs")
        try:
            with transaction.atomic(using="jobs"):
                # Marked first: a handler may set the next clock for the same purpose.
                clock.state, clock.fired_at = "fired", at
                clock.save(using="jobs", update_fields=["state", "fired_at"])
                _handle(clock, at)
                # A rule that is checked at commit must fail here, as this clock's error: later it would stop every sweep.
                with connections["jobs"].cursor() as cursor:
                    cursor.execute("set constraints all immediate")
        except Exception as error:
            if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
                Clock.objects.using("jobs").filter(id=clock.id).update(not_before=at + BUSY)
            else:
                _back_off(clock, at, error)
            return 0
        return 1


def _handle(clock: Clock, at: datetime) -> None:
    if clock.practice != "record":
        practice_named(clock.practice).on_clock(clock, at)
        return
    handlers: dict[tuple[str, str], Any] = {
        ("decision", "decision_due"): lambda: decisions.time_is_up(decision_id=clock.about_id, at=at, using="jobs"),
        ("decision", "hearing_closes"): lambda: hearings.hearing_closes(
            decision_id=clock.about_id, at=at, using="jobs"
        ),
        ("round", "round_closes"): lambda: rounds.round_closes(round_id=clock.about_id, at=at, using="jobs"),
        ("earned_limit", "limit_review"): lambda: earned.review_due(limit_id=clock.about_id, at=at, using="jobs"),
        ("decision", "look_back"): lambda: _look_back(clock, Decision, at),
        ("change", "look_back"): lambda: _look_back(clock, Change, at),
        ("commitment", "promise_due"): lambda: commitments.promise_due(clock=clock, at=at, using="jobs"),
    }
    try:
        handler = handlers[(clock.about_kind, clock.purpose)]
    except KeyError:
        raise LookupError(f"nothing handles the clock {clock.about_kind}/{clock.purpose}") from None
    handler()


def _look_back(clock: Clock, model: type[Decision] | type[Change], at: datetime) -> None:
    row = model.objects.using("jobs").get(id=clock.about_id)
    person_id = row.decided_by_id if isinstance(row, Decision) else row.owner_id
    notices.tell(organisation_id=clock.organisation_id, person_id=person_id, about=Ref("record", clock.about_kind, row.id),
                 kind="look_back_due", at=at, using="jobs")  # fmt: skip


def _back_off(clock: Clock, at: datetime, error: Exception) -> None:
    attempts = clock.attempts + 1
    log.error(
        "clock %s (%s/%s) failed, try %d: %s", clock.id, clock.practice, clock.purpose, attempts, type(error).__name__
    )
    Clock.objects.using("jobs").filter(id=clock.id).update(
        state="parked" if attempts >= TRIES else "pending",
        fired_at=None,
        attempts=attempts,
        not_before=at + timedelta(seconds=10 * 3**attempts),
        last_error=f"{type(error).__name__}: {error}".replace("\x00", "")[:300],
    )
