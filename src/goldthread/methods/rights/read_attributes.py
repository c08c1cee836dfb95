"""Reads `[attributes.NAME]`: the facts a scheme may ask for, with their values or bounds."""

import re
from typing import Any

from goldthread.methods.rights.model import TYPES, Attribute, Value
from goldthread.methods.rights.problems import Place, listed, nearest, shown

_SHARED = ("type", "default", "title", "hint", "derived", "words")
_OWN = {"ordered": ("values",), "enum": ("values",), "bool": (), "int": ("min", "max", "unit")}
#: An open end of a range is written so; it can therefore not be a value.
OPEN = "*"


def read_attributes(top: Place) -> dict[str, Attribute | None]:
    """Every attribute by name; None for one that cannot be used, so that its name is still known."""
    return {name: _attribute(top, name, table) for name, table in top.named("attributes").items()}


def _attribute(top: Place, name: str, table: dict[str, Any]) -> Attribute | None:
    place = top.inside(f"attributes.{name}", table)
    place.section = place.lines.section(f"attributes.{name}") or place.lines.section("attributes")
    before = len(place.problems)
    kind = place.text("type", needed=True, one_of=TYPES)
    place.only((*_SHARED, *(_OWN[kind] if kind else ("values", "min", "max", "unit"))))
    values = _values(place) if kind in ("ordered", "enum") else ()
    low, high = (place.number("min"), place.number("max")) if kind == "int" else (None, None)
    if low is not None and high is not None and low > high:
        place.wrong("max", f"empty range: max {high} lies below min {low}")
    unit, title, hint, derived = (place.text(key) for key in ("unit", "title", "hint", "derived"))
    if len(place.problems) > before:
        return None
    bare = Attribute(name, kind, values, low, high, unit, None, title, hint, derived)
    default = table.get("default")
    if default is not None and (problem := unusable(bare, default)):
        place.wrong("default", *problem, near=default)
    words = _words(place, bare)
    if len(place.problems) > before:
        return None
    return Attribute(name, kind, values, low, high, unit, default, title, hint, derived, words)


def _values(place: Place) -> tuple[str, ...]:
    if "values" not in place.table:
        place.wrong("values", "values is missing: a list of texts, the lowest first where they are ordered")
        return ()
    values = place.texts("values")
    if not values and isinstance(place.table["values"], list) and not place.table["values"]:
        place.wrong("values", "values is empty; give at least one")
    for at, value in enumerate(values):
        if value in values[:at]:
            place.wrong("values", f"{shown(value)} stands there twice", near=value)
        if value == OPEN:
            place.wrong("values", f"{shown(OPEN)} stands for an open end and cannot be a value", near=value)
    return values


def _words(place: Place, attribute: Attribute) -> dict[str, str]:
    words = place.table.get("words", {})
    if not isinstance(words, dict):
        place.wrong("words", "must be a table of value and words")
        return {}
    known = ("true", "false") if attribute.type == "bool" else attribute.values
    for value, text in words.items():
        if value not in known:
            place.wrong(
                f"words.{value}", f"{shown(value)} is not a value; there are: {listed(known)}", nearest(value, known)
            )
        elif not isinstance(text, str):
            place.wrong(f"words.{value}", f"must be a text in quotes, not {shown(text)}")
    return dict(words)


def unusable(attribute: Attribute, value: object) -> tuple[str, str | None] | None:
    """Why this cannot be a value of the attribute, with a suggestion; None if it can."""
    if attribute.type == "bool":
        return None if isinstance(value, bool) else (f"must be true or false, not {shown(value)}", None)
    if attribute.type == "int":
        return _unusable_number(attribute, value)
    if not isinstance(value, str):
        return f"must be one of {listed(attribute.values)}, not {shown(value)}", None
    if value not in attribute.values:
        return f"must be one of {listed(attribute.values)}, not {shown(value)}", nearest(value, attribute.values)
    return None


def _unusable_number(attribute: Attribute, value: object) -> tuple[str, str | None] | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return f"must be a whole number, not {shown(value)}", None
    if attribute.low is not None and value < attribute.low:
        return f"must be {attribute.low} or more, not {value}", None
    if attribute.high is not None and value > attribute.high:
        return f"must be {attribute.high} or less, not {value}", None
    return None


def typed(attribute: Attribute, text: str) -> Value:
    """A cell of a table as a value of the attribute, where it can be one; else the text as it is."""
    if attribute.type == "bool":
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower(), text)
    if attribute.type == "int":
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,30}", text) else text
    return text
