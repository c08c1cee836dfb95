"""Conditions and values in plain words: `£4,999 or less`, `low or moderate`, `at most department`."""

from collections.abc import Iterable

from goldthread.methods.rights.model import Attribute, Condition, Is, Numbers, OneOf, Ordered, Value

_BEFORE_THE_NUMBER = ("£", "$", "€", "¥")


def joined(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    all_words = list(words)
    return f" {last} ".join([", ".join(all_words[:-1]), all_words[-1]] if len(all_words) > 1 else all_words)


def label(attribute: Attribute) -> str:
    """What people call the attribute."""
    return attribute.title or attribute.name.replace("_", " ")


def value_in_words(attribute: Attribute, value: Value) -> str:
    """A value as people read it, with its unit."""
    if attribute.type == "bool":
        return attribute.words.get("true" if value else "false", "yes" if value else "no")
    if attribute.type == "int":
        number = f"{value:,}"
        if attribute.unit in _BEFORE_THE_NUMBER:
            return number.replace("-", "-" + attribute.unit) if number[0] == "-" else attribute.unit + number
        return f"{number} {attribute.unit}".strip()
    return attribute.words.get(str(value), str(value).replace("_", " "))


def condition_in_words(attribute: Attribute, condition: Condition) -> str:
    """What a condition accepts, to stand after `is` or `must be`."""
    if isinstance(condition, Is):
        return value_in_words(attribute, condition.value)
    if isinstance(condition, OneOf):
        return _any_of(attribute, condition)
    low, high = _numbers(attribute, condition) if isinstance(condition, Numbers) else _scale(attribute, condition)
    if low is not None and low == high:
        return value_in_words(attribute, low)
    if low is None:
        if high is None:
            return "anything"
        return f"{value_in_words(attribute, high)} or less" if attribute.type == "int" else _most(attribute, high)
    if high is None:
        return f"{value_in_words(attribute, low)} or more" if attribute.type == "int" else _least(attribute, low)
    return f"from {value_in_words(attribute, low)} to {value_in_words(attribute, high)}"


def _any_of(attribute: Attribute, condition: OneOf) -> str:
    """The values; where there are many and few are left out, those instead."""
    inside = [value_in_words(attribute, one) for one in attribute.values if one in condition.values]
    outside = [value_in_words(attribute, one) for one in attribute.values if one not in condition.values]
    if len(inside) > max(3, 2 * len(outside)):
        return f"anything except {joined(outside, 'or')}" if outside else "anything"
    return joined(inside, "or")


def must(attribute: Attribute, condition: Condition) -> str:
    """What a condition asks for: `cost must be £4,999 or less`."""
    return f"{label(attribute)} must be {condition_in_words(attribute, condition)}"


def span(attribute: Attribute, condition: Ordered) -> tuple[int, int]:
    """The places of both ends on the scale."""
    low = 0 if condition.low is None else attribute.values.index(condition.low)
    high = len(attribute.values) - 1 if condition.high is None else attribute.values.index(condition.high)
    return low, high


def _numbers(attribute: Attribute, condition: Numbers) -> tuple[Value | None, Value | None]:
    """Both ends, None where the attribute itself ends there."""
    low = None if condition.low == attribute.low else condition.low
    high = None if condition.high == attribute.high else condition.high
    if low is None and attribute.low is not None and high == attribute.low:
        return high, high
    if high is None and attribute.high is not None and low == attribute.high:
        return low, low
    return low, high


def _scale(attribute: Attribute, condition: Ordered) -> tuple[Value | None, Value | None]:
    low, high = span(attribute, condition)
    values = attribute.values
    if low == high:
        return values[low], values[low]
    return None if low == 0 else values[low], None if high == len(values) - 1 else values[high]


def _most(attribute: Attribute, high: Value) -> str:
    """Two steps are named; more are `at most`."""
    at = attribute.values.index(str(high))
    if at == 1:
        return joined((value_in_words(attribute, one) for one in attribute.values[:2]), "or")
    return f"{value_in_words(attribute, high)} at most"


def _least(attribute: Attribute, low: Value) -> str:
    at = attribute.values.index(str(low))
    if at == len(attribute.values) - 2:
        return joined((value_in_words(attribute, one) for one in attribute.values[at:]), "or")
    return f"{value_in_words(attribute, low)} at least"
