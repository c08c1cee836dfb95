"""Reads a policy file: every problem is named at once, and nothing that has one can be asked."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from goldthread.methods.rights.model import (
    BALLOTS,
    METHODS,
    SILENCE,
    Attribute,
    Decider,
    Policy,
    Rule,
    Safe,
    Step,
    Then,
)
from goldthread.methods.rights.problems import SYNTAX, Lines, Place, Problem, nearest, shown
from goldthread.methods.rights.read_attributes import read_attributes
from goldthread.methods.rights.read_conditions import read_when

_TOP = ("title", "note", "attributes", "rule", "deciders", "ladder", "safe_to_try")
_RULE = ("id", "clause", "priority", "specialises", "residual", "when", "then", "title", "note")
_SAFE = ("id", "title", "when", "start", "inform", "stop_if", "look_back_days")
_DECIDER = ("role", "level", "deputy", "body", "title")


@dataclass(frozen=True)
class Reading:
    """The policy, or what must be put right first (then `policy` is None). `rules` counts what the file has."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    rules: int = 0


def read_policy(text: str) -> Reading:
    """Read the TOML of a scheme. Never raises for what the text says: problems carry rule, key and line."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", str(error))
        line = (int(found[1]) if found[1] else text.rstrip("\n").count("\n") + 1) if found else None
        message = str(error).replace(found[0], "") if found else str(error)
        return Reading(None, (Problem(None, SYNTAX, f"this is not TOML: {message}", None, line),))
    except ValueError as error:
        return Reading(None, (Problem(None, SYNTAX, f"this is not TOML that can be used: {error}"),))
    except RecursionError:
        return Reading(None, (Problem(None, SYNTAX, "brackets are nested too deeply to be a scheme"),))
    top = Place([], Lines(text), table, "")
    top.only(_TOP)
    title = top.text("title")
    top.text("note")
    attributes = read_attributes(top)
    rules = _rules(top, attributes)
    deciders = {name: _decider(top, name, one) for name, one in top.named("deciders").items()}
    ladder = tuple(_step(top, at, one) for at, one in enumerate(top.tables("ladder")))
    safe = tuple(_safe(top, at, one, attributes) for at, one in enumerate(top.tables("safe_to_try")))
    _once(top, "safe_to_try", [one.id for one in safe])
    if top.problems:
        return Reading(None, tuple(sorted(top.problems, key=lambda one: one.line or 0)), len(rules))
    known = {name: one for name, one in attributes.items() if one is not None}
    ordered = tuple(sorted(rules, key=lambda one: one.priority))
    return Reading(Policy(title, known, ordered, deciders, ladder, safe), (), len(rules))


def _rules(top: Place, attributes: dict[str, Attribute | None]) -> list[Rule]:
    tables = top.tables("rule")
    if not tables and "rule" not in [problem.key for problem in top.problems]:
        top.wrong("rule", "there is no rule; write each as [[rule]]")
    numbered = any("priority" in table for table in tables)
    rules = [_rule(top, at, table, attributes, numbered) for at, table in enumerate(tables)]
    _once(top, "rule", [rule.id for rule in rules])
    ids = [rule.id for rule in rules]
    for at, rule in enumerate(rules):
        place = _place(top, "rule", at, tables[at])
        for other in rule.specialises:
            if other not in ids:
                place.wrong(
                    "specialises", f"there is no rule {other!r}", nearest(other, [one for one in ids if one != rule.id])
                )
            elif other == rule.id:
                place.wrong("specialises", "a rule cannot be more special than itself")
    return rules


def _place(top: Place, name: str, at: int, table: dict[str, Any]) -> Place:
    """One of the `[[name]]` tables, known by its id or its number."""
    known = table.get("id") if isinstance(table.get("id"), str) and table.get("id") else f"number {at + 1}"
    rule, key = (str(known), "") if name == "rule" else (None, f"{name}.{known}")
    section = top.lines.section(name, at)
    return Place(top.problems, top.lines, table, key, rule, section)


def _once(top: Place, name: str, ids: list[str]) -> None:
    for at, one in enumerate(ids):
        if one and one in ids[:at]:
            place = _place(top, name, at, {"id": one})
            place.wrong("id", f"two of them are called {one!r}; ids must differ", near=one)


def _rule(top: Place, at: int, table: dict[str, Any], attributes: dict[str, Attribute | None], numbered: bool) -> Rule:
    place = _place(top, "rule", at, table)
    place.only(_RULE)
    # Where no rule has a priority, the order of the file is meant; where some have, one without is a slip.
    priority = place.number("priority", needed=numbered)
    return Rule(
        id=place.text("id", needed=True),
        clause=place.text("clause"),
        priority=at + 1 if priority is None else priority,
        specialises=place.texts("specialises"),
        residual=bool(place.flag("residual")),
        when=read_when(place, attributes),
        then=_then(place),
        title=place.text("title"),
        note=place.text("note"),
    )


def _then(rule: Place) -> Then:
    table = rule.table.get("then")
    if not isinstance(table, dict):
        said = "then is missing" if table is None else f"must be a table, not {shown(table)}"
        rule.wrong("then", f"{said}: {{ decider = …, method = …, within_days = … }}")
        table = {"decider": "nobody", "method": "alone", "within_days": 0}  # one problem is enough
    place = rule.inside("then", table)
    place.only(Then.__dataclass_fields__)
    return Then(
        decider=place.text("decider", needed=True),
        method=place.text("method", needed=True, one_of=METHODS),
        within_days=place.number("within_days", least=0, needed=True) or 0,
        quorum=place.number("quorum", least=1),
        consult=place.texts("consult"),
        inform=place.texts("inform"),
        silence=place.text("silence", one_of=SILENCE, default="escalates"),
        on_expiry=place.text("on_expiry", default="escalate"),
        review_days=place.number("review_days", least=0),
        professions=place.texts("professions"),
        ballot=place.text("ballot", one_of=BALLOTS, default="named"),
        second=place.text("second"),
        sub_delegation=bool(place.flag("sub_delegation")),
        seal=place.flag("seal"),
    )


def _decider(top: Place, name: str, table: dict[str, Any]) -> Decider:
    place = top.inside(f"deciders.{name}", table)
    place.section = top.lines.section(f"deciders.{name}") or top.lines.section("deciders")
    place.only(_DECIDER)
    found = Decider(name, **{key: place.text(key) for key in _DECIDER})
    if found.body and (found.role or found.level):
        place.wrong("body", "give either a body, or a role with its level")
    return found


def _step(top: Place, at: int, table: dict[str, Any]) -> Step:
    place = _place(top, "ladder", at, table)
    place.only(("decider", "within_days", "title"))
    days = place.number("within_days", least=0, needed=True)
    return Step(place.text("decider", needed=True), days or 0, place.text("title"))


def _safe(top: Place, at: int, table: dict[str, Any], attributes: dict[str, Attribute | None]) -> Safe:
    place = _place(top, "safe_to_try", at, table)
    place.only(_SAFE)
    return Safe(
        id=place.text("id", needed=True),
        title=place.text("title"),
        when=read_when(place, attributes),
        start=place.text("start"),
        inform=place.texts("inform"),
        stop_if=place.text("stop_if"),
        look_back_days=place.number("look_back_days", least=0, needed=True) or 0,
    )
