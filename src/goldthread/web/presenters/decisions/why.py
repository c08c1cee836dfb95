"""Why a decision is whose it is: the clause with what counted, where the border lies, the line in full, what is known."""

from goldthread.methods import rights
from goldthread.methods.rights.phrases import label, value_in_words
from goldthread.methods.rights.words import name_in_words
from goldthread.organisation.access import Viewer
from goldthread.record.models import Decision
from goldthread.record.queries.decisions import Whole
from goldthread.record.rules import policy_of
from goldthread.web.kit import words
from goldthread.web.presenters.decisions.words import SILENCE, rule_words, why_mine


def why(viewer: Viewer, around: Whole, is_mine: bool) -> list[str]:
    """Whose it is in a line or two: the role, the clause with what counted, and where the border to somebody else lies."""
    row = around.row
    found = [why_mine(viewer, row)] if is_mine else []
    if row.scheme is None:
        return [*found, rule_words(row)]
    policy = policy_of(row.scheme)
    rule = next((one for one in policy.rules if one.id == row.rule), None)
    if rule is not None:
        counted = [
            _counted(policy.attributes[name], row)
            for name in policy.attributes
            if name in rule.when and name in row.attributes
        ]
        found.append(
            f"Scheme of delegation {row.clause or row.rule}: {words.lower_first(rule.title) if rule.title else ''} ({' · '.join(counted)})."
        )
        found += _borders(policy, rule, row)
    if row.state == "open":
        found.append(SILENCE[row.silence])
    return found


def _counted(attribute: rights.Attribute, row: Decision) -> str:
    """A fact that counted, short: "£0", "one ward or team", but "risk to patients or staff: low"."""
    said = value_in_words(attribute, row.attributes[attribute.name])
    plain = attribute.unit or str(row.attributes[attribute.name]) in attribute.words
    return said if plain else f"{label(attribute)}: {said}"


def _borders(policy: rights.Policy, rule: rights.Rule, row: Decision) -> list[str]:
    """What would make it somebody else's: one more than each upper limit in whole numbers."""
    said = []
    for name, condition in rule.when.items():
        high = condition.high if isinstance(condition, rights.Numbers) else None
        attribute = policy.attributes[name]
        if high is None or (attribute.high is not None and high >= attribute.high):
            continue
        try:
            other = rights.explain(policy, {**row.attributes, name: high + 1}).rule
        except (rights.ChangeProblem, rights.NobodyDecides):
            continue
        if other.then.decider != rule.then.decider:
            said.append(
                f"If {label(attribute)} were {value_in_words(attribute, high + 1)}, it would be for {name_in_words(policy, other.then.decider)}."
            )
    return said[:1]


def more(row: Decision) -> list[str]:
    """The line of the scheme in full, what was assumed, and why the line before it does not apply."""
    if row.scheme is None:
        return []
    policy = policy_of(row.scheme)
    found = [rule_words(row)]
    if row.assumed:
        names = [
            f"{label(policy.attributes[name])} ({value_in_words(policy.attributes[name], row.attributes[name])})"
            for name in row.assumed
            if name in policy.attributes
        ]
        found.append(f"Nobody said otherwise, so this was taken as given: {words.listed(names)}.")
    near = next((one for one in reversed(row.explanation.get("narrower", [])) if one["because"]), None)
    if near is not None:
        found.append(f"The line before it in the scheme ({near['rule']}) does not apply: {near['because']}.")
    return found


def known(row: Decision) -> list[tuple[str, str, str]]:
    """The facts the scheme asked for: what, how much, and where it comes from."""
    if row.scheme is None:
        return []
    policy = policy_of(row.scheme)
    found = []
    for name, value in row.attributes.items():
        attribute = policy.attributes.get(name)
        if attribute is None or (name in row.assumed and name not in ("cost", "risk")):
            continue
        said = row.explanation.get("said", {}).get(name)
        source = "assumed" if name in row.assumed else "worked out" if said != value else ""
        if attribute.derived == "cost_12_months" and isinstance(said, int) and said != value:
            source = f"{value_in_words(attribute, said)} now, the rest asked or agreed for the same in the last twelve months"
        found.append((words.capital(label(attribute)), value_in_words(attribute, value), source))
    return found
