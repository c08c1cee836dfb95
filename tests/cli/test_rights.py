"""`goldthread rights` as its contract in cli.md says: keys, exit status, messages."""

import json

import pytest
from click.testing import CliRunner

from goldthread.cli.main import goldthread

SCHEME = """title = "Small"
[attributes.scope]
type = "ordered"
values = ["team", "department", "organisation"]
[attributes.cost]
type = "int"
min = 0
unit = "£"
default = 0
[deciders.ward_manager]
role = "unit_manager"
level = "team"
title = "the ward manager"
[[rule]]
id = "R1"
clause = "4.1"
priority = 10
specialises = ["R2"]
when = { scope = ["team", "team"], cost = [0, 4999] }
then = { decider = "ward_manager", method = "alone", within_days = 2, inform = ["lead"] }
[[rule]]
id = "R2"
clause = "4.2"
priority = 20
when = { scope = ["*", "department"] }
then = { decider = "lead", method = "advice", within_days = 5, consult = ["staff"], on_expiry = "escalate:R1" }
"""
REST = """[[rule]]
id = "R9"
clause = "9"
priority = 90
residual = true
then = { decider = "chief", method = "alone", within_days = 14 }
"""


@pytest.fixture
def write(tmp_path):
    def _write(text, name="scheme.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


def run(*arguments):
    return CliRunner().invoke(goldthread, ["rights", *(str(one) for one in arguments)])


def document(*arguments, status=0):
    result = run(*arguments, "--json")
    assert result.exit_code == status, result.stderr
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def refused(*arguments):
    """The message on standard error of a run that could not be done."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    return " ".join(result.stderr.split())


def test_check_finds_a_gap(write):
    found = document("check", write(SCHEME), status=1)
    assert found == {
        "rules": 2,
        "gaps": [{"witness": {"scope": "organisation", "cost": 0}, "residual": False}],
        "overlaps": [{"rules": ["R1", "R2"], "declared": True, "witness": {"scope": "team", "cost": 0}}],
        "dead": [],
        "errors": [],
    }


def test_what_only_the_last_resort_catches_passes(write):
    found = document("check", write(SCHEME + REST))
    assert found["gaps"] == [{"witness": {"scope": "organisation", "cost": 0}, "residual": True}]
    assert [one["declared"] for one in found["overlaps"]] == [True, True, True]


@pytest.mark.parametrize(
    ("before", "after", "part"),
    [
        ('specialises = ["R2"]\n', "", "overlaps"),
        ('["team", "team"]', '["team", "department"]', "dead"),
    ],
)
def test_an_undeclared_overlap_and_a_dead_rule_fail(write, before, after, part):
    text = (SCHEME + REST).replace(before, after)
    if part == "dead":
        text = text.replace(", cost = [0, 4999]", "")
    found = document("check", write(text), status=1)
    assert found["dead"] == (["R2"] if part == "dead" else [])
    assert any(not one["declared"] for one in found["overlaps"]) == (part == "overlaps")


def test_slips_are_in_the_document_and_on_standard_error(write):
    path = write(SCHEME.replace('"alone"', '"alnoe"').replace("cost = [0", "cots = [0"))
    result = run("check", path, "--json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert found["rules"] == 2
    assert found["errors"][1] == {
        "rule": "R1",
        "key": "then.method",
        "message": "'alnoe' is not known; there are: alone, advice, consent, majority, two-key or joint",
        "suggestion": "did you mean 'alone'?",
        "line": 20,
    }
    assert found["errors"][0]["key"] == "when.cots"
    assert result.stderr.count("\n") == 1
    assert "scheme.toml, line 19, rule R1, when.cots: there is no attribute 'cots'" in result.stderr
    assert "(and 1 more)" in result.stderr
    assert "then.method" in refused("check", path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb =\n", "scheme.toml, line 2: this is not TOML"),
        (b"a = '\xff'", "scheme.toml, line 1: is not UTF-8"),
        ("", "there is no rule"),
    ],
)
@pytest.mark.parametrize("command", ["check", "explain", "replay"])
def test_a_file_that_is_no_scheme_is_refused(write, command, text, message):
    more = [] if command == "check" else [write("{}", "other")]
    assert message in refused(command, write(text), *more)


def test_a_missing_file_is_refused(write, tmp_path):
    assert "nothing.toml: cannot be read" in refused("check", tmp_path / "nothing.toml")
    assert "nothing.json: cannot be read" in refused("explain", write(SCHEME), tmp_path / "nothing.json")
    assert "nothing.csv: cannot be read" in refused("replay", write(SCHEME), tmp_path / "nothing.csv")


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated(write):
    assert document("check", write(b"\xef\xbb\xbf" + (SCHEME + REST).replace("\n", "\r\n").encode()))["rules"] == 3


def test_explain_says_whose_decision_it_is_and_why(write):
    found = document("explain", write(SCHEME), write('{"scope": "team", "cost": 9000}', "change.json"))
    expected = {
        "rule": "R2",
        "clause": "4.2",
        "decider": "lead",
        "method": "advice",
        "within_days": 5,
        "consult": ["staff"],
        "inform": [],
        "on_expiry": "escalate:R1",
        "matched": {"scope": "team"},
        "narrower_not_matched": [{"rule": "R1", "because": "cost must be £4,999 or less"}],
    }
    assert {key: found[key] for key in expected} == expected
    assert found["assumed"] == []


def test_explain_names_what_it_assumed(write):
    found = document("explain", write(SCHEME), write('{"scope": "team"}', "change.json"))
    assert (found["rule"], found["assumed"], found["matched"]) == ("R1", ["cost"], {"scope": "team", "cost": 0})


def test_explain_where_nobody_may_decide(write):
    change = write('{"scope": "organisation"}', "change.json")
    found = document("explain", write(SCHEME), change, status=1)
    assert found["rule"] is None
    assert [one["rule"] for one in found["narrower_not_matched"]] == ["R1", "R2"]
    result = run("explain", write(SCHEME), change)
    assert result.exit_code == 1
    assert "Nobody may decide this" in result.stdout


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            '{"scope": "taem"}',
            "change.json: scope must be one of team, department or organisation, not 'taem'; did you mean 'team'?",
        ),
        ('{"cost": 5}', "scope is missing, and the scheme has no default for it"),
        (
            '{"scope": "team", "cots": 5}',
            "there is no attribute 'cots'; there are: scope or cost; did you mean 'cost'?",
        ),
        ('{"scope": "team", "cost": 5.5}', "cost must be a whole number"),
        ('{"scope": "team", "cost": NaN}', "cost must be a whole number"),
        ('{"scope": "team",\n "cost": }', "change.json, line 2: this is not JSON"),
        ("[1]", "must hold one object"),
        ("[" * 100_000, "change"),
    ],
)
def test_a_change_that_cannot_be_used_is_refused(write, change, message):
    assert message in refused("explain", write(SCHEME), write(change, "change.json"))


def test_replay_of_a_table(write):
    table = (
        "id,scope,cost,decider,days,passed_up,remark\n"
        "a,team,10,lead,9,1,x\n"
        "b,team,,ward_manager,3,,\n"
        "c,organisation,5,chief,,0,\n"
        "d,team,1 000,,,,\n"
        "e,department,1,lead,soon,,\n"
        "f,department,1,lead,5,-1,\n"
    )
    found = document("replay", write(SCHEME), write(table, "past.csv"))
    assert (found["decisions"], found["same"], found["moved"], found["nobody"]) == (6, 1, 1, 1)
    assert [(one["line"], one["because"].split(" must")[0]) for one in found["unusable"]] == [
        (5, "cost"),
        (6, "days"),
        (7, "passed_up"),
    ]
    assert found["rows"][1] == {
        "id": "b",
        "was": "ward_manager",
        "would": "ward_manager",
        "rule": "R1",
        "method": "alone",
        "within_days": 2,
    }
    assert found["by_decider"]["ward_manager"] == {"was": 1, "would": 2}
    assert found["front_line"] == {"was": 1, "would": 2, "more": 1, "lowest": ["ward_manager"]}
    assert (found["expected_waiting"]["was_mean"], found["expected_waiting"]["would_mean"]) == (6, 3)
    assert found["ignored_columns"] == ["remark"]
    shown = run("replay", write(SCHEME), write(table, "past.csv"))
    assert shown.exit_code == 0
    for text in ("the ward manager", "1 move", "Line 6 cannot be used: days must be a number", "remark"):
        assert text in " ".join(shown.stdout.split())


def test_replay_needs_a_column_for_what_has_no_default(write):
    message = refused("replay", write(SCHEME), write("cost\n1\n", "past.csv"))
    assert "there is no column 'scope', and the scheme has no default for it; the columns are: cost" in message


def test_what_people_read_is_short_and_takes_brackets_for_text(write):
    text = (
        (SCHEME + REST)
        .replace('"organisation"]', '"[red]all"]')
        .replace('title = "the ward manager"', 'title = "[bold]Jo"')
    )
    result = run("check", write(text))
    assert result.exit_code == 0
    assert "[red]all" in result.stdout
    assert "0 gaps, 0 undeclared overlaps, 0 rules without effect" in " ".join(result.stdout.split())
    why = run("explain", write(text), write('{"scope": "team"}', "change.json"))
    assert "[bold]Jo decides alone within 2 days" in " ".join(why.stdout.split())
