"""The board page in sentences: what changes, what is chance, what is waiting, what was done."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from markupsafe import Markup

from goldthread.insight.variation import Reading, expected_and_observed
from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.record.models import Decision
from goldthread.record.queries.board import Waiting
from goldthread.web.charts.sparkline import sparkline
from goldthread.web.kit import words
from goldthread.web.presenters import variation
from goldthread.web.presenters.variation import Said

#: Needs attention first, then better, then the rest.
_ORDER = {"concern": 0, "improvement": 1, "neutral": 2, "common": 3}


@dataclass(frozen=True)
class Row:
    """One measure on the board."""

    key: str
    title: str
    latest: str
    counts: str
    when: str
    target: str
    variation: Said
    assurance: Said
    know: str
    spark: Markup
    tone: str
    group: str
    added: str


@dataclass(frozen=True)
class Board:
    """Everything on the page; the template only lays it out."""

    heading: str
    chance: str
    groups: list[tuple[str, list[Row]]]
    waiting: list[str]
    done: list[tuple[str, str, UUID]]
    rows: list[Row]


def board(*, viewer: Viewer, unit: Unit, readings: list[Reading], waiting: Waiting | None) -> Board:
    """Put the readings and what waits into words. `waiting` None: another organisation's page, where only published
    statistics show."""
    marks = waiting.marks if waiting else {}
    rows = [_row(reading, marks.get(reading.info.id, []) if reading.info.id else []) for reading in readings]
    rows.sort(key=lambda row: (_ORDER[row.tone], row.title))
    first = [row for row in rows if row.tone in ("concern", "improvement")]
    groups = [("Look at these first", first)] if first else []
    groups += [
        (title, found)
        for title in ("What this team counts for itself", "What we measure", "Published about us")
        if (found := [row for row in rows if row.group == title and row not in first])
    ]
    return Board(
        heading=_heading(rows),
        chance=_chance(readings),
        groups=groups,
        waiting=_waiting(viewer, waiting) if waiting else [],
        done=_done(viewer, waiting) if waiting else [],
        rows=rows,
    )


def _row(reading: Reading, changes: list) -> Row:
    info = reading.info
    tone = "common" if not reading.signals else reading.variation.partition("_")[0]
    known = [None if value != value else float(value) for value in reading.series.values[-36:]]
    types = [kind.partition("_")[0] if kind != "common_cause" else "common" for kind in reading.result.type[-36:]]
    units = int(reading.series.units[reading.latest]) if reading.latest is not None else 0
    return Row(
        key=info.key,
        title=info.title,
        latest=variation.value(reading, reading.latest_value),
        counts=variation.latest_with_counts(reading),
        when=variation.period(reading, reading.latest_period) if reading.latest_period else "",
        target=_target(reading),
        variation=variation.variation(reading),
        assurance=variation.assurance(reading),
        know=variation.what_to_know(reading, changes),
        spark=sparkline(known, types) if len(known) > 1 else Markup(""),
        tone=tone if tone in _ORDER else "neutral",
        group=_group(reading),
        added=f"added up from {units} units" if reading.series.added_up else "",
    )


def _group(reading: Reading) -> str:
    if reading.info.key.startswith("published."):
        return "Published about us"
    return "What this team counts for itself" if reading.info.is_own else "What we measure"


def _target(reading: Reading) -> str:
    if reading.target is None:
        return "–"
    sign = {"up": "≥ ", "down": "≤ "}.get(reading.info.direction, "")
    return sign + variation.value(reading, reading.target)


def _heading(rows: list[Row]) -> str:
    """The finding, not the topic."""
    worse = sum(row.tone == "concern" for row in rows)
    better = [row for row in rows if row.tone == "improvement"]
    since = sum("since " in row.know for row in better)
    if not rows:
        return "Nothing is measured here yet"
    parts = []
    if worse:
        parts.append(f"{words.spelled(worse)} {'measure needs' if worse == 1 else 'measures need'} attention")
    if better:
        has = "has been" if len(better) == 1 else "have been"
        tail = (
            " since a change you made"
            if since == len(better)
            else f", {words.spelled(since)} since a change you made"
            if since
            else ""
        )
        parts.append(
            f"{words.spelled(len(better))} {'measure ' if not worse and len(better) == 1 else 'measures ' if not worse else ''}{has} better{tail}"
        )
    changed = sum(row.tone == "neutral" for row in rows)
    if changed:
        parts.append(f"{words.spelled(changed)} {'has' if changed == 1 else 'have'} changed")
    return words.capital("; ".join(parts)) if parts else "Nothing has changed: all values are as usual"


def _chance(readings: list[Reading]) -> str:
    expected, observed = expected_and_observed(readings)
    if not readings:
        return ""
    about = "fewer than 1" if expected < 0.95 else f"about {round(expected)}"
    does = "does" if observed == 1 else "do"
    return (
        f"This report shows {words.plural(len(readings), 'measure')}. {words.capital(about)} would show a signal by chance alone; "
        f"{observed or 'none'} {does}."
    )


def _waiting(viewer: Viewer, waiting: Waiting) -> list[str]:
    today = local_date(viewer.at)
    ideas = [row for row in waiting.decisions if row.kind == "answer_idea"]
    lines = []
    if ideas:
        longest = max(_days(today, row) for row in ideas)
        yours = sum(_is_yours(viewer, row) for row in ideas)
        you = f" (you: {yours})" if yours else ""
        lines.append(f"{words.plural(len(ideas), 'idea')} waiting, longest {words.duration(longest)}{you}")
    if waiting.due_this_week:
        lines.append(f"{words.plural(waiting.due_this_week, 'decision')} due this week")
    huddle = sum(row.at_huddle for row in waiting.decisions)
    if huddle:
        lines.append(f"{words.plural(huddle, 'question')} for the next huddle")
    late = sum(row.due_on < today for row in waiting.promises if row.state == "promised")
    open_promises = [row for row in waiting.promises if row.state == "promised"]
    if open_promises:
        lines.append(f"{words.plural(len(open_promises), 'promise')} open" + (f", {late} past the day" if late else ""))
    unconfirmed = sum(row.state == "kept" for row in waiting.promises)
    if unconfirmed:
        lines.append(f"{words.plural(unconfirmed, 'promise')} said to be kept: is it so?")
    return lines


def _days(today: date, decision: Decision) -> int:
    return (today - local_date(decision.opened_at)).days


def _is_yours(viewer: Viewer, decision: Decision) -> bool:
    return decision.delegated_to_id == viewer.person_id or any(
        held.unit_key == decision.decider_unit_id and held.role in (decision.decider_role, decision.deputy_role)
        for held in viewer.held
    )


def _done(viewer: Viewer, waiting: Waiting) -> list[tuple[str, str, UUID]]:
    today = local_date(viewer.at)
    found = []
    for change in waiting.live[:6]:
        back = (
            f"look back {words.short_day(change.look_back_on)}"
            if change.look_back_on and not change.sustained_on
            else "it holds"
        )
        found.append((f"Live {words.ago(change.live_on, today)}: {change.title}, {change.unit.name}", back, change.id))  # type: ignore[arg-type]
    return found
