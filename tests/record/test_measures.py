"""Values are never overwritten, cannot be impossible, and limits change only with a reason."""

from datetime import date, timedelta
from math import inf, nan

import pytest
from django.db import IntegrityError, transaction

from goldthread.journal.models import Event
from goldthread.organisation.access import NotAllowed
from goldthread.record.actions.measures import (
    Definition,
    NewPoint,
    decide_limits,
    define_measure,
    latest_version,
    period_end,
    record_points,
    revise_measure,
    tally,
)
from goldthread.record.errors import AlreadyEnded, Invalid
from goldthread.record.models import LimitDecision, Point

MAY = date(2026, 5, 1)


@pytest.fixture
def measure_of(small_system, at):
    """Make a measure of a kind, owned by Ward 7."""

    def make(kind, **given):
        return define_measure(by=small_system.viewer(small_system.manager), at=at, unit=small_system.ward7, code=f"own-{kind}",
                              definition=Definition(title="Something", kind=kind, direction="down", **given))  # fmt: skip

    return make


def record(small_system, measure, at, *points):
    viewer = small_system.viewer(small_system.manager)
    return record_points(by=viewer, at=at, measure=measure, unit=small_system.ward7, points=points)


def test_a_correction_is_a_new_row(small_system, measure_of, at):
    measure = measure_of("proportion", multiply=100)
    record(small_system, measure, at, NewPoint(MAY, numerator=3, denominator=40))
    record(small_system, measure, at + timedelta(hours=1), NewPoint(MAY, numerator=4, denominator=40))
    kept = Point.objects.filter(measure=measure).order_by("known_at")
    assert [(point.value, point.numerator) for point in kept] == [(7.5, 3), (10, 4)]
    assert {point.period_end for point in kept} == {date(2026, 6, 1)}


def test_the_same_value_again_leaves_nothing(small_system, measure_of, at):
    measure = measure_of("count")
    assert len(record(small_system, measure, at, NewPoint(MAY, value=3))) == 1
    events = Event.objects.count()
    assert record(small_system, measure, at + timedelta(hours=1), NewPoint(MAY, value=3)) == []
    assert (Point.objects.filter(measure=measure).count(), Event.objects.count()) == (1, events)


def test_correcting_at_the_very_same_moment_is_refused(small_system, measure_of, at):
    measure = measure_of("count")
    record(small_system, measure, at, NewPoint(MAY, value=3))
    with pytest.raises(Invalid, match="very same moment"):
        record(small_system, measure, at, NewPoint(MAY, value=4))


def test_known_missing_is_kept(small_system, measure_of, at):
    measure = measure_of("proportion")
    [point] = record(small_system, measure, at, NewPoint(MAY))
    point.refresh_from_db()
    assert (point.value, point.numerator, point.denominator) == (None, None, None)


@pytest.mark.parametrize(("kind", "given", "says"), [
    ("proportion", {"numerator": 41, "denominator": 40}, "41 of 40 is over 100%"),
    ("proportion", {"numerator": -1, "denominator": 40}, "cannot be negative"),
    ("proportion", {"numerator": 1, "denominator": -40}, "cannot be negative"),
    ("proportion", {"numerator": 0, "denominator": 0}, "denominator is 0"),
    ("proportion", {"numerator": 1}, "both the numerator and the denominator"),
    ("proportion", {"denominator": 1}, "both the numerator and the denominator"),
    ("proportion", {"value": 0.5}, "numerator and the denominator"),
    ("proportion", {"numerator": nan, "denominator": 40}, "not a number"),
    ("rate", {"numerator": 1, "denominator": inf}, "not a number"),
    ("rate", {"numerator": -1, "denominator": 1000}, "cannot be negative"),
    ("count", {"value": -1}, "cannot be negative"),
    ("count", {"value": nan}, "not a number"),
    ("count", {"value": -inf}, "not a number"),
    ("value", {"value": nan}, "not a number"),
])  # fmt: skip
def test_what_cannot_be_is_refused(small_system, measure_of, at, kind, given, says):
    measure = measure_of(kind)
    with pytest.raises(Invalid, match=says):
        record(small_system, measure, at, NewPoint(date(2026, 4, 1), numerator=None), NewPoint(MAY, **given))
    assert not Point.objects.filter(measure=measure).exists()  # not even the good one


def test_a_value_may_be_below_zero_and_a_rate_above_one(small_system, measure_of, at):
    assert record(small_system, measure_of("value"), at, NewPoint(MAY, value=-2.5))[0].value == -2.5
    assert record(small_system, measure_of("rate", multiply=1000), at, NewPoint(MAY, numerator=3, denominator=2))[0].value == 1500  # fmt: skip


def test_the_same_period_twice_is_refused(small_system, measure_of, at):
    with pytest.raises(Invalid, match="1 May 2026 is there twice"):
        record(small_system, measure_of("count"), at, NewPoint(MAY, value=1), NewPoint(MAY, value=2))


def test_parts_of_a_period_are_not_the_same_period(small_system, measure_of, at):
    measure = measure_of("count")
    assert len(record(small_system, measure, at, NewPoint(MAY, value=3), NewPoint(MAY, value=1, split="shift", split_value="night"))) == 2  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Point.objects.create(organisation_id=measure.organisation_id, measure=measure, version=1, unit=small_system.ward7, period_start=MAY,
                             period_end=MAY, known_at=at)  # fmt: skip


def test_only_those_who_keep_measures_record_them(small_system, measure_of, at):
    measure = measure_of("count")
    with pytest.raises(NotAllowed):
        record_points(by=small_system.viewer(small_system.porter), at=at, measure=measure, unit=small_system.ward7,
                      points=[NewPoint(MAY, value=1)])  # fmt: skip
    with pytest.raises(NotAllowed):
        record_points(by=small_system.viewer(small_system.manager), at=at, measure=measure, unit=small_system.ward9,
                      points=[NewPoint(MAY, value=1)])  # fmt: skip


def test_points_keep_the_definition_they_were_counted_under(small_system, measure_of, at):
    measure = measure_of("count")
    record(small_system, measure, at, NewPoint(MAY, value=1))
    revise_measure(by=small_system.viewer(small_system.manager), at=at, measure=measure,
                   definition=Definition(title="Something else", kind="count", direction="down"))  # fmt: skip
    record(small_system, measure, at, NewPoint(date(2026, 6, 1), value=1))
    assert list(Point.objects.filter(measure=measure).order_by("period_start").values_list("version", flat=True)) == [1, 2]  # fmt: skip
    assert latest_version(measure).title == "Something else"


def test_a_code_is_used_once(measure_of):
    measure_of("count")
    with pytest.raises(Invalid) as caught:
        measure_of("count")
    assert caught.value.field == "code"


def test_taps_add_up_and_never_go_below_zero(small_system, measure_of, at):
    measure = measure_of("count", period="day")

    def tap(step, minutes):
        viewer = small_system.viewer(small_system.manager)
        return tally(by=viewer, at=at + timedelta(minutes=minutes), measure=measure, unit=small_system.ward7, step=step)

    assert tap(-1, 0).value == 0
    assert [tap(1, 1).value, tap(1, 2).value, tap(-1, 3).value, tap(-5, 4).value] == [1, 2, 1, 0]
    assert tap(-1, 5) is None
    assert tap(1, 6).value == 1


def test_a_tap_that_waited_for_another_still_counts(small_system, measure_of, at):
    """The second to get the lock may have been the first to be asked what time it was."""
    measure = measure_of("count", period="week")
    viewer = small_system.viewer(small_system.manager)
    for moment in (at + timedelta(milliseconds=5), at, at):
        tally(by=viewer, at=moment, measure=measure, unit=small_system.ward7)
    newest = Point.objects.filter(measure=measure).order_by("-known_at")[0]
    assert (newest.value, newest.period_start, newest.period_end) == (3, date(2026, 6, 15), date(2026, 6, 22))


def test_only_daily_and_weekly_counts_are_tapped(small_system, measure_of, at):
    for measure in (measure_of("count"), measure_of("rate", period="day")):
        with pytest.raises(Invalid):
            tally(by=small_system.viewer(small_system.manager), at=at, measure=measure, unit=small_system.ward7)


def test_periods_end_exclusively():
    found = [period_end(period, date(2026, 12, 1)) for period in ("day", "week", "month", "quarter", "year")]
    assert found == [date(2026, 12, 2), date(2026, 12, 8), date(2027, 1, 1), date(2027, 3, 1), date(2027, 12, 1)]


def limits(small_system, measure, at, **given):
    viewer = small_system.viewer(small_system.manager)
    return decide_limits(by=viewer, at=at, measure=measure, unit=small_system.ward7,
                         **{"kind": "recalculate", "from_period": MAY, "reason": "A new ward", **given})  # fmt: skip


@pytest.mark.parametrize(("given", "field"), [
    ({"reason": ""}, "reason"), ({"reason": "   "}, "reason"), ({"kind": "redraw"}, "kind"), ({"kind": "fix"}, "baseline"),
    ({"kind": "fix", "baseline": 1}, "baseline"), ({"kind": "withdraw"}, "withdraws"),
])  # fmt: skip
def test_limits_do_not_change_without_a_reason(small_system, measure_of, at, given, field):
    with pytest.raises(Invalid) as caught:
        limits(small_system, measure_of("count"), at, **given)
    assert caught.value.field == field
    assert not LimitDecision.objects.exists()


def test_the_database_wants_a_reason_too(small_system, measure_of, at):
    with pytest.raises(IntegrityError, match="limit_decision_has_a_reason"), transaction.atomic():
        LimitDecision.objects.create(
            organisation_id=small_system.trust.id, measure=measure_of("count"), unit=small_system.ward7, kind="recalculate", from_period=MAY,
            reason="", decided_by=small_system.manager, decided_at=at,
        )  # fmt: skip


def test_a_decision_about_limits_is_withdrawn_by_another_once(small_system, measure_of, at):
    measure = measure_of("count")
    first = limits(small_system, measure, at, kind="fix", baseline=12)
    limits(small_system, measure, at, kind="withdraw", withdraws=first, reason="Too early")
    with pytest.raises(AlreadyEnded):
        limits(small_system, measure, at, kind="withdraw", withdraws=first, reason="Too early")
    assert LimitDecision.objects.count() == 2


def test_only_those_who_may_change_limits(small_system, measure_of, at):
    measure = measure_of("count")
    with pytest.raises(NotAllowed):
        decide_limits(by=small_system.viewer(small_system.nurse), at=at, measure=measure, unit=small_system.ward7, kind="recalculate",
                      from_period=MAY, reason="I would like it")  # fmt: skip
