"""Every slip in a policy file is named with its rule, its key, its line and what was probably meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldthread.methods.rights import Is, Numbers, OneOf, Ordered, read_policy, unresolved
from tests.methods.rights.tables import policy_of

GOOD = """title = "Good"

[attributes.risk]
type = "ordered"
values = ["none", "low", "moderate", "high"]

[attributes.subject]
type = "enum"
values = ["practice", "estate"]
words = { practice = "how we work" }

[attributes.cost]
type = "int"
min = 0
max = 100
unit = "£"
default = 0

[attributes.reversible]
type = "bool"

[deciders.manager]
role = "unit_manager"
level = "team"

[[rule]]
id = "R1"
clause = "4.1"
priority = 10
specialises = ["R2"]
when = { risk = ["none", "low"], cost = [0, 49], reversible = true }
then = { decider = "manager", method = "alone", within_days = 2 }

[[rule]]
id = "R2"
priority = 20
residual = true
when = { subject = { in = ["practice"] } }
then = { decider = "board", method = "majority", within_days = 0, silence = "lapses" }

[[ladder]]
decider = "manager"
within_days = 7

[[safe_to_try]]
id = "small"
when = { cost = [0, 5] }
look_back_days = 14
"""


def slip(before, after, count=1):
    """The problems of the good policy with one slip in it."""
    assert before in GOOD
    return read_policy(GOOD.replace(before, after, count)).problems


def test_the_good_policy_is_read_as_written():
    policy = policy_of(GOOD)
    first, second = policy.rules
    assert policy.title == "Good"
    assert first.when == {"risk": Ordered("none", "low"), "cost": Numbers(0, 49), "reversible": Is(True)}
    assert second.when == {"subject": OneOf(frozenset({"practice"}))}
    assert (first.clause, first.specialises, first.residual, second.residual) == ("4.1", ("R2",), False, True)
    assert (second.then.method, second.then.within_days, second.then.silence) == ("majority", 0, "lapses")
    assert (first.then.silence, first.then.on_expiry, first.then.ballot) == ("escalates", "escalate", "named")
    cost = policy.attributes["cost"]
    assert (cost.low, cost.high, cost.unit, cost.default) == (0, 100, "£", 0)
    assert policy.ladder[0].within_days == 7
    assert policy.safe[0].when == {"cost": Numbers(0, 5)}


# What is slipped, the rule and key that the problem names, words of its message, the suggestion.
SLIPS = [
    ('"none", "low"]', '"none", "lwo"]', "R1", "when.risk", "'lwo' is not a value", "did you mean 'low'?"),
    ("cost = [0, 49]", "cots = [0, 49]", "R1", "when.cots", "no attribute 'cots'", "did you mean 'cost'?"),
    ("cost = [0, 49]", "cost = [49, 0]", "R1", "when.cost", "empty range", "did you mean [0, 49]?"),
    ("cost = [0, 49]", "cost = [-9, -1]", "R1", "when.cost", "empty range: -1 lies below", None),
    ("cost = [0, 49]", "cost = [101, 200]", "R1", "when.cost", "empty range: 101 lies above", None),
    ("cost = [0, 49]", "cost = [0, 49, 50]", "R1", "when.cost", "must be [low, high]", None),
    ("cost = [0, 49]", 'cost = "*"', "R1", "when.cost", "must be [low, high]", None),
    ("cost = [0, 49]", 'cost = ["0", 49]', "R1", "when.cost", "a whole number", None),
    ("cost = [0, 49]", "cost = [0.5, 49]", "R1", "when.cost", "a whole number", None),
    ("cost = [0, 49]", "cost = true", "R1", "when.cost", "a whole number", None),
    ("cost = [0, 49]", "cost = { in = [1] }", "R1", "when.cost", "must be [low, high]", None),
    ('["none", "low"], c', '["low", "none"], c', "R1", "when.risk", "empty range", "did you mean ['none', 'low']?"),
    ('["none", "low"], c', '{ in = ["low"] }, c', "R1", "when.risk", "must be [low, high]", None),
    ("reversible = true", 'reversible = "yes"', "R1", "when.reversible", "true or false", None),
    (
        '{ in = ["practice"] }',
        '{ in = ["practise"] }',
        "R2",
        "when.subject",
        "not a value",
        "did you mean 'practice'?",
    ),
    (
        '{ in = ["practice"] }',
        '{ im = ["practice"] }',
        "R2",
        "when.subject",
        "{ in = [...] }",
        "did you mean 'in'?",
    ),
    ('{ in = ["practice"] }', "{ in = [] }", "R2", "when.subject", "empty set", None),
    ('{ in = ["practice"] }', "5", "R2", "when.subject", "must be { in", None),
    ('when = { subject = { in = ["practice"] } }', 'when = "always"', "R2", "when", "must be a table", None),
    ('method = "alone"', 'method = "alnoe"', "R1", "then.method", "'alnoe' is not known", "did you mean 'alone'?"),
    ('silence = "lapses"', 'silence = "lapse"', "R2", "then.silence", "not known", "did you mean 'lapses'?"),
    ('silence = "lapses"', 'ballot = "seccret"', "R2", "then.ballot", "not known", "did you mean 'secret'?"),
    ('silence = "lapses"', 'inform = "board"', "R2", "then.inform", "list of texts", "write inform = ['board']"),
    ('silence = "lapses"', "quorum = 0", "R2", "then.quorum", "1 or more", None),
    ('silence = "lapses"', 'seal = "yes"', "R2", "then.seal", "true or false", None),
    ("within_days = 2", "within_day = 2", "R1", "then.within_day", "not a key", "did you mean 'within_days'?"),
    ("within_days = 2", "within_days = -1", "R1", "then.within_days", "0 or more", None),
    ("within_days = 2", "within_days = 2.5", "R1", "then.within_days", "a whole number", None),
    (", within_days = 2", "", "R1", "then.within_days", "missing", None),
    ('method = "alone", ', "", "R1", "then.method", "missing", None),
    ('decider = "manager", ', "", "R1", "then.decider", "missing", None),
    ('decider = "manager", ', 'decider = " ", ', "R1", "then.decider", "empty", None),
    ('specialises = ["R2"]', 'specialises = ["R3"]', "R1", "specialises", "no rule 'R3'", None),
    ('specialises = ["R2"]', 'specialises = ["R1"]', "R1", "specialises", "itself", None),
    (
        'specialises = ["R2"]',
        'specialises = "R2"',
        "R1",
        "specialises",
        "list of texts",
        "write specialises = ['R2']",
    ),
    ('id = "R2"', 'id = "R1"', "R1", "id", "two of them", None),
    ('id = "R2"', "id = 2", "number 2", "id", "text in quotes", None),
    ('id = "R2"\n', "", "number 2", "id", "missing", None),
    ("priority = 20\n", "", "R2", "priority", "missing", None),
    ("priority = 20", 'priority = "high"', "R2", "priority", "whole number", None),
    ("residual = true", 'residual = "true"', "R2", "residual", "true or false", None),
    ("residual = true", "resdiual = true", "R2", "resdiual", "not a key", "did you mean 'residual'?"),
    ('type = "bool"', 'type = "boolean"', None, "attributes.reversible.type", "not known", "did you mean 'bool'?"),
    ('type = "bool"', 'hint = "x"', None, "attributes.reversible.type", "missing", None),
    ('type = "bool"', 'type = "bool"\nvalues = []', None, "attributes.reversible.values", "not a key", None),
    ("default = 0", "default = 101", None, "attributes.cost.default", "100 or less", None),
    ("default = 0", 'default = "0"', None, "attributes.cost.default", "whole number", None),
    ("max = 100", "max = -1", None, "attributes.cost.max", "empty range", None),
    ("max = 100", "maxx = 100", None, "attributes.cost.maxx", "not a key", "did you mean 'max'?"),
    (
        "words = { practice",
        "words = { practise",
        None,
        "attributes.subject.words.practise",
        "not a value",
        "did you mean 'practice'?",
    ),
    ('values = ["practice", "estate"]', "values = []", None, "attributes.subject.values", "empty", None),
    (
        'values = ["practice", "estate"]',
        'values = ["practice", "practice"]',
        None,
        "attributes.subject.values",
        "twice",
        None,
    ),
    (
        'values = ["practice", "estate"]',
        'values = ["practice", "*"]',
        None,
        "attributes.subject.values",
        "open end",
        None,
    ),
    ('values = ["practice", "estate"]\n', "", None, "attributes.subject.values", "missing", None),
    ('title = "Good"', 'titel = "Good"', None, "titel", "not a key", "did you mean 'title'?"),
    ("[[ladder]]", "[[laddder]]", None, "laddder", "not a key", "did you mean 'ladder'?"),
    ('level = "team"', 'levle = "team"', None, "deciders.manager.levle", "not a key", "did you mean 'level'?"),
    ('level = "team"', 'body = "board"', None, "deciders.manager.body", "either a body, or a role", None),
    ("within_days = 7", "within_days = true", None, "ladder.number 1.within_days", "whole number", None),
    ("cost = [0, 5]", "cost = [0, 5, 6]", None, "safe_to_try.small.when.cost", "[low, high]", None),
    ("look_back_days = 14\n", "", None, "safe_to_try.small.look_back_days", "missing", None),
]


@pytest.mark.parametrize(("before", "after", "rule", "key", "message", "suggestion"), SLIPS)
def test_a_slip_is_named_where_it_is(before, after, rule, key, message, suggestion):
    problems = slip(before, after)
    found = [one for one in problems if one.key == key]
    assert found, problems
    assert message in found[0].message
    assert (found[0].rule, found[0].suggestion) == (rule, suggestion)
    assert found[0].line == line_of(before, after, key)


def line_of(before, after, key):
    """Where the slip is; of what is missing, the heading above it."""
    lines = GOOD.replace(before, after, 1).split("\n")
    at = GOOD[: GOOD.index(before)].count("\n")
    if "\n" in before or after == 'hint = "x"':
        return max(number for number in range(at + 1) if lines[number].startswith("[")) + 1
    return at + 1 + after.count("\n") * (key.split(".")[-1] not in lines[at])


def test_all_slips_are_named_at_once_and_nothing_can_be_asked():
    text = GOOD.replace('"alone"', '"alnoe"').replace("[0, 49]", "[49, 0]").replace('"majority"', '"most"')
    reading = read_policy(text)
    assert reading.policy is None
    assert reading.rules == 2
    assert [(one.rule, one.key) for one in reading.problems] == [
        ("R1", "when.cost"),
        ("R1", "then.method"),
        ("R2", "then.method"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\na = 2\n", 2),
        ('a = 1\nb = "never closed', 2),
        ("a = " + "[" * 5000, None),
        ("a = " + "9" * 5000, None),
    ],
)
def test_text_that_is_not_toml_is_one_problem_with_its_line(text, line):
    reading = read_policy(text)
    assert reading.policy is None
    (problem,) = reading.problems
    assert (problem.key, problem.line) == ("TOML", line)
    assert "not TOML" in problem.message or "nested" in problem.message


@pytest.mark.parametrize("text", ["", "rule = 5", "rule = []", "rule = [1]", 'title = "x"', "[rule]\nid = 'x'"])
def test_a_file_without_rules_is_no_scheme(text):
    reading = read_policy(text)
    assert reading.policy is None
    assert [problem.key for problem in reading.problems] == ["rule"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_text_makes_the_reader_fall_over(data):
    """Any line of the good policy left out, doubled, cut short or with another value: a policy or problems, never both."""
    lines = GOOD.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        value = data.draw(
            st.sampled_from(("0", "-1.5", "true", '"x"', "[]", "{}", "[[1]]", "1979-05-27", "nan", "{ in = [{}] }"))
        )
        changed = (lines[at].partition("=")[0] + "= " + value, lines[at][: len(lines[at]) // 2], "")
        lines[at] = data.draw(st.sampled_from(changed))
    reading = read_policy("\n".join(lines))
    assert (reading.policy is None) == bool(reading.problems)
    for problem in reading.problems:
        assert problem.message
        assert problem.line is None or 1 <= problem.line <= len(lines) + 1


def test_shorter_ways_to_write_conditions():
    text = GOOD.replace(
        'risk = ["none", "low"], cost = [0, 49]', 'risk = "low", cost = 7, subject = ["practice", "estate"]'
    )
    when = policy_of(text).rules[0].when
    assert when["risk"] == Ordered("low", "low")
    assert when["cost"] == Numbers(7, 7)
    assert when["subject"] == OneOf(frozenset({"practice", "estate"}))
    one = policy_of(GOOD.replace('{ in = ["practice"] }', '"estate"')).rules[1].when
    assert one == {"subject": OneOf(frozenset({"estate"}))}


def test_open_ends_and_ranges_that_reach_beyond_the_bounds():
    text = GOOD.replace('risk = ["none", "low"], cost = [0, 49]', 'risk = ["*", "low"], cost = [-5, 500]')
    when = policy_of(text).rules[0].when
    assert when["risk"] == Ordered(None, "low")
    assert when["cost"] == Numbers(0, 100)
    assert policy_of(GOOD.replace("[0, 49]", '["*", "*"]')).rules[0].when["cost"] == Numbers(None, None)


def test_without_any_priority_the_file_gives_the_order():
    text = GOOD.replace("priority = 10\n", "").replace("priority = 20\n", "")
    assert [(rule.id, rule.priority) for rule in policy_of(text).rules] == [("R1", 1), ("R2", 2)]


def test_sub_tables_and_windows_line_ends_are_fine():
    text = GOOD.replace(
        'then = { decider = "manager", method = "alone", within_days = 2 }',
        '[rule.then]\ndecider = "manager"\nmethod = "alnoe"\nwithin_days = 2',
    )
    (problem,) = read_policy(text).problems
    assert (problem.rule, problem.key, problem.line) == ("R1", "then.method", 34)
    assert policy_of(GOOD.replace("\n", "\r\n")).title == "Good"


def test_names_that_stand_for_nobody_are_listed():
    policy = policy_of(GOOD)
    found = unresolved(policy, roles=["unit_manager"], levels=["team"])
    assert [(one.rule, one.key) for one in found] == [("R2", "then.decider")]
    assert "[deciders.board]" in found[0].message
    with_body = GOOD.replace("[[ladder]]", '[deciders.board]\nbody = "board"\n\n[[ladder]]')
    assert unresolved(policy_of(with_body), roles=["unit_manager"], levels=["team"]) == ()


def test_roles_and_levels_that_nobody_knows_are_listed():
    text = GOOD.replace('level = "team"', 'level = "taem"\ndeputy = "deputi"')
    text = text.replace('"board", method', '"manager", consult = ["staf"], inform = ["x"], second = "y", method')
    found = unresolved(
        policy_of(text.replace("[[ladder]]", "[deciders.idle]\n\n[[ladder]]")),
        roles=["unit_manager", "deputy"],
        levels=["team"],
    )
    assert [(one.key, one.suggestion) for one in found] == [
        ("then.consult", None),
        ("then.inform", None),
        ("then.second", None),
        ("deciders.manager.deputy", "did you mean 'deputy'?"),
        ("deciders.manager.level", "did you mean 'team'?"),
        ("deciders.idle.role", None),
    ]
