"""Past decisions under a new scheme: counts by hand, and what is refused."""

import pytest

from goldthread.methods.rights import Case, replay
from goldthread.methods.rights.replay import FrontLine, Observed
from tests.methods.rights.tables import policy_of

TEXT = """
[attributes.cost]
type = "int"
min = 0
[attributes.urgent]
type = "bool"
default = false
[deciders.manager]
role = "unit_manager"
level = "team"
[deciders.lead]
role = "unit_manager"
level = "department"
[[rule]]
id = "small"
when = { cost = [0, 99] }
then = { decider = "manager", method = "alone", within_days = 2 }
[[rule]]
id = "large"
when = { cost = [100, 999] }
then = { decider = "lead", method = "advice", within_days = 5 }
"""


@pytest.fixture
def policy():
    return policy_of(TEXT)


def case(name, cost, decider="", days=None, level="", passed_up=0):
    return Case(name, {"cost": cost}, decider, level, days, passed_up)


def test_every_decision_is_counted_where_it_was_and_would_be(policy):
    found = replay(
        policy,
        [
            case("a", 10, "lead", 20, passed_up=1),
            case("b", 50, "manager", 2),
            case("c", 500, "lead", 10, passed_up=2),
            case("d", 5000, "board", 90),
            case("e", 20),
            Case("f", {"cost": -1}, line=7),
        ],
    )
    assert (found.decisions, found.same, found.moved, found.nobody) == (6, 2, 1, 1)
    assert [(row.id, row.was, row.would, row.rule, row.method, row.within_days) for row in found.rows] == [
        ("a", "lead", "manager", "small", "alone", 2),
        ("b", "manager", "manager", "small", "alone", 2),
        ("c", "lead", "lead", "large", "advice", 5),
        ("d", "board", None, None, None, None),
        ("e", None, "manager", "small", "alone", 2),
    ]
    assert found.by_decider == {
        "board": {"was": 1, "would": 0},
        "lead": {"was": 2, "would": 1},
        "manager": {"was": 1, "would": 3},
    }
    assert found.front_line == FrontLine(1, 3, 2, ("manager",))
    assert [(one.id, one.line) for one in found.unusable] == [("f", 7)]
    assert "0 or more" in found.unusable[0].because
    assert (found.passed_up, found.straight_there) == (2, 1)
    waiting = found.expected_waiting
    assert waiting.by_decider == {"board": Observed(1, 90), "lead": Observed(2, 15), "manager": Observed(1, 2)}
    assert waiting.was_mean == pytest.approx((20 + 2 + 10) / 3)  # the board's is left out: nobody could take it now
    assert waiting.would_mean == pytest.approx((2 + 2 + 15) / 3)
    assert "board 1, lead 2, manager 1" in waiting.because


def test_no_wait_is_made_up_for_somebody_who_was_never_seen(policy):
    waiting = replay(policy, [case("a", 10, "lead", 20)]).expected_waiting
    assert (waiting.was_mean, waiting.would_mean) == (20, None)
    assert waiting.by_decider["manager"] == Observed(0, None)
    assert "manager took none" in waiting.because


def test_a_level_that_is_given_counts_before_the_scheme(policy):
    front = replay(
        policy, [case("a", 10, "somebody", level="team"), case("b", 500, "manager", level="organisation")]
    ).front_line
    assert front == FrontLine(1, 1, 0, ("manager",))


def test_where_nothing_is_known_nothing_is_claimed(policy):
    found = replay(policy, [case("a", 10)])
    assert found.front_line == FrontLine(None, 1, None, ("manager",))
    assert (found.same, found.moved) == (0, 0)
    assert found.expected_waiting.would_mean is None
    assert replay(policy, []).decisions == 0
    bare = policy_of(TEXT.replace('level = "team"', "").replace('level = "department"', ""))
    assert replay(bare, [case("a", 10, "manager")]).front_line == FrontLine(None, None, None, ())
