"""People, organisation by organisation: each one's rows are written in its own scope, as row-level security demands."""

from goldthread.journal import events, scope
from goldthread.record.load import JOBS, Loading, reject_repeated, stage
from goldthread.record.load.checks import long, missing, reject_rows


def run(one: Loading) -> None:
    """Stage, check, and write one organisation after another."""
    stage(one, ("organisation", "code", "name", "email", "staff_group", "unit"), ("fte",))
    reject_rows(
        one,
        *missing("organisation", "code", "name", "staff_group", "unit"),
        *long(code=40, name=200, email=254, staff_group=60),
        (
            r"email !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$'",
            "'email is not an address; write it like name@example.org, or leave it empty'",
        ),
        (
            """not case when fte ~ '^[0-9]([.][0-9]{1,3})?0*$' then fte::numeric > 0 and fte::numeric <= 2
                        else fte is null end""",
            "'fte ' || quote_literal(left(fte, 20)) || ' is not a number above 0 and up to 2, like 0.8'",
        ),
    )
    one.reject(
        """select line, 'organisation ' || quote_literal(left(organisation, 20)) || ' is not known; load it first'
           from load_rows where not exists (select from organisation_organisation o where o.code = organisation and o.id <> 0)"""
    )
    one.reject(
        """select r.line, 'unit ' || quote_literal(left(r.unit, 40)) || ' is not a unit of ' || r.organisation || '; load units first'
           from load_rows r join organisation_organisation o on o.code = r.organisation
           left join organisation_unit u on u.organisation_id = o.id and u.code = r.unit where u.id is null"""
    )
    reject_repeated(one, "organisation", "code")
    one.do("create index on load_rows (organisation)")
    one.do("analyze load_rows")
    one.temp("load_done", "organisation integer, read integer, added integer, corrected integer")
    organisations = one.ask(
        """select o.id, o.code, count(*) from load_rows r join organisation_organisation o on o.code = r.organisation
           group by 1, 2 order by 1"""
    )
    written = 0
    for key, code, count in organisations:
        scope.enter(key, using=JOBS)
        _write(one, key, code, count)
        written += count
        one.told("writing", written)
    scope.enter(scope.INSTALLATION, using=JOBS)


def _write(one: Loading, key: int, code: str, count: int) -> None:
    there = one.ask("select exists (select from organisation_person where organisation_id = %s)", key)[0][0]
    corrected = 0
    if there:
        corrected = one.do(
            """update organisation_person p set name = r.name, email = coalesce(r.email, ''), staff_group = r.staff_group,
                 unit_id = u.key, fte = coalesce(r.fte::numeric, p.fte)
               from load_rows r join organisation_unit u on u.organisation_id = %s and u.code = r.unit
               where r.organisation = %s and p.organisation_id = %s and p.code = r.code
                 and (p.name, p.email, p.staff_group, p.unit_id, p.fte) is distinct from
                   (r.name, coalesce(r.email, ''), r.staff_group, u.key, coalesce(r.fte::numeric, p.fte))""",
            key,
            code,
            key,
        )
    unless = "and not exists (select from organisation_person p where p.organisation_id = u.organisation_id and p.code = r.code)"
    added = one.do(
        f"""insert into organisation_person (organisation_id, code, name, email, staff_group, unit_id, fte)
            select %s, r.code, r.name, coalesce(r.email, ''), r.staff_group, u.key, coalesce(r.fte::numeric, 1)
            from load_rows r join organisation_unit u on u.organisation_id = %s and u.code = r.unit
            where r.organisation = %s {unless if there else ""}""",  # noqa: S608
        key,
        key,
        code,
    )
    # Foreign keys are checked here, not at the end: the queue of checks does not grow with the file.
    one.do("set constraints all immediate")
    one.do("set constraints all deferred")
    one.report.added += added
    one.report.corrected += corrected
    one.report.unchanged += count - added - corrected
    one.do("insert into load_done values (%s, %s, %s, %s)", key, count, added, corrected)


def remember(one: Loading) -> None:
    """One event for each organisation in which anything changed."""
    for key, read, added, corrected in one.ask("select * from load_done where added + corrected > 0 order by 1"):
        scope.enter(key, using=JOBS)
        events.leave(
            "organisation.people_loaded",
            by=events.OPERATOR,
            at=one.at,
            organisation_id=key,
            practice="organisation",
            object_kind="person",
            using=JOBS,
            load=one.kind,
            sha256=one.report.sha256,
            read=read,
            added=added,
            corrected=corrected,
            unchanged=read - added - corrected,
        )
    scope.enter(scope.INSTALLATION, using=JOBS)
