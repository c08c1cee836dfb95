"""One decision-maker, one clock, one outcome: held by the database, and said in sentences."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from goldthread.journal.models import Event
from goldthread.organisation.access import NotFound
from goldthread.practices.voice.actions.ideas import raise_idea
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Change, Clock, Decision, Notice
from goldthread.record.refs import Ref


@pytest.fixture
def opened(small_system, at):
    """What a nurse of Ward 7 raised, open, for the ward's manager to answer."""
    raised = raise_idea(by=small_system.viewer(small_system.nurse), at=at, unit=small_system.ward7, text="Two more commodes")  # fmt: skip
    return raised.idea.decision


def answer(small_system, person, decision, at, **given):
    viewer = small_system.viewer(person)
    return decisions.decide(by=viewer, at=at, decision=decision, **{"outcome": "declined", "reason": "No money this year", **given})  # fmt: skip


def refused(sql, *values, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_manager_decides(small_system, opened, at):
    answer(small_system, small_system.manager, opened, at, expects="Nothing", reason_code="cost")
    opened.refresh_from_db()
    assert (opened.state, opened.outcome, opened.decided_by, opened.decided_as) == ("decided", "declined", small_system.manager, "unit_manager")  # fmt: skip
    assert (opened.reason, opened.reason_code, opened.expects, opened.decided_at) == ("No money this year", "cost", "Nothing", at)  # fmt: skip
    assert Clock.objects.get(about_id=opened.id, purpose="decision_due").state == "stopped"
    event = Event.objects.get(kind="record.decision_taken", object_id=opened.id)
    assert (event.actor_id, event.role, event.data["outcome"]) == (small_system.manager.id, "unit_manager", "declined")
    assert "No money" not in str(event.data)


def test_the_deputy_decides_as_deputy(small_system, opened, at):
    assert answer(small_system, small_system.deputy, opened, at).decided_as == "deputy_manager"


def test_whoever_it_was_handed_to_decides(small_system, opened, at):
    decisions.delegate(by=small_system.viewer(small_system.manager), at=at, decision=opened, to=small_system.porter)
    assert answer(small_system, small_system.porter, opened, at).decided_as == "delegate"


def test_it_stays_the_managers_after_it_was_handed_on(small_system, opened, at):
    decisions.delegate(by=small_system.viewer(small_system.manager), at=at, decision=opened, to=small_system.porter)
    assert answer(small_system, small_system.manager, opened, at).decided_as == "unit_manager"


@pytest.mark.parametrize("name", ["nurse", "head", "chief", "porter", "coach"])
def test_nobody_else_decides_and_is_told_who_may(small_system, opened, at, name):
    with pytest.raises(NotYours, match=r"for the manager of Ward 7 to decide, or the deputy\. Nothing was changed"):
        answer(small_system, getattr(small_system, name), opened, at)
    opened.refresh_from_db()
    assert opened.state == "open"
    assert not Event.objects.filter(kind="record.decision_taken").exists()
    assert not decisions.may_decide(small_system.viewer(getattr(small_system, name)), opened)


def test_whoever_comes_second_learns_who_was_first_and_when(small_system, opened, at):
    answer(small_system, small_system.deputy, opened, at)
    # 09:00 in Greenwich is 10:00 where the hospital is.
    with pytest.raises(AlreadyEnded, match=r"already decided by Carl Reyes at 10:00 on 15 June 2026\. Nothing was changed"):  # fmt: skip
        answer(small_system, small_system.manager, opened, at + timedelta(minutes=5), outcome="already_done")
    opened.refresh_from_db()
    assert (opened.outcome, opened.decided_by) == ("declined", small_system.deputy)


def test_the_second_learns_it_even_without_the_right(small_system, opened, at):
    answer(small_system, small_system.manager, opened, at)
    with pytest.raises(AlreadyEnded, match="Beth Okafor"):
        answer(small_system, small_system.nurse, opened, at)


def test_another_organisation_finds_nothing(small_system, opened, at):
    with pytest.raises(NotFound):
        answer(small_system, small_system.stranger, opened, at)


def test_an_outcome_and_a_reason_are_needed(small_system, opened, at):
    for given in (
        {"outcome": "noted"},
        {"outcome": ""},
        {"reason": ""},
        {"reason": "  \n "},
        {"look_back_on": at.date()},
    ):
        with pytest.raises(Invalid) as caught:
            answer(small_system, small_system.manager, opened, at, **given)
        assert caught.value.field == next(iter(given))
    opened.refresh_from_db()
    assert opened.state == "open"


def test_looking_back_has_a_clock(small_system, opened, at):
    day = at.date() + timedelta(days=30)
    answer(small_system, small_system.manager, opened, at, look_back_on=day)
    clock = Clock.objects.get(about_id=opened.id, purpose="look_back")
    assert (clock.state, clock.due_at.isoformat()) == ("pending", "2026-07-15T23:00:00+00:00")


RAW = "update record_decision set state = 'decided', outcome = 'declined', reason = 'x', decided_by_id = %s, decided_as = %s, decided_at = %s where id = %s"  # fmt: skip


def test_the_database_refuses_a_wrong_decider_whatever_the_application_does(small_system, opened, at):
    for name in ("nurse", "head", "chief"):
        refused(RAW, getattr(small_system, name).id, "unit_manager", at, opened.id, match="unit_manager of Ward 7")


def test_the_database_refuses_half_an_answer(small_system, opened, at):
    refused("update record_decision set state = 'merged' where id = %s", opened.id, match="merged_into_another")
    refused("update record_decision set outcome = 'declined' where id = %s", opened.id, match="who_when_what_and_why")
    refused(RAW.replace("reason = 'x'", "reason = ''"), small_system.manager.id, "unit_manager", at, opened.id, match="who_when_what_and_why")  # fmt: skip
    refused(
        RAW, small_system.manager.id, "unit_manager", at - timedelta(days=1), opened.id, match="who_when_what_and_why"
    )


def test_an_outcome_is_never_rewritten(small_system, opened, at):
    answer(small_system, small_system.manager, opened, at)
    for change in (
        "outcome = 'accepted'",
        "reason = 'x'",
        "state = 'open'",
        "decided_at = decided_at + interval '1 day'",
        "at_huddle = true",
    ):
        refused(f"update record_decision set {change} where id = %s", opened.id, match="this decision has ended")
    refused("delete from record_decision where id = %s", opened.id, match="permission denied")


def test_a_question_is_never_changed(small_system, opened):
    for change in ("question = 'x'", "opened_at = opened_at - interval '1 day'", "about_id = gen_random_uuid()", f"unit_id = {small_system.ward9.key}"):  # fmt: skip
        refused(
            f"update record_decision set {change} where id = %s", opened.id, match="cannot be changed once it is open"
        )


def check_now():
    """What a commit would check."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def test_no_open_decision_without_a_clock(small_system, opened):
    check_now()  # with its clock it is fine

    @transaction.atomic
    def stop():
        Clock.objects.filter(about_id=opened.id).update(state="stopped")
        Decision.objects.filter(id=opened.id).update(at_huddle=True)
        check_now()

    with pytest.raises(DatabaseError, match="would stay open without a clock"):
        stop()


def test_a_new_decision_without_a_clock_is_refused(small_system, opened, at):
    @transaction.atomic
    def open_without():
        Decision.objects.create(
            organisation_id=opened.organisation_id, practice="voice", kind="another", about_kind="idea", about_id=opened.about_id,
            unit=opened.unit, question="x", rule="r", decider_role="unit_manager", decider_unit=opened.unit, opened_at=at, due_at=at,
        )  # fmt: skip
        check_now()

    with pytest.raises(DatabaseError, match="would stay open without a clock"):
        open_without()


def test_one_open_question_of_a_kind_about_a_thing(small_system, opened, at):
    with pytest.raises(DatabaseError, match="one_open_decision"), transaction.atomic():
        decisions.raise_decision(by=small_system.viewer(small_system.nurse), at=at, kind="answer_idea",
                                 about=Ref("voice", "idea", opened.about_id), unit=small_system.ward7, question="Again?")  # fmt: skip


def test_both_deciders_are_told_of_a_question(small_system, opened):
    told = set(Notice.objects.filter(about_id=opened.id, kind="decision_yours").values_list("person_id", flat=True))
    assert told == {small_system.manager.id, small_system.deputy.id}


def test_a_ward_without_a_manager_asks_the_division(small_system, at):
    raised = raise_idea(by=small_system.viewer(small_system.porter), at=at, unit=small_system.ward9, text="A lamp")
    assert raised.idea.decision.decider_unit == small_system.division
    with pytest.raises(NotYours, match="manager of Medicine"):
        answer(small_system, small_system.manager, raised.idea.decision, at)
    assert answer(small_system, small_system.head, raised.idea.decision, at).state == "decided"


def test_handing_on(small_system, opened, at):
    with pytest.raises(NotYours):
        decisions.delegate(by=small_system.viewer(small_system.nurse), at=at, decision=opened, to=small_system.nurse)
    with pytest.raises(Invalid):
        decisions.delegate(by=small_system.viewer(small_system.manager), at=at, decision=opened, to=small_system.stranger)  # fmt: skip
    decisions.delegate(by=small_system.viewer(small_system.manager), at=at, decision=opened, to=small_system.nurse)
    with pytest.raises(Refused, match="cannot be handed on"):
        decisions.delegate(by=small_system.viewer(small_system.nurse), at=at, decision=opened, to=small_system.porter)
    assert Clock.objects.get(about_id=opened.id).state == "pending"
    assert Notice.objects.filter(kind="decision_handed_to_you", person_id=small_system.nurse.id).count() == 1


def test_merging_ends_one_and_keeps_the_other(small_system, opened, at):
    second = raise_idea(by=small_system.viewer(small_system.nurse), at=at, unit=small_system.ward7, text="More commodes")  # fmt: skip
    with pytest.raises(NotYours):
        decisions.merge(by=small_system.viewer(small_system.nurse), at=at, decision=second.idea.decision, into=opened)
    manager = small_system.viewer(small_system.manager)
    with pytest.raises(Invalid):
        decisions.merge(by=manager, at=at, decision=opened, into=opened)
    merged = decisions.merge(by=manager, at=at, decision=second.idea.decision, into=opened)
    assert (merged.state, merged.merged_into_id) == ("merged", opened.id)
    with pytest.raises(AlreadyEnded, match="already merged"):
        answer(small_system, small_system.manager, merged, at)
    assert answer(small_system, small_system.manager, opened, at).state == "decided"


def test_the_dates_of_a_change_are_in_order(small_system, opened, at):
    decided = answer(small_system, small_system.manager, opened, at)

    def change(**given):
        with transaction.atomic():
            return Change.objects.create(
                organisation_id=decided.organisation_id, decision=decided, unit=decided.unit, title="Buy two", owner=small_system.manager,
                decided_on=at.date(), **given,
            )  # fmt: skip

    def day(number):
        return at.date() + timedelta(days=number)

    change(live_on=day(0), sustained_on=day(1))
    change(live_on=day(3), withdrawn_on=day(5), withdrawn_because="Nobody used them")
    for given, constraint in (
        ({"live_on": day(-1)}, "change_live_after_decided"),
        ({"sustained_on": day(1)}, "change_sustained_after_live"),
        ({"live_on": day(2), "sustained_on": day(2)}, "change_sustained_after_live"),
        ({"withdrawn_on": day(2)}, "change_withdrawn_with_a_reason"),
        (
            {"live_on": day(1), "sustained_on": day(2), "withdrawn_on": day(3), "withdrawn_because": "x"},
            "never_sustained",
        ),
    ):
        with pytest.raises(DatabaseError, match=constraint):
            change(**given)
