"""Forums: the agenda is what needs them, the minutes are what was decided."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from goldthread.organisation.access import NotFound
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.models import AgendaItem, Meeting
from goldthread.record.actions import decisions, hearings
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Notice


@pytest.fixture
def asked(small_system, chief, forum, at):
    """A question of Ward 7 on which the forum must be heard."""
    matter = actions.raise_matter(by=chief, at=at, unit=small_system.ward7, title="Change the handover?")
    hearings.add_party(by=chief, at=at, decision=matter.decision, label="Forum", who="body", must=True, body=forum.body)
    return matter


@pytest.fixture
def meeting(asked, chief, forum, at):
    return actions.plan_meeting(by=chief, at=at, body=forum.body, on=at.date(), place="Room 2")


def test_the_agenda_is_what_needs_the_forum(small_system, meeting, asked, chief, at):
    actions.raise_matter(by=chief, at=at, unit=small_system.ward7, title="Something that does not concern it")
    found = queries.minutes(viewer=chief, meeting=meeting)
    assert [(one.decision.id, one.item.why) for one in found] == [(asked.decision.id, "heard")]
    told = set(Notice.objects.filter(kind="meeting_planned").values_list("person_id", flat=True))
    assert told == {small_system.head.id, small_system.manager.id}


def test_what_comes_to_need_it_later_is_added_at_the_end(small_system, meeting, chief, forum, at):
    matter = actions.raise_matter(by=chief, at=at, unit=small_system.ward9, title="New rota?")
    hearings.add_party(by=chief, at=at, decision=matter.decision, label="Forum", who="body", body=forum.body)
    assert [one.why for one in actions.draw_agenda(by=chief, at=at, meeting=meeting)] == ["consulted"]
    assert actions.draw_agenda(by=chief, at=at, meeting=meeting) == []
    assert [one.item.order for one in queries.minutes(viewer=chief, meeting=meeting)] == [1, 2]


def test_the_minutes_are_the_decisions_with_outcome_and_reason(small_system, meeting, asked, forum, at):
    manager = small_system.viewer(small_system.manager)
    head = small_system.viewer(small_system.head)
    item = AgendaItem.objects.get(meeting=meeting)
    actions.note_item(by=head, at=at, item=item, note="Nights asked for a trial first")
    meeting = actions.hold_meeting(by=head, at=at, meeting=meeting, present=[seat.id for seat in forum.seats])
    decisions.decide(
        by=manager, at=at, decision=asked.decision, outcome="approved_changed", reason="Trial on nights first"
    )
    minute = queries.minutes(viewer=head, meeting=meeting)[0]
    assert (minute.decision.outcome, minute.decision.reason) == ("approved_changed", "Trial on nights first")
    assert minute.decided_there
    assert minute.item.note == "Nights asked for a trial first"
    assert [seat.id for seat in queries.present_at(viewer=head, meeting=meeting)] == [seat.id for seat in forum.seats]


def test_only_who_leads_the_forum_or_governs_convenes_it(small_system, forum, at):
    with pytest.raises(NotYours, match="chair"):
        actions.plan_meeting(
            by=small_system.viewer(small_system.manager), at=at, body=forum.body, on=at.date(), place="Room 2"
        )
    head = small_system.viewer(small_system.head)
    assert actions.plan_meeting(by=head, at=at, body=forum.body, on=at.date(), place="Room 2").state == "planned"


def test_a_meeting_is_held_on_its_day_by_those_who_have_seats(small_system, forum, chief, at):
    later = actions.plan_meeting(by=chief, at=at, body=forum.body, on=at.date() + timedelta(days=7), place="Room 2")
    with pytest.raises(Invalid, match="not that day"):
        actions.hold_meeting(by=chief, at=at, meeting=later, present=[forum.seats[0].id])
    with pytest.raises(Invalid, match="who was there"):
        actions.hold_meeting(by=chief, at=at + timedelta(days=7), meeting=later, present=[small_system.nurse.id])


def test_what_was_held_or_called_off_stays(meeting, chief, forum, at):
    actions.hold_meeting(by=chief, at=at, meeting=meeting, present=[forum.seats[0].id])
    with pytest.raises(AlreadyEnded):
        actions.cancel_meeting(by=chief, at=at, meeting=meeting, because="Snow")
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.filter(id=meeting.id).update(present=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        AgendaItem.objects.filter(meeting=meeting).delete()
    actions.note_item(by=chief, at=at, item=AgendaItem.objects.get(meeting=meeting), note="Written up the next day")


def test_calling_a_meeting_off_needs_a_reason_and_leaves_the_decisions_open(meeting, asked, chief, at):
    with pytest.raises(Invalid):
        actions.cancel_meeting(by=chief, at=at, meeting=meeting, because=" ")
    actions.cancel_meeting(by=chief, at=at, meeting=meeting, because="Snow")
    asked.decision.refresh_from_db()
    assert asked.decision.state == "open"
    assert Notice.objects.filter(kind="meeting_cancelled").count() == 2


def test_a_forum_shows_which_professions_have_no_seat(small_system, forum):
    viewer = small_system.viewer(small_system.chief)
    found = queries.forum(viewer=viewer, body_id=forum.body.id)
    assert found.vacant == ("Estates and ancillary", "Managers")
    stranger = small_system.viewer(small_system.stranger)
    assert queries.forums(viewer=stranger) == []
    with pytest.raises(NotFound):
        queries.forum(viewer=stranger, body_id=forum.body.id)


def test_a_decision_of_another_organisation_never_gets_onto_an_agenda(small_system, meeting, at):
    stranger = small_system.viewer(small_system.stranger)
    matter = actions.raise_matter(by=stranger, at=at, unit=small_system.other_ward, title="Theirs")
    chief = small_system.viewer(small_system.chief)
    with pytest.raises(Invalid):
        actions.add_item(by=chief, at=at, meeting=meeting, decision=matter.decision)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgendaItem.objects.create(organisation_id=chief.organisation_id, meeting=meeting, decision_id=matter.decision_id,
                                  order=9, why="added")  # fmt: skip
