"""From the database to labelled results: 10,000 series of 60 months, and the board page of a trust with 60 measures.

The floor beside it is psycopg fetching the same values as plain rows.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="goldthread-bench-"))
os.environ["GOLDTHREAD_HOME"] = str(HOME)
os.environ.pop("DATABASE_URL", None)

UNITS, MEASURES, MONTHS = 200, 50, 60


def fill() -> list[int]:
    """200 trusts with 50 published measures each over 60 months; returns the unit keys."""
    from django.db import connections, transaction

    from goldthread.organisation.models import Organisation, Unit

    with transaction.atomic(using="owner"):
        nation = Organisation.objects.using("owner").create(code="X", name="Nation", kind="nation")
        root = Unit.objects.using("owner").create(organisation=nation, level="nation", code="X", name="Nation")
        for number in range(UNITS):
            Unit.objects.using("owner").create(
                organisation=nation, parent=root, level="organisation", code=f"T{number}", name=f"Trust {number}"
            )
        with connections["owner"].cursor() as cursor:
            cursor.execute("select setseed(0.5)")
            cursor.execute(
                """
                insert into record_publishedmeasure (code, title, kind, period, direction, multiply)
                select 'm' || m, 'Measure ' || m, 'value', 'month', 'up', 1 from generate_series(1, %s) m
                """,
                [MEASURES],
            )
            cursor.execute(
                """
                insert into record_publishedpoint (measure_id, unit_id, period_start, period_end, value, known_at)
                select 'm' || m, u.key, (date '2020-01-01' + make_interval(months => t))::date,
                       (date '2020-01-01' + make_interval(months => t + 1))::date, 100 + 10 * (random() + random() + random() - 1.5), now()
                from organisation_unit u, generate_series(1, %s) m, generate_series(0, %s) t where u.level = 'organisation'
                """,
                [MEASURES, MONTHS - 1],
            )
            cursor.execute("analyze record_publishedpoint")
            cursor.execute("select key from organisation_unit where level = 'organisation'")
            return [row[0] for row in cursor.fetchall()]


def best(work, times: int = 3) -> float:
    """The best of a few tries, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def main() -> None:
    """Print the ratios."""
    from goldthread.cli.start import start

    start()
    from django.db import connections

    from goldthread.insight.variation import read_all
    from goldthread.journal import clock, scope
    from goldthread.organisation.access import Viewer
    from goldthread.organisation.models import Unit
    from goldthread.record.queries.series import board_series, series_of_units

    keys = fill()
    viewer = Viewer(organisation_id=1, at=clock.now())

    def rows() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("select measure_id, unit_id, period_start, value from record_publishedpoint")
            cursor.fetchall()

    def labelled() -> None:
        readings = read_all(series_of_units(viewer=viewer, unit_keys=keys))
        assert len(readings) == UNITS * MEASURES
        assert sum(reading.signals for reading in readings) > 0

    def board() -> None:
        with scope.acting_for(viewer.organisation_id):
            read_all(board_series(viewer=viewer, unit=Unit.objects.get(key=keys[0])))

    floor, ours, page = best(rows), best(labelled), best(board)
    print(
        f"{UNITS * MEASURES:,} series x {MONTHS} months, database to labelled results: {ours:.2f} s, {ours / floor:.2f} times fetching the rows ({floor:.2f} s)"
    )
    print(f"one trust's board of {MEASURES} measures, database to labelled results: {page * 1000:.0f} ms")


if __name__ == "__main__":
    try:
        main()
    finally:
        from goldthread.journal.database import server

        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)
