"""How joint work reads: the board, estimates, what was seen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from goldthread.practices.governance import queries
from goldthread.practices.governance.describe import INITIATIVE_STATES
from goldthread.practices.governance.models import (
    InitiativePartner,
)
from goldthread.web.kit import words
from goldthread.web.kit.templates import address
from goldthread.web.presenters.governance.common import BENEFIT, EFFORT, Line


def board_heading(found: Sequence[queries.OnBoard]) -> str:
    """How many quick wins there are to choose."""
    open_ = [one for one in found if one.initiative.state == "proposed"]
    wins = sum(one.quick_win for one in open_)
    if wins:
        return f"{words.capital(words.plural(wins, 'quick win'))} to choose from"
    if open_:
        return f"{words.capital(words.plural(len(open_), 'proposal'))} for joint work, none of them a quick win"
    return (
        "Joint work is under way"
        if any(one.initiative.state == "under_way" for one in found)
        else "No joint work is proposed"
    )


def grid(found: Sequence[queries.OnBoard]) -> list[dict[str, Any]]:
    """Effort across, benefit down (much first): a table of the medians, rounded to the nearest whole step."""
    cells: dict[tuple[int, int], list[queries.OnBoard]] = {}
    for one in found:
        effort, benefit = one.effort, one.benefit
        if effort and benefit and one.initiative.state in ("proposed", "chosen", "under_way"):
            cells.setdefault((_step(effort.median), _step(benefit.median)), []).append(one)
    return [
        {"benefit": BENEFIT[str(row)], "cells": [
            {"effort": EFFORT[str(column)], "quick": column < 3 < row,
             "items": [{"title": one.initiative.title, "href": address("initiative", initiative_id=one.initiative.id)} for one in cells.get((column, row), [])]}
            for column in range(1, 6)]}
        for row in range(5, 0, -1)
    ]  # fmt: skip


def _step(median: float) -> int:
    """The whole step that a median stands at; a half goes towards the middle, so that nothing looks better than it is."""
    return int(median + 0.5) if median < 3 else -int(-(median - 0.5) // 1)


def initiative_line(one: queries.OnBoard, today: date) -> Line:
    """A piece of joint work in the list."""
    row = one.initiative
    time = INITIATIVE_STATES[row.state]
    if row.state == "under_way" and row.verify_on:
        time = (
            f"to be looked at {words.until(row.verify_on, today)}"
            if row.verify_on >= today
            else f"look now: {words.until(row.verify_on, today)}"
        )
    seen = f"effort {span(one.effort)}, benefit {span(one.benefit)}" if one.effort else "not estimated yet"
    late = row.state == "under_way" and row.verify_on is not None and row.verify_on < today
    return Line(row.title, address("initiative", initiative_id=row.id), time, f"{seen} · {row.lead.name} · {words.plural(len(one.parties) + 1, 'party', 'parties')}",
                late=late, tag="Quick win" if one.quick_win and row.state == "proposed" else "")  # fmt: skip


def span(found: queries.Estimated | None) -> str:
    """3 (parties say 2 to 4)"""
    if found is None:
        return "not estimated"
    median = words.number(found.median)
    return median if not found.spread else f"{median} (parties say {found.lowest} to {found.highest})"


def party_name(one: InitiativePartner) -> str:
    """A party of joint work."""
    return str((one.partner or one.with_organisation or one.unit).name)  # type: ignore[union-attr]


def estimates(one: queries.OnBoard) -> list[tuple[str, str, str, str]]:
    """Each party, its effort, its benefit, and whose word that is."""
    rows = []
    for key, name in [(None, one.initiative.unit.name), *((party.id, party_name(party)) for party in one.parties)]:
        found = one.estimates.get(key)
        if found is None:
            rows.append((name, "–", "–", "nothing yet"))
        else:
            how = f"{found.said_by.name} wrote it down" if found.said_by else "said by themselves"
            rows.append((name, str(found.effort), str(found.benefit), how))
    return rows
