"""Who decides this? The scheme's attributes as questions, and the answer in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from goldthread.methods import rights
from goldthread.methods.rights.phrases import label, value_in_words
from goldthread.methods.rights.words import name_in_words
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.record import derived, rules
from goldthread.record.derived import Question, Value
from goldthread.web.kit import forms, words
from goldthread.web.presenters.decisions.words import SILENCE

#: Derived facts are not asked, except the cost, to which earlier costs are added.
NOT_ASKED = ("organisations", "mode", "reversible")
HOW = {
    "alone": "alone", "advice": "after asking those it touches", "consent": "by consent", "majority": "by a vote",
    "two-key": "two people, each with a key", "joint": "every organisation it touches, together",
}  # fmt: skip


@dataclass(frozen=True)
class Whose:
    """The live answer."""

    heading: str
    lines: list[str]
    safe: str = ""


def fields(policy: rights.Policy | None) -> dict[str, Any]:
    """A form field for each attribute of the scheme that somebody has to say."""
    if policy is None:
        return {}
    made: dict[str, Any] = {}
    for attribute in policy.attributes.values():
        if attribute.derived in NOT_ASKED:
            continue
        asked, hint = words.capital(label(attribute)), attribute.hint
        if attribute.type == "int":
            made[attribute.name] = forms.Number(
                f"{asked} ({attribute.unit})" if attribute.unit else asked,
                low=attribute.low,
                high=attribute.high,
                hint=hint,
            )
        else:
            values = (
                {"true": "Yes", "false": "No"}
                if attribute.type == "bool"
                else {value: words.capital(value_in_words(attribute, value)) for value in attribute.values}
            )
            empty = (
                f"Usual: {value_in_words(attribute, attribute.default)}" if attribute.default is not None else "Choose"
            )
            made[attribute.name] = forms.Choice(asked, {"": empty, **values}, hint=hint)
    return made


def facts(policy: rights.Policy | None, said: Mapping[str, Any]) -> dict[str, Value]:
    """What was said, typed as the scheme wants it; what was left empty is left out."""
    found: dict[str, Value] = {}
    for name, value in said.items():
        attribute = policy.attributes.get(name) if policy else None
        if attribute is None or value in (None, ""):
            continue
        if attribute.type == "int":
            found[name] = int(str(value).replace(",", ""))
        elif attribute.type == "bool":
            found[name] = str(value).lower() in ("true", "yes", "on")
        else:
            found[name] = str(value)
    return found


def written(value: Value) -> str:
    """A fact as a form shows it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def whose(viewer: Viewer, found: rules.Match, question: Question) -> Whose:
    """ "You, alone. Tell the department." – with the days, whom to hear, and what silence means."""
    holder, then = found.holder, found.then
    people = (
        {held.person_id for held in tree.holders(holder.unit, (holder.role,), question.at.date())}
        if holder.body is None
        else set()
    )
    title = holder.title or "the manager"
    named = title if holder.body is not None else f"{title}, {holder.unit.name}"
    who = "You" if viewer.person_id in people else words.capital(named)
    how = HOW[then.method]
    heading = f"{who}, {how}" if then.method in ("alone", "advice", "consent", "majority") else words.capital(how)
    days = "today" if then.within_days == 0 else f"within {words.plural(then.within_days, 'day')}"
    lines = [f"Decided {days}. {SILENCE[then.silence]}"]
    policy = found.policy
    if policy is not None:
        if then.consult:
            lines.append(f"Must be heard: {words.listed([name_in_words(policy, name) for name in then.consult])}.")
        if then.professions:
            lines.append(f"A voice from each: {words.listed([one.replace('_', ' ') for one in then.professions])}.")
        if then.inform:
            lines.append(f"Told afterwards: {words.listed([name_in_words(policy, name) for name in then.inform])}.")
    if found.clause:
        lines.append(f"Scheme of delegation {found.clause}.")
    if found.authority_until is not None:
        lines.append(f"Temporary delegated authority: ends on {words.moment(found.authority_until)}.")
    lines += _added_up(found, question)
    safe = rights.safe_to_try(policy, found.attributes) if policy is not None else None
    return Whose(heading, lines, f"Your team may simply start. {safe_words(safe, policy)}" if safe and policy else "")


def _added_up(found: rules.Match, question: Question) -> list[str]:
    policy = found.policy
    if policy is None:
        return []
    cost = next((one for one in policy.attributes.values() if one.derived == "cost_12_months"), None)
    total, own = found.attributes.get(cost.name) if cost else None, question.said.get("cost", 0)
    if cost is None or not isinstance(total, int) or not isinstance(own, int) or total == own:
        return []
    earlier = derived.earlier_costs(question)
    return [
        f"{value_in_words(cost, own)} now and {value_in_words(cost, total - own)} in {words.plural(len(earlier), 'earlier question')} for the same in twelve months: {value_in_words(cost, total)} together."
    ]


def safe_words(safe: rights.Safe, policy: rights.Policy) -> str:
    """What a team may simply start, whom to tell, when to stop and when to look back."""
    told = f" Tell {words.listed([name_in_words(policy, name) for name in safe.inform])}." if safe.inform else ""
    stop = f" Stop if {words.lower_first(safe.stop_if.rstrip('.'))}." if safe.stop_if else ""
    return (
        f"{safe.title or safe.id}: {safe.start}{told}{stop} Look back after {words.plural(safe.look_back_days, 'day')}."
    )


def cannot_say(problem: str) -> Whose:
    """What is still needed for an answer."""
    return Whose("Not enough is known yet to say who decides", [problem])
