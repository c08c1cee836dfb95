"""`goldthread spc`: charts on the command line. Needs no database and no server."""

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import click

from goldthread.files import FileProblem, Table, moments, numbers, parse_moment, period_gaps, read_table, shown
from goldthread.methods.spc import (
    DEFAULT_RULE_SET,
    LABELS,
    Series,
    analyse,
    chart_names,
    expected_icons,
    ruleset_names,
)

CHARTS = ("xmr", "run", "p", "pp", "u", "up", "c", "g", "t", "ip")
RULE_SETS = ("mdc-2023", "mdc-r-0.2.2", "powerbi-spc", "anhoej", "nelson-8")


class Unusable(click.ClickException):
    """The input could not be used: exit status 2."""

    exit_code = 2


@dataclasses.dataclass(frozen=True)
class Drawn:
    """One series of the file and what became of it."""

    key: str | None
    dates: list[str]
    series: Series
    notes: tuple[str, ...]


@click.command("spc")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--date", "date", required=True, metavar="COL", help="Column that orders the points.")
@click.option("--value", metavar="COL", help="Column with the values.")
@click.option("--numerator", metavar="COL", help="With --denominator, instead of --value.")
@click.option("--denominator", metavar="COL", help="With --numerator, instead of --value.")
@click.option("--by", metavar="COL", help="One series for each value of this column.")
@click.option(
    "--where", multiple=True, metavar="COL=VALUE", help="Keep these rows; the same column twice means either."
)
@click.option("--chart", default="xmr", show_default=True, metavar="KIND", help=f"One of {', '.join(CHARTS)}.")
@click.option("--multiply", type=float, default=1.0, metavar="N", help="Multiply values, for instance by 100.")
@click.option(
    "--ruleset", default=DEFAULT_RULE_SET, show_default=True, metavar="NAME", help=f"One of {', '.join(RULE_SETS)}."
)
@click.option("--improve", type=click.Choice(["up", "down", "neutral"]), default="neutral", show_default=True)
@click.option("--target", type=float, metavar="X", help="The latest target.")
@click.option(
    "--baseline", type=click.IntRange(min=2), metavar="N", help="Limits from the first N points of a segment."
)
@click.option("--rebase", multiple=True, metavar="DATE", help="New limits from this date on; may be repeated.")
@click.option(
    "--screen/--no-screen", default=None, help="Leave large moving ranges out (default: as the rule set does)."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def spc(file: Path, as_json: bool, **options: Any) -> None:
    """Say what is change and what is chance in FILE (CSV, XLSX or ODS)."""
    try:
        _check(options)
        drawn = _draw(read_table(file), options)
    except FileProblem as problem:
        raise Unusable(str(problem)) from None
    if as_json:
        click.echo(json.dumps(document(drawn, options), ensure_ascii=False, allow_nan=False))
    else:
        show(drawn)


def _check(options: dict[str, Any]) -> None:
    """Refuse options that do not fit together, or that this version has not got yet."""
    if (options["value"] is None) == (options["numerator"] is None and options["denominator"] is None):
        raise Unusable("give either --value COL, or --numerator COL with --denominator COL")
    if (options["numerator"] is None) != (options["denominator"] is None):
        raise Unusable("--numerator and --denominator go together; one of them is missing")
    for option, given, there, known in (
        ("chart", options["chart"], chart_names(), CHARTS),
        ("ruleset", options["ruleset"], ruleset_names(), RULE_SETS),
    ):
        if given not in there:
            why = "is not available yet" if given in known else "is not known"
            raise Unusable(f"--{option} {given} {why}; available: {', '.join(there)}")
    for option in ("multiply", "target"):
        if options[option] is not None and not abs(options[option]) < float("inf"):
            raise Unusable(f"--{option} must be a finite number")


def _draw(table: Table, options: dict[str, Any]) -> list[Drawn]:
    """Split the table into series and analyse each."""
    table = _where(table, options["where"])
    keys: list[str | None] = list(table.column(options["by"])) if options["by"] else [None] * len(table.lines)
    values = _values(table, options)
    at = moments(table, options["date"])
    rebase: list[Any] = [parse_moment(text, "--rebase", at.kind) for text in options["rebase"]]
    ordered: list[Any] = list(at.keys)
    earliest, latest = min(ordered), max(ordered)
    for text, moment in zip(options["rebase"], rebase, strict=True):
        if not earliest <= moment <= latest:
            first, last = (at.texts[at.keys.index(end)] for end in (earliest, latest))
            raise Unusable(f"--rebase {text} lies outside the data, which run from {first} to {last}")
    rows: dict[str | None, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    out = []
    for key in sorted(rows, key=lambda one: one or ""):
        order = sorted(rows[key], key=lambda row: at.keys[row])
        _no_duplicates(table, order, at.keys, options, key)
        moments_here = [at.keys[row] for row in order]
        starts, notes = _starts(moments_here, rebase, options["rebase"])
        gaps, season = period_gaps(moments_here, [at.texts[row] for row in order], at.kind)
        series = analyse(
            [values[row] for row in order],
            chart=options["chart"],
            ruleset=options["ruleset"],
            improve=options["improve"],
            target=options["target"],
            baseline=options["baseline"],
            rebase=starts,
            screen=options["screen"],
            season=season,
        )
        out.append(Drawn(key, [at.texts[row] for row in order], series, (*notes, *gaps)))
    return out


def _where(table: Table, conditions: tuple[str, ...]) -> Table:
    """Keep the rows that meet every condition; several on one column mean any of them."""
    wanted: dict[str, set[str]] = {}
    for condition in conditions:
        column, equals, value = condition.partition("=")
        if not equals:
            raise Unusable(f"--where {condition}: write it as COL=VALUE")
        wanted.setdefault(column.strip(), set()).add(value.strip())
    for column, accepted in wanted.items():
        cells = table.column(column)
        kept = [row for row, cell in enumerate(cells) if cell in accepted]
        if not kept:
            there = sorted(set(cells))
            listed = ", ".join(shown(cell) for cell in there[:8]) + (", …" if len(there) > 8 else "")
            asked = " or ".join(sorted(accepted))
            raise FileProblem(f"{table.name}: no row has {column} = {asked}; what is there: {listed}")
        table = table.keep(kept)
    return table


def _values(table: Table, options: dict[str, Any]) -> list[float | None]:
    """The values to plot; with a denominator, numerator / denominator where both are known."""
    factor = options["multiply"]
    if options["value"] is not None:
        return [None if value is None else value * factor for value in numbers(table, options["value"])]
    above, below = (numbers(table, options[name]) for name in ("numerator", "denominator"))
    out: list[float | None] = []
    for line, top, bottom in zip(table.lines, above, below, strict=True):
        where = f"{table.name}, line {line}, column {options['denominator']!r}"
        if bottom is not None and bottom < 0:
            raise FileProblem(f"{where}: {bottom:g} is negative; a denominator counts something")
        if bottom == 0 and top not in (None, 0):
            raise FileProblem(
                f"{where}: 0, although the numerator is {top:g}; leave both empty where nothing was counted"
            )
        out.append(None if top is None or not bottom else top / bottom * factor)
    return out


def _no_duplicates(table: Table, order: list[int], keys: list[Any], options: dict[str, Any], key: str | None) -> None:
    for before, after in itertools.pairwise(order):
        if keys[before] == keys[after]:
            lines = sorted((table.lines[before], table.lines[after]))
            series = f" in series {shown(key)}" if key is not None else ""
            date = table.column(options["date"])[after]
            raise FileProblem(
                f"{table.name}, lines {lines[0]} and {lines[1]}: the date {shown(date)} occurs twice{series}; "
                "one row per date is needed: narrow with --where, or split with --by"
            )


def _starts(here: list[Any], rebase: list[Any], texts: tuple[str, ...]) -> tuple[list[int], list[str]]:
    """The index at which each new segment begins, and a note where a series has no point on the very day."""
    starts, notes = [], []
    for moment, text in zip(rebase, texts, strict=True):
        later = [index for index, one in enumerate(here) if one >= moment]
        if not later:
            notes.append(f"No point on or after {text}: limits are not recalculated there.")
        else:
            starts.append(later[0])
            if here[later[0]] != moment:
                notes.append(f"No point on {text}: limits are recalculated from the next one.")
    return starts, notes


def document(drawn: list[Drawn], options: dict[str, Any]) -> dict[str, Any]:
    """The JSON document of `cli.md`."""
    expected, observed = expected_icons(one.series for one in drawn)
    return {
        "ruleset": options["ruleset"],
        "chart": options["chart"],
        "series": [_series(one) for one in drawn],
        "expected_false_icons": expected,
        "observed_icons": observed,
    }


def _series(one: Drawn) -> dict[str, Any]:
    found = one.series
    run = dataclasses.asdict(found.run)
    run.pop("last_side")
    names = ("value", "centre", "lower", "upper", "segment", "label", "flags", "type")
    columns = (
        found.values,
        found.centre,
        found.lower,
        found.upper,
        found.segment,
        found.label,
        found.flags,
        found.type,
    )
    return {
        "key": one.key,
        "limits": found.limits,
        "refused_because": found.refused_because,
        "variation": found.variation,
        "assurance": found.assurance,
        "diagnostics": dataclasses.asdict(found.diagnostics),
        "run": run,
        "warnings": [*found.warnings, *one.notes],
        "points": [
            {"date": date, **dict(zip(names, point, strict=True))}
            for date, point in zip(one.dates, zip(*columns, strict=True), strict=True)
        ],
    }


def show(drawn: list[Drawn]) -> None:
    """Print a short table for people."""
    from rich.console import Console
    from rich.table import Table as Grid

    console = Console()
    grid = Grid(title=f"{drawn[0].series.chart} chart, rules {drawn[0].series.ruleset}")
    for heading in ("series", "points", "latest", "value", "centre", "lower", "upper", "variation", "assurance"):
        grid.add_column(
            heading, justify="right" if heading in ("points", "value", "centre", "lower", "upper") else "left"
        )
    for one in drawn:
        found, at = one.series, one.series.icon_at
        last = [None if at is None else column[at] for column in (found.values, found.centre, found.lower, found.upper)]
        grid.add_row(
            "all" if one.key is None else one.key,
            str(found.n),
            "" if at is None else one.dates[at],
            *("–" if number is None else f"{number:.5g}" for number in last),
            _words(found.variation) + ("" if found.limits == "ok" else f" (limits {found.limits})"),
            _words(found.assurance),
        )
    console.print(grid)
    if len(drawn) == 1:
        _show_one(console, drawn[0])
    expected, observed = expected_icons(one.series for one in drawn)
    console.print(
        f"{observed} of {len(drawn)} variation icons are coloured; chance alone would colour about {expected:.1f}."
    )


def _show_one(console: Any, one: Drawn) -> None:
    """The points that stand out, the run tests and the warnings of a single series."""
    for date, value, label in zip(one.dates, one.series.values, one.series.label, strict=True):
        if label != LABELS[0]:
            console.print(f"  {date}  {value:.5g}  {_words(label)}", highlight=False)
    run = one.series.run
    if run.useful:
        console.print(
            f"Runs about the median: longest {run.longest} (at most {run.longest_max}), crossings {run.crossings} "
            f"(at least {run.crossings_min}): {'more than chance' if run.signal else 'no more than chance'}."
        )
    for sentence in (*one.series.warnings, *one.notes):
        console.print(sentence, markup=False)


def _words(code: str) -> str:
    return code.replace("_", " ")
