"""What `goldthread rights` prints for people: a short table and sentences."""

from typing import Any

from goldthread.methods.rights import (
    Explanation,
    Findings,
    NobodyDecides,
    NotMatched,
    Policy,
    Value,
    in_words,
)
from goldthread.methods.rights.phrases import joined, label, value_in_words
from goldthread.methods.rights.words import name_in_words

MOST_SHOWN = 10


def show_findings(policy: Policy, findings: Findings) -> None:
    """Each finding with an example, the worst first; then what it comes to."""
    from rich.table import Table as Grid

    console = _console()
    rows = [("nobody decides", "", gap.witness) for gap in findings.gaps if not gap.residual]
    rows += [("not declared", " and ".join(one.rules), one.witness) for one in findings.overlaps if not one.declared]
    rows += [("never decides", rule, {}) for rule in findings.dead]
    rows += [("only the last resort", "", gap.witness) for gap in findings.gaps if gap.residual]
    if rows:
        grid = Grid(title=f"{findings.rules} rules")
        for heading in ("finding", "rules", "for example"):
            grid.add_column(heading)
        for finding, rules, witness in rows[:MOST_SHOWN]:
            grid.add_row(finding, rules, _change(policy, witness))
        console.print(grid, markup=False)
        if len(rows) > MOST_SHOWN:
            console.print(f"… and {len(rows) - MOST_SHOWN} more; --json lists them.", highlight=False)
    gaps = sum(not gap.residual for gap in findings.gaps)
    undeclared = sum(not one.declared for one in findings.overlaps)
    console.print(
        f"{findings.rules} rules: {gaps} gaps, {undeclared} undeclared overlaps, {len(findings.dead)} rules without "
        f"effect; {len(findings.gaps) - gaps} kinds of change are caught by the last resort only, "
        f"{len(findings.overlaps) - undeclared} overlaps are declared.",
        highlight=False,
    )


def show_why(policy: Policy, why: Explanation) -> None:
    """Who decides, and why it is not an earlier rule."""
    console = _console()
    clause = f" (clause {why.rule.clause})" if why.rule.clause else ""
    console.print(f"Rule {why.rule.id}{clause}. {in_words(policy, why.rule)}", markup=False, highlight=False)
    if why.assumed:
        assumed = {name: why.change[name] for name in why.assumed}
        console.print(f"Assumed, because it was not said: {_change(policy, assumed)}.", markup=False, highlight=False)
    _show_reasons(why.narrower)


def show_nobody(nobody: NobodyDecides) -> None:
    """That no rule covers the change, and what each asks for."""
    _console().print("Nobody may decide this: no rule of the scheme covers it.")
    _show_reasons(nobody.because)


def show_replay(policy: Policy, found: dict[str, Any]) -> None:
    """Counts by decision-maker, the front line, the wait, and what could not be used."""
    from rich.table import Table as Grid

    console = _console()
    grid = Grid(title=f"{found['decisions']} decisions")
    for heading in ("decision-maker", "decided", "would decide", "observed days"):
        grid.add_column(heading, justify="left" if heading == "decision-maker" else "right")
    observed = found["expected_waiting"]["by_decider"]
    for name, counts in found["by_decider"].items():
        one = observed.get(name, {"n": 0, "mean": None})
        mean = "–" if one["mean"] is None else f"{one['mean']:.1f} (n = {one['n']})"
        grid.add_row(name_in_words(policy, name), str(counts["was"]), str(counts["would"]), mean)
    console.print(grid, markup=False)
    sentences = [f"{found['same']} stay where they were, {found['moved']} move, {found['nobody']} nobody could take."]
    front, wait = found["front_line"], found["expected_waiting"]
    if front["more"] is not None:
        lowest = joined(name_in_words(policy, name) for name in front["lowest"])
        sentences.append(f"At the front line ({lowest}): {front['was']} before, {front['would']} under this scheme.")
    if wait["would_mean"] is not None:
        sentences.append(f"Mean days: {wait['was_mean']:.1f} before, {wait['would_mean']:.1f} expected.")
    sentences.append(wait["because"])
    sentences += [
        f"Line {one['line']} cannot be used: {one['because'].rstrip('?')}." for one in found["unusable"][:MOST_SHOWN]
    ]
    if len(found["unusable"]) > MOST_SHOWN:
        sentences.append(f"… and {len(found['unusable']) - MOST_SHOWN} more lines; --json lists them.")
    if found["ignored_columns"]:
        sentences.append(f"Columns that the scheme does not know: {', '.join(found['ignored_columns'])}.")
    for sentence in sentences:
        console.print(sentence, markup=False, highlight=False)


def _show_reasons(reasons: tuple[NotMatched, ...]) -> None:
    for one in reasons:
        _console().print(f"  not {one.rule}: {one.because}", markup=False, highlight=False)


def _change(policy: Policy, change: dict[str, Value]) -> str:
    """`cost £0, risk high`."""
    known = policy.attributes
    return ", ".join(f"{label(known[name])} {value_in_words(known[name], value)}" for name, value in change.items())


def _console() -> Any:
    from rich.console import Console

    return Console()
