"""A promise is confirmed by whoever received it, and is never reworded, moved or dropped."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from goldthread.journal.models import Event
from goldthread.organisation.access import NotFound
from goldthread.practices.voice.actions.ideas import raise_idea, ref_of
from goldthread.record.actions import commitments
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Clock, Commitment, Notice


@pytest.fixture
def promised(small_system, at):
    """The chief executive promised Ward 7 a lift that works."""
    idea = raise_idea(by=small_system.viewer(small_system.nurse), at=at, unit=small_system.ward7, text="The lift").idea
    return commitments.promise(by=small_system.viewer(small_system.chief), at=at, about=ref_of(idea), text="The lift will work",
                               to_unit=small_system.ward7, due_on=at.date() + timedelta(days=7))  # fmt: skip


def refused(sql, *values, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_promise_has_a_clock(promised):
    clock = Clock.objects.get(about_id=promised.id)
    assert (clock.purpose, clock.state, clock.due_at.isoformat()) == ("promise_due", "pending", "2026-06-22T23:00:00+00:00")  # fmt: skip


def test_a_promise_is_for_today_or_later(small_system, promised, at):
    with pytest.raises(Invalid) as caught:
        commitments.promise(by=small_system.viewer(small_system.chief), at=at, about=commitments.ref_of(promised), text="x",
                            to_unit=small_system.ward7, due_on=at.date() - timedelta(days=1))  # fmt: skip
    assert caught.value.field == "due_on"


@pytest.mark.parametrize("name", ["manager", "deputy", "nurse", "head"])
def test_the_receiving_team_confirms(small_system, promised, at, name):
    commitments.say_kept(by=small_system.viewer(small_system.chief), at=at, commitment=promised, note="Repaired")
    done = commitments.confirm(by=small_system.viewer(getattr(small_system, name)), at=at, commitment=promised, kept=True)  # fmt: skip
    assert (done.state, done.confirmed_by_id) == ("kept", getattr(small_system, name).id)
    assert Clock.objects.get(about_id=promised.id).state == "stopped"
    assert Notice.objects.filter(kind="promise_confirmed", person_id=small_system.chief.id).count() == 1


def test_whoever_promised_says_kept_but_never_confirms(small_system, promised, at):
    chief = small_system.viewer(small_system.chief)
    kept = commitments.say_kept(by=chief, at=at, commitment=promised)
    assert (kept.state, kept.confirmed_by_id) == ("kept", None)
    with pytest.raises(NotYours, match="Ward 7 received this promise"):
        commitments.confirm(by=chief, at=at, commitment=promised, kept=True)
    refused("update record_commitment set confirmed_by_id = promised_by_id, confirmed_at = now() where id = %s", promised.id,
            match="commitment_is_confirmed_by_the_receiver")  # fmt: skip


def test_others_have_no_say(small_system, promised, at):
    with pytest.raises(NotYours):
        commitments.confirm(by=small_system.viewer(small_system.porter), at=at, commitment=promised, kept=True)
    with pytest.raises(NotYours):
        commitments.say_kept(by=small_system.viewer(small_system.porter), at=at, commitment=promised)
    with pytest.raises(NotFound):
        commitments.confirm(by=small_system.viewer(small_system.stranger), at=at, commitment=promised, kept=True)


def test_a_manager_who_promised_to_her_own_ward_does_not_confirm_it(small_system, promised, at):
    own = commitments.promise(by=small_system.viewer(small_system.manager), at=at, about=commitments.ref_of(promised), text="New rota",
                              to_unit=small_system.ward7, due_on=at.date())  # fmt: skip
    with pytest.raises(NotYours):
        commitments.confirm(by=small_system.viewer(small_system.manager), at=at, commitment=own, kept=True)
    assert commitments.confirm(by=small_system.viewer(small_system.nurse), at=at, commitment=own, kept=True).state == "kept"  # fmt: skip


def test_not_kept_is_an_end(small_system, promised, at):
    nurse = small_system.viewer(small_system.nurse)
    assert commitments.confirm(by=nurse, at=at, commitment=promised, kept=False).state == "not_kept"
    with pytest.raises(AlreadyEnded, match="not kept"):
        commitments.confirm(by=nurse, at=at, commitment=promised, kept=True)
    refused("update record_commitment set state = 'kept' where id = %s", promised.id, match="this promise has ended")


def test_a_promise_is_never_reworded_or_moved(small_system, promised):
    for change in ("text = 'The lift may work'", "due_on = due_on + 7", f"promised_by_id = '{small_system.head.id}'"):
        refused(
            f"update record_commitment set {change} where id = %s", promised.id, match="cannot be reworded or moved"
        )
    refused("delete from record_commitment where id = %s", promised.id, match="permission denied")


def test_a_promise_that_has_ended_says_when(promised):
    refused("update record_commitment set state = 'kept' where id = %s", promised.id, match="commitment_ends_once")
    refused("update record_commitment set state = 'forgotten' where id = %s", promised.id, match="commitment_ends_once")


def test_the_journal_holds_no_words(promised):
    event = Event.objects.get(kind="record.promise_made", object_id=promised.id)
    assert "lift" not in str(event.data)
    assert Commitment.objects.get(id=promised.id).text == "The lift will work"
