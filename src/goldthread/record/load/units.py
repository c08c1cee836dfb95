"""Organisations and their units, from a file of one row each; and the engine that ods.py shares."""

from typing import Any

from goldthread.journal import clock, events
from goldthread.record.load import (
    JOBS,
    Loading,
    read_dates,
    reject_long,
    reject_missing,
    reject_repeated,
    stage,
)

DEEPEST = 20
WANT = """line integer, org text, code text, name text, level text, org_kind text, parent text, valid_from date, valid_to date,
  succ text, org_id integer, unit_id uuid, unit_key integer, up_line integer, up_id uuid, up_key integer, depth integer,
  state text"""


def run(one: Loading) -> None:
    """Stage, check, and build the tree."""
    stage(one, ("code", "name", "level", "parent", "organisation"), ("valid_from",))
    reject_missing(one, "code", "name", "level", "organisation")
    reject_long(one, code=40, name=200, level=20, organisation=20)
    read_dates(one, "valid_from")
    reject_repeated(one, "organisation", "code")
    one.do("create index on load_rows (organisation, code)")
    one.reject(
        """select line, 'organisation ' || quote_literal(organisation) || ' is not known; give it a row of its own with '
             'level organisation or system' from load_rows r
           where not exists (select from organisation_organisation o where o.code = r.organisation and o.id <> 0)
             and not exists (select from load_rows t where t.organisation = r.organisation
                             and t.level in ('organisation', 'system'))"""
    )
    one.temp("load_want", WANT)
    one.do(
        """insert into load_want (line, org, code, name, level, parent, valid_from, org_kind)
           select line, organisation, code, name, level, parent, day,
             case level when 'organisation' then 'trust' when 'system' then 'icb' end
           from load_rows left join load_dates on written = valid_from"""
    )
    build(one)


def remember(one: Loading) -> None:
    """One event if anything changed."""
    if one.report.added or one.report.corrected:
        events.leave(
            "organisation.units_loaded",
            by=events.OPERATOR,
            at=one.at,
            organisation_id=0,
            practice="organisation",
            object_kind="unit",
            using=JOBS,
            load=one.kind,
            sha256=one.report.sha256,
            **one.report.counts(),
        )


def build(one: Loading) -> None:
    """Make the tree agree with load_want, parents first, and count its lines."""
    one.do("create index on load_want (org, code)")
    one.do("create index on load_want (code)")
    one.do("create index on load_want (line)")
    one.do("create index on load_want (up_line)")
    one.do("analyze load_want")
    one.told("checking the tree", one.report.read)
    _resolve(one)
    _depths(one)
    one.told("writing", one.report.read)
    _organisations(one)
    for (depth,) in one.ask("select distinct depth from load_want order by 1"):
        _insert(one, depth)
        _move(one, depth)
    _details(one)
    states = dict(one.ask("select state, count(*) from load_want where line > 0 group by 1"))
    one.report.added = states.get("added", 0)
    one.report.corrected = states.get("corrected", 0)
    one.report.unchanged = states.get("unchanged", 0)


def _refuse(one: Loading, sql: str) -> int:
    count = one.do(f"insert into load_refused {sql}")
    if count:
        one.do("delete from load_want using load_refused f where f.line = load_want.line")
    return count


def _resolve(one: Loading) -> None:
    """Find each row's own unit and its parent: in its organisation, as an organisation's root, or as the only such code."""
    one.do(
        """update load_want w set org_id = o.id, unit_id = u.id, unit_key = u.key from organisation_organisation o
           left join organisation_unit u on u.organisation_id = o.id where o.code = w.org and o.id <> 0 and u.code = w.code"""
    )
    for same, there in (
        ("p.org = w.org", "o.code = w.org"),
        ("p.org = p.code", "o.code = u.code"),
        (
            "not exists (select from load_want q where q.code = p.code and q.line <> p.line)",
            "not exists (select from organisation_unit v where v.code = u.code and v.id <> u.id)",
        ),
    ):
        one.do(
            f"""update load_want w set up_line = p.line from load_want p where p.code = w.parent and {same}
                and w.up_line is null and w.up_id is null and w.parent is not null"""  # noqa: S608
        )
        one.do(
            f"""update load_want w set up_id = u.id, up_key = u.key from organisation_unit u
                join organisation_organisation o on o.id = u.organisation_id where u.code = w.parent and {there}
                and w.up_line is null and w.up_id is null and w.parent is not null"""  # noqa: S608
        )
    _refuse(
        one,
        """select line, 'parent ' || quote_literal(left(parent, 40)) || ' is not known, or is the code of several units'
           from load_want where parent is not null and up_line is null and up_id is null""",
    )


def _depths(one: Loading) -> None:
    one.do("update load_want set depth = 0 where up_line is null")
    for depth in range(1, DEEPEST + 1):
        found = one.do(
            """update load_want w set depth = %s from load_want p
               where p.line = w.up_line and p.depth = %s and w.depth is null""",
            depth,
            depth - 1,
        )
        if not found:
            break
    _refuse(
        one,
        f"""select line, 'parent ' || quote_literal(left(parent, 40)) ||
              ' was itself rejected, stands below this unit, or is more than {DEEPEST} levels deep'
            from load_want where depth is null""",  # noqa: S608
    )


def _organisations(one: Loading) -> None:
    one.do(
        """insert into organisation_organisation (code, name, kind, valid_from, valid_to)
           select distinct on (org) org, name, org_kind, valid_from, valid_to from load_want w where org_kind is not null
             and not exists (select from organisation_organisation o where o.code = w.org)
           order by org, (code = org) desc, line"""
    )
    one.do(
        "update load_want w set org_id = o.id from organisation_organisation o where o.code = w.org and w.org_id is null"
    )
    _refuse(
        one,
        "select line, 'organisation ' || quote_literal(org) || ' is not known: its own row was rejected' "
        "from load_want where org_id is null",
    )
    one.do("delete from load_want w where org_id is null")


def _insert(one: Loading, depth: int) -> None:
    """New units of one level; their parents stand by now, as the trigger on the path demands."""
    one.do(
        """update load_want w set up_id = p.unit_id, up_key = p.unit_key from load_want p
           where w.depth = %s and p.line = w.up_line""",
        depth,
    )
    # The parent may have gone with its organisation after the depths were counted.
    _refuse(
        one,
        f"select line, 'parent ' || quote_literal(left(parent, 40)) || ' was itself rejected' from load_want "  # noqa: S608
        f"where depth = {depth} and parent is not null and up_id is null",
    )
    # Ids and keys are given before the insert: joining back what it returns would be planned without statistics.
    one.do(
        """update load_want set unit_id = goldthread_uuid7(), unit_key = goldthread_next_unit_key(), state = 'added'
           where depth = %s and unit_id is null""",
        depth,
    )
    one.do("set local enable_seqscan = off")
    one.do(
        """insert into organisation_unit (id, key, organisation_id, parent_id, level, code, name, valid_from, valid_to)
           select unit_id, unit_key, org_id, up_id, level, code, name, valid_from, valid_to from load_want
           where depth = %s and state = 'added'""",
        depth,
    )
    one.do("set local enable_seqscan = on")
    one.do(
        """insert into organisation_unitplace (unit_key, parent_key, period)
           select unit_key, up_key, daterange(valid_from, null) from load_want where depth = %s and state = 'added'""",
        depth,
    )


def _move(one: Loading, depth: int) -> None:
    """A unit with another parent than before moves today. One at a time: each move rewrites the paths below it."""
    today = clock.local_date(one.at)
    moves: list[tuple[Any, ...]] = one.ask(
        """select line, unit_id, unit_key, up_id, up_key from load_want w join organisation_unit u on u.id = w.unit_id
           where depth = %s and state is null and u.parent_id is distinct from up_id order by line""",
        depth,
    )
    for line, unit, key, parent, parent_key in moves:
        if parent and one.ask("select from organisation_unit where id = %s and path @> array[%s]", parent, key):
            _refuse(one, f"values ({int(line)}, 'the parent stands below this unit')")
            continue
        one.do("update organisation_unit set parent_id = %s where id = %s", parent, unit)
        same_day = one.do(
            """update organisation_unitplace set parent_key = %s
               where unit_key = %s and upper_inf(period) and lower(period) >= %s""",
            parent_key,
            key,
            today,
        )
        if not same_day:
            one.do(
                """update organisation_unitplace set period = daterange(lower(period), %s)
                   where unit_key = %s and upper_inf(period)""",
                today,
                key,
            )
            one.do(
                "insert into organisation_unitplace (unit_key, parent_key, period) values (%s, %s, daterange(%s, null))",
                key,
                parent_key,
                today,
            )
        one.do("update load_want set state = 'corrected' where line = %s", line)


def _details(one: Loading) -> None:
    """Names, levels, dates and successors. An empty date leaves the one there is."""
    one.do(
        """with changed as (
             update organisation_unit u set name = w.name, level = w.level,
               valid_from = coalesce(w.valid_from, u.valid_from), valid_to = coalesce(w.valid_to, u.valid_to)
             from load_want w where u.id = w.unit_id and w.state is distinct from 'added'
               and (u.name, u.level, u.valid_from, u.valid_to) is distinct from
                 (w.name, w.level, coalesce(w.valid_from, u.valid_from), coalesce(w.valid_to, u.valid_to))
             returning u.id)
           update load_want w set state = 'corrected' from changed where changed.id = w.unit_id"""
    )
    one.do(
        """update organisation_organisation o set name = w.name,
             valid_from = coalesce(w.valid_from, o.valid_from), valid_to = coalesce(w.valid_to, o.valid_to)
           from load_want w where o.id = w.org_id and w.code = w.org and (o.name, o.valid_from, o.valid_to) is distinct from
             (w.name, coalesce(w.valid_from, o.valid_from), coalesce(w.valid_to, o.valid_to))"""
    )
    if one.ask("select exists (select from load_want where succ is not null)")[0][0]:
        one.do(
            """update organisation_organisation o set successor_id = s.id from load_want w
               join organisation_organisation s on s.code = w.succ
               where o.id = w.org_id and w.code = w.org and o.successor_id is distinct from s.id"""
        )
        one.do(
            """update organisation_unit u set successor_id = t.id from load_want w
               join organisation_organisation s on s.code = w.succ
               join organisation_unit t on t.organisation_id = s.id and t.code = s.code
               where u.id = w.unit_id and w.code = w.org and u.successor_id is distinct from t.id"""
        )
    one.do("update load_want set state = 'unchanged' where state is null")
