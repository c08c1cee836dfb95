"""A scheme as a document: who decides what, each clause in plain words, what may simply be tried, and the dispute ladder."""

import re

from goldthread.methods.rights.model import Policy, Rule
from goldthread.methods.rights.phrases import joined
from goldthread.methods.rights.words import days_in_words, how_in_words, in_words, name_in_words, when_in_words


def to_markdown(policy: Policy) -> str:
    """The whole scheme in Markdown, to be read, printed and signed."""
    parts = [f"# {_plain(policy.title) or 'Scheme of delegation'}", _map(policy), _clauses(policy)]
    parts += [part for part in (_safe(policy), _ladder(policy)) if part]
    return "\n\n".join(parts) + "\n"


def _map(policy: Policy) -> str:
    """The functions and decisions map: a row for each decision, under the one who takes it."""
    by_decider: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        by_decider.setdefault(rule.then.decider, []).append(rule)
    lines = [
        "## Functions and decisions map",
        "",
        "| Decision-maker | Decision | How | When | Clause |",
        "|---|---|---|---|---|",
    ]
    for name, rules in by_decider.items():
        for rule in rules:
            what = rule.title or when_in_words(policy, rule.when) or "everything else"
            cells = (
                _first_capital(name_in_words(policy, name)),
                what,
                how_in_words(policy, rule.then).strip(","),
                days_in_words(rule.then.within_days),
                rule.clause,
            )
            lines.append("| " + " | ".join(_plain(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _clauses(policy: Policy) -> str:
    lines = ["## In plain words", "", "Read from the top: the first paragraph that fits a change decides."]
    for rule in policy.rules:
        heading = " – ".join(one for one in (rule.id, rule.title) if one)
        clause = f" ({_plain(rule.clause)})" if rule.clause else ""
        lines += ["", f"**{_plain(heading)}**{clause}. {_plain(in_words(policy, rule))}"]
        if rule.note:
            lines += ["", _plain(rule.note)]
    return "\n".join(lines)


def _safe(policy: Policy) -> str:
    if not policy.safe:
        return ""
    lines = ["## Safe to try", "", "No decision is needed for these; say what you try, and look back."]
    for safe in policy.safe:
        text = f"When {when_in_words(policy, safe.when)}" if safe.when else "Always"
        told = joined(name_in_words(policy, name) for name in safe.inform)
        text += f": {safe.start}" if safe.start else ""
        text += f". Tell {told}" if told else ""
        text += f". Stop if {safe.stop_if}" if safe.stop_if else ""
        days = f"{safe.look_back_days} day{'' if safe.look_back_days == 1 else 's'}"
        lines += ["", f"**{_plain(safe.title or safe.id)}**. {_plain(text.rstrip('.'))}. Look back after {days}."]
    return "\n".join(lines)


def _ladder(policy: Policy) -> str:
    if not policy.ladder:
        return ""
    lines = ["## Dispute ladder", ""]
    for at, step in enumerate(policy.ladder, 1):
        title = f" ({_plain(step.title)})" if step.title else ""
        who = _plain(_first_capital(name_in_words(policy, step.decider)))
        lines.append(f"{at}. {who}{title}, {days_in_words(step.within_days)}")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text on one line with nothing in it that Markdown would take for a sign."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]
