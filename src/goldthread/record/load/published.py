"""Official monthly statistics of trusts: definitions from definitions.toml, figures from the file, vintages kept."""

import json
import tomllib
from pathlib import Path
from typing import Any

from goldthread.journal import clock, events
from goldthread.record.load import JOBS, Loading, read_dates, reject_missing, reject_repeated, stage

DEFINITIONS = Path(__file__).with_name("definitions.toml")


def run(one: Loading) -> None:
    """Stage, check, and add what is new or has changed."""
    with DEFINITIONS.open("rb") as file:
        definition = tomllib.load(file)[one.kind]
    trust, date = definition["trust"], definition["date"]
    measures: list[dict[str, Any]] = definition["measure"]
    only: dict[str, str] = definition.get("only", {})
    figures = list(dict.fromkeys(m[part] for m in measures for part in ("count", "minus", "out_of") if part in m))
    stage(one, [trust, date, *only, *figures])
    for column, value in only.items():
        one.report.passed_over += one.do(f'delete from load_rows where "{column}" is distinct from %s', value)  # noqa: S608
    _check(one, trust, date, figures, measures)
    for measure in measures:
        _define(one, measure, definition["source"])
    one.told("comparing", one.report.read)
    _points(one, trust, date, measures, only)


def remember(one: Loading) -> None:
    """One event if anything changed."""
    if one.report.added or one.report.corrected:
        events.leave(
            "record.published_loaded",
            by=events.OPERATOR,
            at=one.at,
            organisation_id=0,
            practice="record",
            object_kind="published_measure",
            using=JOBS,
            load=one.kind,
            sha256=one.report.sha256,
            **one.report.counts(),
        )


def _check(one: Loading, trust: str, date: str, figures: list[str], measures: list[dict[str, Any]]) -> None:
    reject_missing(one, trust, date)
    read_dates(one, date)
    one.reject(
        f"""select line, '{date} ' || "{date}" || case when extract(day from day) <> 1
              then ' is not the first day of a month; write the month like 2024-04-01' else ' lies in the future' end
            from load_rows join load_dates on written = "{date}"
            where extract(day from day) <> 1 or day > %s""",  # noqa: S608
        clock.local_date(one.at),
    )
    one.reject(
        f"""select line, 'trust code ' || quote_literal(left("{trust}", 20)) || ' is not known; load it first, with ods-trusts or units'
            from load_rows where not exists (select from organisation_organisation o join organisation_unit u
              on u.organisation_id = o.id and u.code = o.code where o.code = "{trust}")"""  # noqa: S608
    )
    # 2021-4-1 and 2021-04-01 are one month: from here on each day is written in one way only.
    one.do("insert into load_dates select distinct day::text, day from load_dates on conflict do nothing")
    one.do(
        f"""update load_rows set "{date}" = day::text from load_dates where written = "{date}" and written <> day::text"""  # noqa: S608
    )
    for name in figures:
        one.reject(
            f"""select line, '{name} ' || quote_literal(left("{name}", 40)) ||
                  case when "{name}" ~ '^-[0-9]+([.][0-9]+)?$' then ' is negative; a count is 0 or more'
                  else ' is not a number; write it like 1234, and leave it empty where it is missing' end
                from load_rows where "{name}" !~ '^[0-9]{{1,15}}([.][0-9]{{1,9}})?$'"""  # noqa: S608
        )
    for measure in measures:
        if "out_of" not in measure:
            continue
        above = measure.get("minus", measure["count"])
        below = measure["out_of"]
        one.reject(
            f"""select line, '{above} ' || "{above}" || ' is more than {below} ' || "{below}" ||
                  case when "{below}"::float > 0
                       then ' (' || round(("{above}"::float / "{below}"::float * 100)::numeric) || ' %)' else '' end
                from load_rows where "{above}"::float > "{below}"::float"""  # noqa: S608
        )
    reject_repeated(one, trust, date)


def _define(one: Loading, measure: dict[str, Any], source: str) -> None:
    values = {
        "code": measure["code"],
        "title": measure["title"],
        "numerator": measure["numerator"],
        "denominator": measure.get("denominator", ""),
        "kind": measure["kind"],
        "period": "month",
        "direction": measure["direction"],
        "multiply": measure.get("multiply", 1),
        "measured_in": measure["measured_in"],
        "targets": json.dumps(measure.get("targets", [])),
        "source": source,
        "adds_up": measure.get("adds_up", True),
    }
    rest = [name for name in values if name != "code"]
    one.do(
        f"""insert into record_publishedmeasure as m ({", ".join(values)}) values ({", ".join(["%s"] * len(values))})
            on conflict (code) do update set {", ".join(f"{name} = excluded.{name}" for name in rest)}
            where ({", ".join(f"m.{name}" for name in rest)}) is distinct from ({", ".join(f"excluded.{name}" for name in rest)})""",  # noqa: S608
        *values.values(),
    )


def _points(one: Loading, trust: str, date: str, measures: list[dict[str, Any]], only: dict[str, str]) -> None:
    one.temp(
        "load_points",
        "line integer, measure text, unit integer, day date, value float, numerator float, denominator float, "
        "state text, known timestamptz",
    )
    for measure in measures:
        numerator = f'"{measure["count"]}"::float'
        if "minus" in measure:
            numerator += f' - "{measure["minus"]}"::float'
        denominator = f'"{measure["out_of"]}"::float' if "out_of" in measure else "null::float"
        value = f"n / nullif(d, 0) * {int(measure.get('multiply', 1))}" if "out_of" in measure else "n"
        one.do(
            f"""insert into load_points (line, measure, unit, day, value, numerator, denominator)
                select line, %s, key, day, {value}, n, d from (
                  select line, u.key, day, {numerator} as n, {denominator} as d from load_rows
                  join load_dates on written = "{date}" join organisation_organisation o on o.code = "{trust}"
                  join organisation_unit u on u.organisation_id = o.id and u.code = o.code) as figures""",  # noqa: S608
            measure["code"],
        )
    one.do("analyze load_points")
    one.do(
        """update load_points p set known = old.known_at, state = case
             when (p.value, p.numerator, p.denominator) is distinct from (old.value, old.numerator, old.denominator)
             then 'corrected' else 'unchanged' end
           from (select distinct on (unit_id, measure_id, period_start) * from record_publishedpoint
                 where measure_id = any(%s) order by unit_id, measure_id, period_start, known_at desc) old
           where old.unit_id = p.unit and old.measure_id = p.measure and old.period_start = p.day""",
        [measure["code"] for measure in measures],
    )
    one.do(
        """insert into record_publishedpoint
             (measure_id, unit_id, period_start, period_end, value, numerator, denominator, known_at, source)
           select measure, unit, day, (day + interval '1 month')::date, value, numerator, denominator,
             greatest(%s, known + interval '1 microsecond'), %s
           from load_points where state is distinct from 'unchanged'""",
        one.at,
        f"{one.kind}: {one.path.name}"[:80],
    )
    counted = one.ask(
        """select count(*) filter (where corrected), count(*) filter (where added and not corrected),
             count(*) filter (where not added and not corrected)
           from (select bool_or(state is null) as added, coalesce(bool_or(state = 'corrected'), false) as corrected
                 from load_points group by line) as lines"""
    )
    one.report.corrected, one.report.added, one.report.unchanged = counted[0]
