"""`goldthread rights`: check, ask and replay a scheme of delegation. Needs no database and no server."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from goldthread.cli.rights_shown import show_findings, show_nobody, show_replay, show_why
from goldthread.files import FileProblem, Table, read_table
from goldthread.methods.rights import (
    Case,
    ChangeProblem,
    Explanation,
    Findings,
    NobodyDecides,
    Policy,
    Problem,
    Reading,
    Replay,
    check,
    explain,
    read_policy,
    replay,
)
from goldthread.methods.rights.problems import SYNTAX
from goldthread.methods.rights.read_attributes import typed

_EXTRA = ("id", "decider", "level", "days", "passed_up")


class Unusable(click.ClickException):
    """The input could not be used: exit status 2."""

    exit_code = 2


_POLICY = click.argument("policy", metavar="POLICY.toml", type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


@click.group("rights")
def rights() -> None:
    """Who may decide what: check a scheme, ask it, try it on past decisions."""


@rights.command("check")
@_POLICY
@_JSON
def check_command(policy: Path, as_json: bool) -> None:
    """Find gaps, overlaps that are not declared, and rules without effect. Exit status 1 if there are any."""
    reading = _read(policy)
    if reading.policy is None:
        if as_json:
            _print(findings_document(Findings(reading.rules, (), (), ()), reading.problems))
        raise Unusable(_all_wrong(policy, reading.problems, briefly=as_json))
    findings = check(reading.policy)
    if as_json:
        _print(findings_document(findings, ()))
    else:
        show_findings(reading.policy, findings)
    raise SystemExit(0 if findings.sound else 1)


@rights.command("explain")
@_POLICY
@click.argument("change", metavar="CHANGE.json", type=click.Path(path_type=Path))
@_JSON
def explain_command(policy: Path, change: Path, as_json: bool) -> None:
    """Say whose decision a change is, and why. Exit status 1 if nobody may decide."""
    scheme = _sound(policy)
    facts = _object(change)
    try:
        why = explain(scheme, facts)
    except ChangeProblem as problem:
        raise Unusable(f"{change.name}: {problem}") from None
    except NobodyDecides as nobody:
        if as_json:
            _print(nobody_document(nobody))
        else:
            show_nobody(nobody)
        raise SystemExit(1) from None
    if as_json:
        _print(why_document(why))
    else:
        show_why(scheme, why)


@rights.command("replay")
@_POLICY
@click.argument("decisions", metavar="DECISIONS.csv", type=click.Path(path_type=Path))
@_JSON
def replay_command(policy: Path, decisions: Path, as_json: bool) -> None:
    """Say what would have been decided where, against what was.

    DECISIONS (CSV, XLSX or ODS) has a column for each attribute, and may have id, decider, level, days and passed_up.
    """
    scheme = _sound(policy)
    try:
        table = read_table(decisions)
    except FileProblem as problem:
        raise Unusable(str(problem)) from None
    for name, attribute in scheme.attributes.items():
        if name not in table.columns and attribute.default is None:
            there = ", ".join(table.columns)
            raise Unusable(
                f"{table.name}: there is no column {name!r}, and the scheme has no default for it; the columns are: {there}"
            )
    cases, refused = _cases(scheme, table)
    found = replay(scheme, cases)
    ignored = [name for name in table.columns if name not in scheme.attributes and name not in _EXTRA]
    document = replay_document(found, refused, ignored)
    if as_json:
        _print(document)
    else:
        show_replay(scheme, document)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unusable(f"{path.name}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Unusable(f"{path.name}, line {line}: is not UTF-8; save the file as UTF-8") from None


def _read(path: Path) -> Reading:
    """The file, unless it is not TOML at all."""
    reading = read_policy(_text(path))
    for problem in reading.problems:
        if problem.key == SYNTAX:
            raise Unusable(_one_wrong(path, problem))
    return reading


def _sound(path: Path) -> Policy:
    reading = _read(path)
    if reading.policy is None:
        raise Unusable(_all_wrong(path, reading.problems, briefly=False))
    return reading.policy


def _one_wrong(path: Path, problem: Problem) -> str:
    line = f", line {problem.line}" if problem.line else ""
    rule = f", rule {problem.rule}" if problem.rule else ""
    key = f", {problem.key}" if problem.key and problem.key != SYNTAX else ""
    hint = f"; {problem.suggestion}" if problem.suggestion else ""
    return f"{path.name}{line}{rule}{key}: {problem.message}{hint}"


def _all_wrong(path: Path, problems: tuple[Problem, ...], *, briefly: bool) -> str:
    """Every problem on a line of its own; briefly, the first and how many more."""
    if not briefly:
        return "\n".join(_one_wrong(path, problem) for problem in problems)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return _one_wrong(path, problems[0]) + more


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise Unusable(f"{path.name}, line {error.lineno}: this is not JSON ({error.msg})") from None
    except (RecursionError, ValueError) as error:
        raise Unusable(f"{path.name}: this cannot be a change ({type(error).__name__})") from None
    if not isinstance(found, dict):
        raise Unusable(f'{path.name}: must hold one object with attributes and values, like {{"cost": 1200}}')
    return found


def _cases(policy: Policy, table: Table) -> tuple[list[Case], list[dict[str, Any]]]:
    """A case for each row of the table, and the rows that cannot be one."""
    extra = {name: table.columns[name] for name in _EXTRA if name in table.columns and name not in policy.attributes}
    cases, refused = [], []
    for row, line in enumerate(table.lines):
        cells = {name: column[row] for name, column in extra.items()}
        facts = {
            name: typed(attribute, table.columns[name][row])
            for name, attribute in policy.attributes.items()
            if name in table.columns and table.columns[name][row]
        }
        try:
            days, passed_up = _days(cells.get("days", "")), _count(cells.get("passed_up", ""))
        except ValueError as problem:
            refused.append({"line": line, "because": str(problem)})
            continue
        who, level = cells.get("decider", ""), cells.get("level", "")
        cases.append(Case(cells.get("id") or str(line), facts, who, level, days, passed_up, line))
    return cases, refused


def _days(cell: str) -> float | None:
    try:
        days = float(cell) if cell else None
    except ValueError:
        days = -1.0
    if days is not None and not 0 <= days < float("inf"):
        raise ValueError(f"days must be a number, 0 or more, not {cell!r}")
    return days


def _count(cell: str) -> int:
    if cell and not (cell.isascii() and cell.isdigit()):
        raise ValueError(f"passed_up must be a whole number, 0 or more, not {cell!r}")
    return int(cell or 0)


def findings_document(findings: Findings, problems: tuple[Problem, ...]) -> dict[str, Any]:
    """The JSON document of `rights check`."""
    return {
        "rules": findings.rules,
        "gaps": [dataclasses.asdict(gap) for gap in findings.gaps],
        "overlaps": [{**dataclasses.asdict(one), "rules": list(one.rules)} for one in findings.overlaps],
        "dead": list(findings.dead),
        "errors": [dataclasses.asdict(problem) for problem in problems],
    }


def why_document(why: Explanation) -> dict[str, Any]:
    """The JSON document of `rights explain`."""
    then = dataclasses.asdict(why.rule.then)
    return {
        "rule": why.rule.id,
        "clause": why.rule.clause,
        **then,
        "matched": why.matched,
        "assumed": list(why.assumed),
        "narrower_not_matched": [dataclasses.asdict(one) for one in why.narrower],
    }


def nobody_document(nobody: NobodyDecides) -> dict[str, Any]:
    """The same where nobody may decide."""
    empty = dict.fromkeys(("rule", "clause", "decider", "method", "within_days"))
    narrower = [dataclasses.asdict(one) for one in nobody.because]
    return {**empty, "consult": [], "inform": [], "on_expiry": None, "matched": {}, "narrower_not_matched": narrower}


def replay_document(found: Replay, refused: list[dict[str, Any]], ignored: list[str]) -> dict[str, Any]:
    """The JSON document of `rights replay`."""
    document = dataclasses.asdict(found)
    unusable = [*refused, *({"line": one.line, "because": one.because} for one in found.unusable)]
    document["unusable"] = sorted(unusable, key=lambda one: one["line"])
    document["decisions"] += len(refused)
    document["ignored_columns"] = ignored
    return document


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
