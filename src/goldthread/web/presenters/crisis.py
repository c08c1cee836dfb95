"""The crisis pages in words: levels, temporary authority, teams, updates, reconfigurations, rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from goldthread.journal.clock import local_date
from goldthread.organisation.models import Unit
from goldthread.practices.crisis.describe import STATES, step_of
from goldthread.practices.crisis.models import (
    Area,
    AreaDay,
    CheckIn,
    Declaration,
    IncidentLevel,
    Reconfiguration,
    SituationUpdate,
    Team,
)
from goldthread.practices.crisis.queries import AreaRest, Authority, Readers
from goldthread.record.models import Decision
from goldthread.web.kit import words
from goldthread.web.kit.templates import address

LEVELS = {
    "1": "Level 1: one organisation manages it by itself",
    "2": "Level 2: several organisations here, coordinated together",
    "3": "Level 3: organisations across the region",
    "4": "Level 4: national command and control",
    "0": "Stood down",
}
#: Said beside the level, because the two are so often taken for one.
NOT_THE_SAME = "The incident level says how serious it is. It does not change who decides; only a declaration does."
STEPS = ("need_on", "raised_on", "decided_on", "live_on", "sustained_on")
STEP_WORDS = {
    "need_on": "Need recognised",
    "raised_on": "Raised",
    "decided_on": "Decided",
    "live_on": "Live",
    "sustained_on": "Sustained",
}


@dataclass(frozen=True)
class Top:
    """The heading of the board and what stands under it."""

    heading: str
    lead: list[str]


def top(unit: Unit, level: IncidentLevel | None, found: Authority) -> Top:
    """Level and mode in plain words, each by itself."""
    how_serious = f"Incident level {level.level}" if level else "No incident level stands"
    live = found.in_force
    if live is None and level is None:
        heading = f"{unit.name} works as usual: no incident, no temporary delegated authority"
    elif live is None:
        heading = f"{how_serious}; {unit.name} decides as usual"
    else:
        heading = f"{how_serious}; temporary delegated authority ends on {words.moment(live.ends_at)}"
    lead = []
    if level:
        lead.append(
            f"Level {level.level} at {level.unit.name} since {words.moment(level.since)}, through {level.channel}."
        )
    if found.proposed:
        lead.append("Temporary delegated authority has been proposed and waits for an answer.")
    lead.append(NOT_THE_SAME)
    return Top(heading, lead)


def authority(live: Declaration | None) -> dict[str, Any] | None:
    """Who declared it, through which channel, why, and until when."""
    if live is None:
        return None
    decided = (
        live.decision.decided_by.name
        if live.decision and live.decision.decided_by
        else "everybody who decides it together"
    )
    return {
        "id": live.id, "where": live.unit.name, "by": decided, "channel": live.channel, "why": live.why,
        "starts": words.moment(live.starts_at), "ends": words.moment(live.ends_at),
        "more": f"Decided by {decided} on {words.moment(live.starts_at)}, through {live.channel}.",
    }  # fmt: skip


def team_line(team: Team, subjects: dict[str, str]) -> dict[str, Any]:
    """A team, on what it decides and until when."""
    named = words.listed([subjects.get(one, one.replace("_", " ")).lower() for one in team.subjects])
    return {"title": team.body.title, "href": address("crisis_team", team_id=team.id), "until": f"Ends on {words.moment(team.until)}.",
            "more": f"Decides for the manager of {team.unit.name} on {named}."}  # fmt: skip


def update(found: SituationUpdate, now: datetime, readers: Readers | None) -> dict[str, Any]:
    """An update in its parts."""
    late = found.next_at < now
    return {
        "id": found.id, "heading": f"Update {found.number} for {found.unit.name}",
        "parts": [("What we know", found.known), ("What we do not know", found.not_known), ("What we are doing", found.doing),
                  *([("We changed course because", found.changed_course)] if found.changed_course else [])],
        "for_patients": found.for_patients, "by": f"{found.written_by.name}, {words.moment(found.at)}",
        "next": (f"The next update was promised for {words.moment(found.next_at)} and has not come" if late
                 else f"Next update by {words.moment(found.next_at)}"),
        "late": late, "readers": read_by(readers),
    }  # fmt: skip


def read_by(readers: Readers | None) -> str:
    """How many have read it, never who."""
    if readers is None:
        return "How many have read it is shown for units of eleven people and more."
    return f"Read by {words.percent(readers.read, readers.members)} of the people here; within a day by {readers.in_a_day:,}."


def row(one: Reconfiguration) -> list[Any]:
    """A reconfiguration as a row of the board: its title, its dates and how far it has come."""
    link = {
        "html": f'<a href="{address("crisis_reconfiguration", reconfiguration_id=one.id)}">{words_safe(one.title)}</a>'
    }
    dates = [words.short_day(getattr(one, step)) if getattr(one, step) else "–" for step in STEPS]
    return [link, *dates, state(one)]


def words_safe(text: str) -> str:
    """Text for use inside HTML."""
    from markupsafe import escape

    return str(escape(text))


def state(one: Reconfiguration) -> str:
    """How far it has come, with what one should know of its dates."""
    found = words.capital(step_of(one))
    if found == "Raised" and one.decision is not None and one.decision.outcome == "not_now":
        found = "Not now"
    return f"{found}, a date entered late" if one.late_entry else found


def reconfiguration_heading(one: Reconfiguration) -> str:
    """The finding: how long it took, or where it stands."""
    if one.abandoned_on:
        return f"“{one.title}” was abandoned on {words.day(one.abandoned_on)}"
    if one.live_on:
        took = (one.live_on - one.need_on).days
        when = (
            "the day the need was recognised"
            if took == 0
            else f"{words.plural(took, 'day')} after the need was recognised"
        )
        return f"“{one.title}” was live {when}" + (" and is sustained" if one.sustained_on else "")
    if one.decided_on:
        return f"“{one.title}” is decided and not yet live"
    if one.decision is not None and one.decision.outcome == "not_now":
        return f"“{one.title}”: not now"
    return f"“{one.title}” waits for a decision"


def dates(one: Reconfiguration) -> list[tuple[str, str]]:
    """The five dates in their order, and the end that is none of them."""
    found = [(STEP_WORDS[step], words.day(getattr(one, step)) if getattr(one, step) else "not yet") for step in STEPS]
    if one.abandoned_on:
        found = [(name, when) for name, when in found if when != "not yet"]
        found.append(("Abandoned", f"{words.day(one.abandoned_on)}: {one.abandoned_because}"))
    return found


def rest_line(one: AreaRest) -> dict[str, Any]:
    """Who needs a rest in one area: counts for all, names for those who plan."""
    if not one.here:
        words_ = "Nobody is down for today"
    elif not one.at_limit:
        words_ = f"{words.capital(words.plural(one.here, 'person', 'people'))} here today; nobody needs to be elsewhere tomorrow"
    else:
        words_ = f"{words.capital(words.plural(one.at_limit, 'person', 'people'))} of {one.here} should be elsewhere tomorrow"
    names = [f"{name}: {words.plural(days, 'day')} running" for name, days in one.names]
    return {"title": one.area.title, "href": address("crisis_area", area_id=one.area.id), "words": words_,
            "more": f"At most {words.plural(one.area.most_days_running, 'day')} running. Longest run now: {words.plural(one.longest, 'day')}.",
            "names": names}  # fmt: skip


def rest_heading(found: list[AreaRest]) -> str:
    """How many people need a rest, over all areas."""
    tired = sum(one.at_limit for one in found)
    return (
        f"{words.capital(words.spelled(tired))} {'person needs' if tired == 1 else 'people need'} a rest"
        if found
        else "Who needs a rest"
    )


def ask_line(one: Decision, now: datetime, mine: bool) -> dict[str, Any]:
    """An open question of the response: whose it is and by when."""
    whose = one.body.title if one.body else f"the manager of {one.decider_unit.name}"
    return {"text": one.question, "href": address("decision", decision_id=one.id), "late": one.due_at < now,
            "when": words.until(local_date(one.due_at - timedelta(seconds=1)), local_date(now)), "more": f"For {whose} to decide." + (" It is yours." if mine else "")}  # fmt: skip


def declaration_heading(one: Declaration, now: datetime) -> str:
    """What became of a declaration."""
    if one.state == "in_force" and one.starts_at > now:
        return f"Temporary delegated authority for {one.unit.name} starts on {words.moment(one.starts_at)}"
    if one.state == "in_force" and one.ends_at > now:
        return f"Temporary delegated authority for {one.unit.name} ends on {words.moment(one.ends_at)}"
    if one.state in ("in_force", "ended"):
        return f"Temporary delegated authority for {one.unit.name} ended on {words.moment(one.ended_at or one.ends_at)}"
    return f"Temporary delegated authority for {one.unit.name}: {STATES[one.state]}"


LOOKED_BACK = {
    "keep": "What was changed is kept.",
    "adapt": "What was changed is kept, with changes.",
    "end": "What was changed and not yet sustained has ended.",
}


def check_in(one: CheckIn) -> dict[str, Any]:
    """One's own check-in."""
    if one.held_on:
        what = f"You talked on {words.day(one.held_on)}"
    elif one.declined:
        what = "You said no, thank you"
    else:
        what = "Offered to you"
    return {"id": one.id, "where": f"{one.area.title}, {one.area.unit.name}", "when": f"offered on {words.day(one.offered_on)}",
            "what": what, "open": one.held_on is None and not one.declined}  # fmt: skip


def coverage(found: tuple[int, int] | None) -> str:
    """The one share that others learn of check-ins."""
    if found is None:
        return "How many people had a check-in is shown where eleven or more have worked in these areas in a fortnight."
    return f"{words.percent(*found)} of the people who worked in these areas in the last full fortnight had a check-in."


def roster_row(name: str, days: list[AreaDay], area: Area) -> list[Any]:
    """One person's days in an area."""
    said = [words.short_day(one.day) + (f" (past the limit: {one.reason})" if one.over_limit else "") for one in days]
    return [name, ", ".join(said)]
