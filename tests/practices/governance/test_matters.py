"""Any question can be raised, and somebody is named who decides it by a day."""

import pytest

from goldthread.organisation.access import NotAllowed, NotFound
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.describe import describe
from goldthread.record.actions import decisions
from goldthread.record.errors import Invalid, NotYours
from goldthread.record.models import Notice
from goldthread.record.refs import Ref


@pytest.fixture
def matter(small_system, at):
    nurse = small_system.viewer(small_system.nurse)
    return actions.raise_matter(
        by=nurse, at=at, unit=small_system.ward7, title="May we change the visiting hours?", context="Evenings"
    )


def test_a_question_finds_who_decides_it_and_tells_them(small_system, matter):
    assert (matter.decision.kind, matter.decision.decider_unit_id, matter.decision.state) == (
        "matter",
        small_system.ward7.key,
        "open",
    )
    assert matter.decision.context == "Evenings"
    told = set(Notice.objects.filter(kind="decision_yours").values_list("person_id", flat=True))
    assert told == {small_system.manager.id, small_system.deputy.id}


def test_a_question_needs_words(small_system, at):
    with pytest.raises(Invalid):
        actions.raise_matter(by=small_system.viewer(small_system.nurse), at=at, unit=small_system.ward7, title=" ")


def test_nobody_raises_a_question_in_another_organisation(small_system, at):
    with pytest.raises(NotFound):
        actions.raise_matter(
            by=small_system.viewer(small_system.nurse), at=at, unit=small_system.other_ward, title="Theirs?"
        )


def test_the_answer_reaches_who_asked_and_is_found_in_the_thread(small_system, matter, at):
    manager = small_system.viewer(small_system.manager)
    decisions.decide(by=manager, at=at, decision=matter.decision, outcome="approved_changed", reason="Until nine")
    assert Notice.objects.filter(kind="decision_taken", person_id=small_system.nurse.id).exists()
    ref = Ref("governance", "matter", matter.id)
    assert describe([ref], manager)[ref].detail == "decided"
    assert describe([ref], small_system.viewer(small_system.stranger)) == {}


def test_who_may_not_decide_is_told_who_may(small_system, matter, at):
    nurse = small_system.viewer(small_system.nurse)
    with pytest.raises(NotYours, match="Ward 7"):
        decisions.decide(by=nurse, at=at, decision=matter.decision, outcome="approved", reason="Mine")


def test_only_a_decided_question_that_is_marked_is_public(small_system, matter, chief, at):
    actions.switch_public_page(by=chief, at=at, on=True, because="The board agreed")
    actions.show_publicly(by=chief, at=at, matter=matter)
    assert queries.public_page(viewer=chief).matters == ()
    decisions.decide(
        by=small_system.viewer(small_system.manager), at=at, decision=matter.decision, outcome="approved", reason="Yes"
    )
    viewer = small_system.viewer(small_system.chief)
    assert [row.id for row in queries.public_page(viewer=viewer).matters] == [matter.id]
    with pytest.raises(NotAllowed):
        actions.show_publicly(by=small_system.viewer(small_system.nurse), at=at, matter=matter)
