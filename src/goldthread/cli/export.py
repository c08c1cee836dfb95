"""goldthread export: tidy tables of what the caller may see."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import click

#: What can be exported: the query of each. Authors of ideas are never among them.
ENTITIES: dict[str, str] = {
    "units": ("select o.code as organisation, u.code, u.name, u.level, p.code as parent, u.valid_from, u.valid_to from organisation_unit u "
              "join organisation_organisation o on o.id = u.organisation_id left join organisation_unit p on p.id = u.parent_id where coalesce(u.valid_from, '-infinity') >= %s order by u.key"),
    "published-points": ("select p.measure_id as measure, u.code as unit, p.period_start, p.value, p.numerator, p.denominator, p.known_at "
                         "from record_publishedpoint p join organisation_unit u on u.key = p.unit_id where p.known_at >= %s order by 1, 2, 3, 7"),
    "measures": ("select m.code, u.code as unit, v.number as version, v.title, v.kind, v.period, v.direction, v.numerator, v.denominator, v.multiply, v.valid_from "
                 "from record_measureversion v join record_measure m on m.id = v.measure_id join organisation_unit u on u.key = m.unit_id where v.valid_from >= %s order by 1, 3"),
    "points": ("select m.code as measure, p.version, u.code as unit, p.period_start, p.period_end, p.split, p.split_value, p.value, p.numerator, p.denominator, p.known_at "
               "from record_point p join record_measure m on m.id = p.measure_id join organisation_unit u on u.key = p.unit_id where p.known_at >= %s order by 1, 3, 4, 11"),
    "decisions": ("select d.id, d.practice, d.kind, u.code as unit, d.state, d.rule, d.decider_role, w.code as decider_unit, d.passed_up, d.opened_at, d.due_at, d.decided_at, d.outcome, d.reason_code "
                  "from record_decision d join organisation_unit u on u.key = d.unit_id join organisation_unit w on w.key = d.decider_unit_id where d.opened_at >= %s order by d.opened_at, d.id"),
    "changes": ("select c.id, c.decision_id, u.code as unit, c.title, c.decided_on, c.live_on, c.look_back_on, c.sustained_on, c.withdrawn_on "
                "from record_change c join organisation_unit u on u.key = c.unit_id where c.decided_on >= %s order by 5, 1"),
    "promises": ("select c.id, c.practice, u.code as to_unit, c.text, c.made_at, c.due_on, c.state, c.ended_at, c.confirmed_at "
                 "from record_commitment c join organisation_unit u on u.key = c.to_unit_id where c.made_at >= %s order by 5, 1"),
    "ideas": ("select i.id, u.code as unit, i.text, i.identity, case when i.identity = 'named' then i.raised_on else date_trunc('week', i.raised_on)::date end as raised_on, i.state, i.answered_on, i.decision_id "
              "from voice_idea i join organisation_unit u on u.key = i.unit_id where i.raised_on >= %s order by 5, 1"),
    "events": ("select e.id, e.at, e.\"on\", e.actor_kind, e.role, e.rule, e.kind, e.practice, e.object_kind, e.object_id, e.data::text as data "
               "from journal_event e where e.\"on\" >= %s order by e.id"),
}  # fmt: skip
PUBLIC = ("units", "published-points")


@click.command()
@click.argument("entity", type=click.Choice(list(ENTITIES)))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only rows from this day on.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.pass_context
def export(context: click.Context, entity: str, since: Any, form: str) -> None:
    """Write ENTITY as CSV or JSON Lines: `goldthread --as PERSON --organisation CODE export points`."""
    from goldthread.cli.start import start

    start()
    from django.db import transaction

    with transaction.atomic():
        if entity not in PUBLIC:
            _act_as(**(context.obj or {"person": None, "organisation": None}))
        _write(_rows(entity, since.date() if since else date(1900, 1, 1)), form)


def _act_as(person: str | None, organisation: str | None) -> None:
    """Enter the scope of the person; exit 2 for the operator, who may load, check, verify, back up and restore, and nothing else."""
    from django.db.models import Q

    from goldthread.journal import clock, scope
    from goldthread.organisation.access import viewer_of
    from goldthread.organisation.models import Organisation, Person

    if not person or not organisation:
        _stop(
            "the operator may load, check, verify, back up and restore, and nothing else. Say who asks: goldthread --as PERSON --organisation CODE export …"
        )
    found = Organisation.objects.filter(code=organisation).first()
    if found is None:
        _stop(f"--organisation: there is no organisation {organisation!r}")
    scope.enter(found.id)
    somebody = Person.objects.filter(Q(code=person) | Q(email=person), organisation=found).first()
    if somebody is None or viewer_of(found.id, somebody.id, clock.now()) is None:
        _stop(f"--as: nobody with the code or e-mail {person!r} works in {found.name}")


def _stop(message: str) -> Any:
    print(message, file=sys.stderr)
    sys.exit(2)


def _rows(entity: str, since: date) -> Iterator[tuple]:
    """The header, then the rows, a few thousand at a time."""
    from django.db import connection

    with connection.chunked_cursor() as cursor:
        cursor.execute(ENTITIES[entity], [since])
        first = cursor.fetchmany(2000)
        yield tuple(column.name for column in cursor.description)
        while first:
            yield from first
            first = cursor.fetchmany(2000)


def _write(rows: Iterator[tuple], form: str) -> None:
    header = next(rows)
    if form == "jsonl":
        for row in rows:
            print(json.dumps(dict(zip(header, row, strict=True)), default=str, ensure_ascii=False))
        return
    out = csv.writer(sys.stdout)
    out.writerow(header)
    for row in rows:
        out.writerow([_safe(cell) for cell in row])


def _safe(cell: Any) -> Any:
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell
