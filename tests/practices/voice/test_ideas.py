"""Raising, answering, passing on, joining: what people rely on, and what is refused."""

from datetime import date, timedelta

import pytest

from goldthread.practices.voice import actions, queries
from goldthread.practices.voice.models import Answer, Idea, LoopAnswer
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Change, Clock, Decision, Notice


@pytest.fixture
def raised(small_system, at):
    """An idea of Ward 7's nurse, waiting; then the manager looks."""
    viewer = small_system.viewer(small_system.nurse)
    idea = actions.raise_idea(by=viewer, at=at, unit=small_system.ward7, text="Check the side rooms every hour").idea
    small_system.viewer(small_system.manager)
    return idea


def answer(small_system, at, idea, outcome="declined", reason="No money this year", code="cost", **more):
    viewer = small_system.viewer(small_system.manager)
    return actions.answer_idea(by=viewer, at=at, idea=idea, outcome=outcome, reason=reason, reason_code=code, **more)


def test_an_idea_becomes_a_decision_with_a_decider_and_a_clock(small_system, raised):
    decision = raised.decision
    assert (decision.decider_role, decision.decider_unit_id, decision.state) == (
        "unit_manager",
        small_system.ward7.key,
        "open",
    )
    last = decision.due_at - timedelta(seconds=1)  # due days end at local midnight
    assert (last.date() - decision.opened_at.date()).days == 14
    assert Clock.objects.get(about_id=decision.id).state == "pending"
    told = set(Notice.objects.filter(kind="decision_yours").values_list("person_id", flat=True))
    assert told == {small_system.manager.id, small_system.deputy.id}


def test_an_answer_has_a_state_a_reason_and_tells_the_author(small_system, raised, at):
    idea = answer(small_system, at, raised)
    assert idea.state == "declined"
    kept = Answer.objects.get(idea=idea)
    assert (kept.reason_code, kept.by_id) == ("cost", small_system.manager.id)
    assert Notice.objects.filter(kind="idea_answered", person_id=small_system.nurse.id).count() == 1
    assert Clock.objects.get(about_id=raised.decision_id).state == "stopped"


def test_noted_is_not_an_answer(small_system, raised, at):
    with pytest.raises(Invalid, match="Choose one of"):
        answer(small_system, at, raised, outcome="noted")


def test_an_answer_needs_a_reason(small_system, raised, at):
    with pytest.raises(Invalid, match="Write something"):
        answer(small_system, at, raised, reason="  ")
    assert Idea.objects.get(id=raised.id).state == "open"


def test_an_accepted_idea_names_what_will_change(small_system, raised, at):
    with pytest.raises(Invalid, match="done differently"):
        answer(small_system, at, raised, outcome="accepted", code="do_it")
    answer(
        small_system,
        at,
        raised,
        outcome="accepted",
        code="do_it",
        change="Hourly rounding",
        look_back_on=date(2026, 9, 1),
    )
    change = Change.objects.get(decision=raised.decision)
    assert (change.title, change.unit_id, change.live_on) == ("Hourly rounding", small_system.ward7.key, None)
    assert Clock.objects.get(about_id=raised.decision_id, purpose="look_back").state == "pending"


@pytest.mark.parametrize("who", ["nurse", "head", "coach", "porter"])
def test_nobody_else_answers(small_system, raised, at, who):
    viewer = small_system.viewer(getattr(small_system, who))
    with pytest.raises(NotYours, match=r"manager of Ward 7"):
        actions.answer_idea(by=viewer, at=at, idea=raised, outcome="declined", reason="No", reason_code="cost")


def test_the_second_answer_learns_who_was_first(small_system, raised, at):
    stale = Idea.objects.select_related("decision").get(id=raised.id)
    answer(small_system, at, raised)
    viewer = small_system.viewer(small_system.deputy)
    with pytest.raises(AlreadyEnded, match=r"Beth Okafor at \d\d:\d\d on 15 June 2026"):
        actions.answer_idea(by=viewer, at=at, idea=stale, outcome="declined", reason="No", reason_code="cost")


def test_an_idea_that_nobody_answers_goes_to_the_unit_above(small_system, raised, at):
    decisions.time_is_up(decision_id=raised.decision_id, at=at + timedelta(days=16), using="default")
    decision = Decision.objects.get(id=raised.decision_id)
    assert (decision.decider_unit_id, decision.passed_up, decision.state) == (small_system.division.key, 1, "open")
    assert Notice.objects.filter(kind="decision_passed_up", person_id=small_system.head.id).exists()
    viewer = small_system.viewer(small_system.head)
    actions.answer_idea(by=viewer, at=at, idea=queries.idea(viewer=viewer, idea_id=raised.id), outcome="already_done",
                        reason="Since May", reason_code="in_place")  # fmt: skip


def test_passing_on_asks_the_unit_above_and_the_idea_waits_from_its_first_day(small_system, raised, at):
    idea = answer(small_system, at, raised, outcome="passed_on", reason="Only the division can", code="elsewhere")
    assert idea.state == "open"
    assert idea.decision.decider_unit_id == small_system.division.key
    assert idea.raised_on == date(2026, 6, 15)
    assert Answer.objects.get(idea=idea).state == "passed_on"


def test_joined_ideas_have_one_answer_and_both_authors_hear_it(small_system, raised, at):
    porter = small_system.viewer(small_system.porter)
    other = actions.raise_idea(by=porter, at=at, unit=small_system.ward7, text="Look into the side rooms").idea
    manager = small_system.viewer(small_system.manager)
    actions.merge_ideas(by=manager, at=at, idea=other, into=raised)
    answer(small_system, at, raised)
    told = set(Notice.objects.filter(kind="idea_answered").values_list("person_id", flat=True))
    assert told == {small_system.nurse.id, small_system.porter.id}


def test_what_is_meant_for_the_safety_team_is_not_sent_to_managers(small_system, at):
    viewer = small_system.viewer(small_system.nurse)
    with pytest.raises(Refused, match="nothing was sent"):
        actions.raise_idea(by=viewer, at=at, unit=small_system.ward7, text="Wrong dose given", audience="safety")
    assert not Idea.objects.exists()


@pytest.mark.parametrize(
    ("text", "says"), [("a\x00b", "NUL"), ("x" * 100_000, "100,000 characters"), (" \n ", "Write something")]
)
def test_text_that_cannot_be_stored_is_refused_clearly(small_system, at, text, says):
    with pytest.raises(Invalid, match=says):
        actions.raise_idea(by=small_system.viewer(small_system.nurse), at=at, unit=small_system.ward7, text=text)


def test_only_the_author_says_whether_they_were_told_and_only_once(small_system, raised, at):
    answer(small_system, at, raised)
    with pytest.raises(NotYours):
        actions.say_loop(
            by=small_system.viewer(small_system.porter),
            at=at,
            idea=Idea.objects.get(id=raised.id),
            told=True,
            again=True,
        )
    nurse = small_system.viewer(small_system.nurse)
    actions.say_loop(by=nurse, at=at, idea=Idea.objects.get(id=raised.id), told=True, again=False)
    with pytest.raises(AlreadyEnded):
        actions.say_loop(by=nurse, at=at, idea=Idea.objects.get(id=raised.id), told=False, again=False)
    assert LoopAnswer.objects.get().again is False


def test_the_team_may_try_what_is_safe_and_the_question_stays(small_system, raised, at):
    with pytest.raises(NotYours):
        actions.try_it(by=small_system.viewer(small_system.porter), at=at, idea=raised)
    idea = actions.try_it(by=small_system.viewer(small_system.nurse), at=at, idea=raised)
    assert (idea.trying_since, idea.state) == (date(2026, 6, 15), "open")


def test_support_counts_once_and_not_ones_own(small_system, raised, at):
    with pytest.raises(Refused):
        actions.support(by=small_system.viewer(small_system.nurse), at=at, idea=raised)
    porter = small_system.viewer(small_system.porter)
    actions.support(by=porter, at=at, idea=raised)
    actions.support(by=porter, at=at, idea=raised)
    assert queries.supports(viewer=porter, idea=raised) == (1, True)


def test_a_handed_over_decision_may_be_taken_by_whoever_has_it(small_system, raised, at):
    manager = small_system.viewer(small_system.manager)
    decisions.delegate(by=manager, at=at, decision=raised.decision, to=small_system.porter)
    porter = small_system.viewer(small_system.porter)
    idea = actions.answer_idea(by=porter, at=at, idea=queries.idea(viewer=porter, idea_id=raised.id), outcome="already_done",
                               reason="We do it", reason_code="in_place")  # fmt: skip
    assert Decision.objects.get(id=idea.decision_id).decided_as == "delegate"


def test_listening_turns_what_was_heard_into_ideas(small_system, at):
    head = small_system.viewer(small_system.head)
    event = actions.plan_listening(
        by=head, at=at, unit=small_system.division, title="Breaks", planned_on=date(2026, 6, 15)
    )
    actions.hold_listening(by=head, at=at, event=event, heard=["Breaks are missed", "", "The rota comes late"])
    _, ideas = queries.listening_event(viewer=head, event_id=event.id)
    assert [one.text for one in ideas] == ["Breaks are missed", "The rota comes late"]
    assert all(one.decision_id for one in ideas)


def test_what_is_promised_on_a_visit_has_a_clock_and_the_team_confirms(small_system, at):
    from goldthread.record.actions.commitments import confirm, say_kept

    chief = small_system.viewer(small_system.chief)
    visit = actions.plan_visit(by=chief, at=at, unit=small_system.ward7, planned_on=date(2026, 6, 15), shift="night")
    promise = actions.ask_on_visit(by=chief, at=at, visit=visit, text="A second computer", due_on=date(2026, 7, 1))
    assert Clock.objects.get(about_id=promise.id).purpose == "promise_due"
    say_kept(by=chief, at=at, commitment=promise)
    with pytest.raises(NotYours):
        confirm(by=chief, at=at, commitment=promise, kept=True)
    confirmed = confirm(by=small_system.viewer(small_system.nurse), at=at, commitment=promise, kept=True)
    assert confirmed.confirmed_by_id == small_system.nurse.id


def test_units_nobody_has_seen_come_first(small_system, at):
    chief = small_system.viewer(small_system.chief)
    visit = actions.plan_visit(by=chief, at=at, unit=small_system.ward7, planned_on=date(2026, 6, 15), shift="day")
    actions.finish_visit(by=chief, at=at, visit=visit)
    assert [one.unit.name for one in queries.suggestions(viewer=chief, unit=small_system.root)] == ["Ward 9", "Ward 7"]
