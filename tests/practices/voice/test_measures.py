"""What voice measures about itself: open ideas counted, small groups never shown."""

from datetime import date, timedelta

import pytest

from goldthread.practices.voice import actions, measures
from goldthread.practices.voice.models import Idea
from goldthread.practices.voice.practice import PRACTICE
from goldthread.record.practice import Scope


@pytest.fixture
def four_ideas(small_system, at):
    """Two answered after ten days, two still open for thirty."""
    nurse = small_system.viewer(small_system.nurse)
    ideas = [actions.raise_idea(by=nurse, at=at, unit=small_system.ward7, text=f"Idea {n}").idea for n in range(4)]
    later = at + timedelta(days=10)
    manager = small_system.viewer(small_system.manager)
    for idea in ideas[:2]:
        actions.answer_idea(by=manager, at=later, idea=idea, outcome="declined", reason="No", reason_code="cost")
    return ideas


def test_open_ideas_count_in_the_waiting_time(small_system, four_ideas, at):
    viewer = small_system.viewer(small_system.manager, at + timedelta(days=30))
    ideas = measures.ideas_of(viewer, small_system.division, date(2026, 6, 1), date(2026, 7, 1))
    curve = measures.answered(ideas, date(2026, 7, 15))
    assert (curve.n, curve.n_open) == (4, 2)
    assert curve.by(28).value == pytest.approx(0.5)  # half are answered; the open ones are not dropped


def test_points_are_the_same_twice_and_claims_point_at_rows(small_system, four_ideas, at):
    viewer = small_system.viewer(small_system.manager, at + timedelta(days=30))
    scope = Scope(small_system.ward7)
    span = (date(2026, 6, 1), date(2026, 7, 1))
    first = list(PRACTICE.points(viewer, scope, *span))
    assert first == list(PRACTICE.points(viewer, scope, *span))
    assert {point.measure for point in first} <= {f"voice.{kind.slug}" for kind in PRACTICE.measures}
    claim = next(iter(PRACTICE.claims(viewer, scope, *span)))
    assert {ref.id for ref in claim.rows} == {idea.id for idea in Idea.objects.all()}
    assert claim.result["n"] == 4


def test_small_groups_are_never_shown_nor_one_alone(small_system, four_ideas, settings):
    viewer = small_system.viewer(small_system.manager)
    found = measures.reach(viewer, small_system.root, date(2026, 6, 1), date(2026, 7, 1))
    assert set(found.values()) == {None}  # every group of this small trust is under eleven
    settings.GOLDTHREAD_FLOOR = 2
    found = measures.reach(viewer, small_system.root, date(2026, 6, 1), date(2026, 7, 1))
    # One group is too small; alone it could be worked out from the total, so the next smallest is hidden with it.
    assert found["Estates and ancillary"] is None
    assert sum(value is None for value in found.values()) == 2
    assert found["Nursing and midwifery registered"] == (1, 4)
