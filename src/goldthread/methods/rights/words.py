"""A scheme as sentences that a trust secretary would sign."""

from collections.abc import Mapping

from goldthread.methods.rights.model import Condition, Policy, Rule, Then
from goldthread.methods.rights.phrases import condition_in_words, joined, label


def name_in_words(policy: Policy, name: str) -> str:
    """Who a name stands for, to be read within a sentence."""
    decider = policy.deciders.get(name)
    if decider is not None and decider.title:
        return decider.title
    words = name.rpartition(":")[2].replace("_", " ")
    return words if words != words.lower() or words.startswith("the ") else f"the {words}"


def when_in_words(policy: Policy, when: Mapping[str, Condition]) -> str:
    """Conditions as one clause, in the order of the attributes: `scope is team and cost is £4,999 or less`."""
    parts = [
        f"{label(attribute)} is {condition_in_words(attribute, when[name])}"
        for name, attribute in policy.attributes.items()
        if name in when
    ]
    return joined(parts)


def in_words(policy: Policy, rule: Rule) -> str:
    """Who decides what, how and by when, who is asked and told, and what silence means, in two plain sentences."""
    if rule.when:
        first = f"When {when_in_words(policy, rule.when)}, "
    else:
        first = "When nothing else applies, " if rule.residual else "Whatever the change, "
    return f"{first}{_decides(policy, rule.then)}. {_if_not(policy, rule.then)}."


def _decides(policy: Policy, then: Then) -> str:
    """`the ward manager decides alone within 2 days, and the department lead is told`."""
    parts = [f"{how_in_words(policy, then)} {days_in_words(then.within_days)}"]
    if then.inform:
        told = joined(name_in_words(policy, name) for name in then.inform)
        parts.append(f"{told} {'is' if len(then.inform) == 1 else 'are'} told")
    if then.sub_delegation:
        parts.append("the decision may be handed on")
    return ", and ".join(parts)


def how_in_words(policy: Policy, then: Then) -> str:
    """Who decides and in which way, with who is asked first."""
    who = name_in_words(policy, then.decider)
    asked = joined(name_in_words(policy, name) for name in then.consult)
    text = {
        "alone": f"{who} decides alone",
        "advice": f"{who} decides after advice" + (f" from {asked}," if asked else ""),
        "consent": f"{who} decides by consent, which means without a serious objection",
        "majority": f"{who} decides by majority",
        "two-key": f"{who} and {name_in_words(policy, then.second) if then.second else 'a second person'} decide together",
        "joint": f"{who} decides jointly with everyone affected",
    }[then.method]
    if then.ballot == "secret":
        text += " in a secret ballot"
    taking_part = [f"at least {then.quorum} taking part"] if then.quorum else []
    taking_part += (
        [f"{joined(one.replace('_', ' ') for one in then.professions)} among them"] if then.professions else []
    )
    if taking_part:
        text += f", {' and '.join(taking_part)},"
    if asked and then.method != "advice":
        text += f"{'' if text.endswith(',') else ','} after asking {asked},"
    return text


def days_in_words(days: int) -> str:
    """`the same day`, `within 1 day`, `within 10 days`."""
    return "the same day" if days == 0 else f"within {days} day{'' if days == 1 else 's'}"


def silence_in_words(policy: Policy, then: Then) -> str:
    """What becomes of a question that nobody decided in time."""
    if then.silence == "lapses":
        return "the question lapses"
    if then.silence == "consents":
        return "that counts as consent"
    target = then.on_expiry.partition(":")[2]
    if target and any(rule.id == target for rule in policy.rules):
        return f"it goes to {name_in_words(policy, policy.rule(target).then.decider)}"
    known = {
        "escalate": "it goes one level up",
        "ladder": "it goes to the dispute ladder",
        "lapse": "the question lapses",
    }
    return known.get(then.on_expiry, f"this applies: {then.on_expiry}")


def _if_not(policy: Policy, then: Then) -> str:
    text = f"If nothing is decided in time, {silence_in_words(policy, then)}"
    if then.review_days is not None:
        text += (
            f"; what was decided is looked at again after {then.review_days} day{'' if then.review_days == 1 else 's'}"
        )
    return text
