"""Reads `when`: ranges, sets and yes/no, checked against the attributes they ask for."""

from typing import Any

from goldthread.methods.rights.model import Attribute, Condition, Is, Numbers, OneOf, Ordered
from goldthread.methods.rights.problems import Place, listed, nearest, shown
from goldthread.methods.rights.read_attributes import OPEN


def read_when(place: Place, attributes: dict[str, Attribute | None]) -> dict[str, Condition]:
    """The conditions of a rule; an attribute that is not there may have any value."""
    when = place.table.get("when", {})
    if not isinstance(when, dict):
        place.wrong("when", f"must be a table of attributes, not {shown(when)}")
        return {}
    inside = place.inside("when", when)
    out: dict[str, Condition] = {}
    for name, given in when.items():
        if name not in attributes:
            there = ", ".join(attributes) or "none"
            inside.wrong(name, f"there is no attribute {name!r}; there are: {there}", nearest(name, attributes))
            continue
        attribute = attributes[name]
        if attribute is None:
            continue  # the attribute itself has been named already
        found = _READERS[attribute.type](inside, attribute, given)
        if found is not None:
            out[name] = found
    return out


def _bool(place: Place, attribute: Attribute, given: Any) -> Condition | None:
    if isinstance(given, bool):
        return Is(given)
    place.wrong(attribute.name, f"must be true or false, not {shown(given)}", near=given)
    return None


def _enum(place: Place, attribute: Attribute, given: Any) -> Condition | None:
    name = attribute.name
    if isinstance(given, dict):
        if list(given) != ["in"]:
            place.wrong(name, "write a set as { in = [...] }", "did you mean 'in'?")
            return None
        given = given["in"]
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list):
        place.wrong(name, f"must be {{ in = [...] }} with some of {listed(attribute.values)}, not {shown(given)}")
        return None
    if not values:
        place.wrong(name, "empty set: no value can be one of none; leave the attribute out for any value")
        return None
    good = [_is_value(place, attribute, value) for value in values]
    return OneOf(frozenset(values)) if all(good) else None


def _is_value(place: Place, attribute: Attribute, value: Any) -> bool:
    if isinstance(value, str) and value in attribute.values:
        return True
    message = f"{shown(value)} is not a value; there are: {listed(attribute.values)}"
    place.wrong(attribute.name, message, nearest(value, attribute.values), near=value)
    return False


def _ends(place: Place, attribute: Attribute, given: Any) -> tuple[Any, Any] | None:
    """Both ends of a range; a single value is both."""
    if isinstance(given, list) and len(given) == 2:
        return given[0], given[1]
    if not isinstance(given, list | dict) and given != OPEN:
        return given, given
    message = f'must be [low, high], both included, with "{OPEN}" for an open end; not {shown(given)}'
    place.wrong(attribute.name, message)
    return None


def _ordered(place: Place, attribute: Attribute, given: Any) -> Condition | None:
    ends = _ends(place, attribute, given)
    if ends is None:
        return None
    good = [_is_value(place, attribute, end) for end in ends if end != OPEN]
    if not all(good):
        return None
    low, high = (None if end == OPEN else end for end in ends)
    if low is not None and high is not None and attribute.values.index(low) > attribute.values.index(high):
        place.wrong(attribute.name, f"empty range: {low!r} comes after {high!r}", f"did you mean [{high!r}, {low!r}]?")
        return None
    return Ordered(low, high)


def _int(place: Place, attribute: Attribute, given: Any) -> Condition | None:
    ends = _ends(place, attribute, given)
    if ends is None:
        return None
    for end in ends:
        if end != OPEN and (not isinstance(end, int) or isinstance(end, bool)):
            place.wrong(attribute.name, f'must be a whole number or "{OPEN}", not {shown(end)}', near=end)
            return None
    low, high = (None if end == OPEN else end for end in ends)
    if low is not None and high is not None and low > high:
        place.wrong(attribute.name, f"empty range: {low} is more than {high}", f"did you mean [{high}, {low}]?")
        return None
    return _clipped(place, attribute, low, high)


def _clipped(place: Place, attribute: Attribute, low: int | None, high: int | None) -> Condition | None:
    """The range within the attribute's bounds; wholly outside is an error."""
    least, most = attribute.low, attribute.high
    if least is not None and high is not None and high < least:
        place.wrong(attribute.name, f"empty range: {high} lies below the least {attribute.name}, {least}")
        return None
    if most is not None and low is not None and low > most:
        place.wrong(attribute.name, f"empty range: {low} lies above the most {attribute.name}, {most}")
        return None
    low = least if low is not None and least is not None and low < least else low
    high = most if high is not None and most is not None and high > most else high
    return Numbers(low, high)


_READERS = {"bool": _bool, "enum": _enum, "ordered": _ordered, "int": _int}
