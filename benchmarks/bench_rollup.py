"""Headcount below a unit over 100,000 units, against a closure table on the same data (--people, default 1,300,000)."""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="goldthread-bench-"))
os.environ["GOLDTHREAD_HOME"] = str(HOME)
os.environ.pop("DATABASE_URL", None)
PEOPLE = int(sys.argv[sys.argv.index("--people") + 1]) if "--people" in sys.argv else 1_300_000

#: How many units stand below each unit, level by level: 1 + 7 + 42 + 252 + 2,520 + 12,600 + 84,000 or so.
FANS = (7, 6, 6, 10, 5, 7)

FILL = """
insert into organisation_organisation (id, code, name, kind) values (1, 'N', 'Nation', 'nation');
insert into organisation_unit (organisation_id, level, code, name) values (1, 'l0', 'u', 'Nation');
"""
LEVEL = """
insert into organisation_unit (organisation_id, parent_id, level, code, name)
select 1, p.id, %s, p.code || '.' || n, p.code || '.' || n from organisation_unit p, generate_series(1, %s) n where p.level = %s
"""
STAFF = """
insert into organisation_person (organisation_id, code, name, staff_group, unit_id, fte)
select 1, 'P' || n, 'Person', 'Nursing', w.keys[1 + n %% cardinality(w.keys)], 1
from generate_series(1, %s) n, (select array_agg(key order by key) as keys from organisation_unit where level = 'l6') w
"""
CLOSURE = """
create table bench_closure as select unnest(path) as above, key as below from organisation_unit;
create index on bench_closure (above, below);
grant select on bench_closure to goldthread_app;
analyze
"""
BY_CLOSURE = """
select count(*), coalesce(sum(p.fte), 0) from organisation_person p join bench_closure c on c.below = p.unit_id
where c.above = %s and p.organisation_id = %s and p.left_on is null
"""


def best(work, times: int = 5) -> float:
    """The median of a few tries, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> None:
    """Print the ratio at units of several sizes; both queries run as the application's role, under its policies."""
    from goldthread.cli.start import start

    start()
    from django.db import connections, transaction

    from goldthread.journal import scope
    from goldthread.organisation import tree
    from goldthread.organisation.models import Unit

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(FILL)
        for level, fan in enumerate(FANS):
            cursor.execute(LEVEL, [f"l{level + 1}", fan, f"l{level}"])
        cursor.execute(STAFF, [PEOPLE])
    with connections["owner"].cursor() as cursor:
        cursor.execute(CLOSURE)
    print(f"{Unit.objects.count():,} units, {PEOPLE:,} people")
    for level in ("l5", "l4", "l3", "l2", "l1"):
        unit = Unit.objects.filter(level=level).order_by("key").first()
        assert unit is not None
        with scope.acting_for(1), connections["default"].cursor() as cursor:

            def closure(unit: Unit = unit, cursor=cursor) -> tuple[int, float]:
                cursor.execute(BY_CLOSURE, [unit.key, 1])
                people, fte = cursor.fetchone()
                return int(people), float(fte)

            assert closure() == tree.headcount(unit)
            ours, theirs = best(lambda unit=unit: tree.headcount(unit)), best(closure)
            below = len(tree.subtree_keys(unit))
        print(
            f"  {below:>7,} units below: {ours * 1000:8.2f} ms, {ours / theirs:.2f} times the closure table ({theirs * 1000:.2f} ms)"
        )


if __name__ == "__main__":
    try:
        main()
    finally:
        from goldthread.journal.database import server

        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)
