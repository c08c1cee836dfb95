"""How long `goldthread load people` takes, against bare COPY plus building the same constraints, and how much memory.

    python benchmarks/bench_people.py [--rows 200000] [--organisations 40] [--units 100]

Runs in an installation of its own that is removed afterwards.
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

COLUMNS = "organisation_id, code, name, email, staff_group, unit_id, fte"
BUILD = """
alter table bench_people add primary key (id);
alter table bench_people add constraint bench_people_once unique (organisation_id, code);
alter table bench_people add constraint bench_people_fte check (fte > 0 and fte <= 2);
alter table bench_people add foreign key (organisation_id) references organisation_organisation (id);
alter table bench_people add foreign key (unit_id) references organisation_unit (key);
"""


def peak() -> float:
    """Peak resident memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print seconds, the ratio and the peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--organisations", type=int, default=40)
    parser.add_argument("--units", type=int, default=100, help="units in each organisation")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="goldthread-bench-"))
    os.environ["GOLDTHREAD_HOME"] = str(home)
    os.environ["GOLDTHREAD_DATABASE"] = "goldthread_bench"
    os.environ.pop("DATABASE_URL", None)
    from goldthread.cli.start import start

    try:
        start()
        measure(home, asked.rows, asked.organisations, asked.units)
    finally:
        from goldthread.journal.database import server

        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def measure(home: Path, rows: int, organisations: int, units: int) -> None:
    """Make the files, load them, and copy the same rows bare."""
    from django.db import connections

    from goldthread.record.load import load

    tree = home / "units.csv"
    with tree.open("w", encoding="utf-8") as file:
        file.write("code,name,level,parent,organisation\n")
        for o in range(organisations):
            file.write(f"T{o},Trust {o},organisation,,T{o}\n")
            file.writelines(f"U{u},Unit {u},ward,{f'U{u // 10}' if u >= 10 else f'T{o}'},T{o}\n" for u in range(units))
    began = time.perf_counter()
    report = load("units", tree)
    print(f"units:  {report.added:,} rows in {time.perf_counter() - began:.1f} s", flush=True)

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select o.code, u.code, o.id, u.key from organisation_unit u "
            "join organisation_organisation o on o.id = u.organisation_id"
        )
        keys = {(o, u): (oid, key) for o, u, oid, key in cursor.fetchall()}
    people, bare = home / "people.csv", home / "bare.csv"
    with people.open("w", encoding="utf-8") as file, bare.open("w", encoding="utf-8") as plain:
        file.write("organisation,code,name,email,staff_group,unit,fte\n")
        for n in range(rows):
            o, u = f"T{n % organisations}", f"U{n * 7 % units}"
            oid, key = keys[o, u]
            rest = f"P{n},Person Number {n},p{n}@example.org,Nursing and midwifery registered"
            file.write(f"{o},{rest},{u},0.8\n")
            plain.write(f"{oid},{rest},{key},0.8\n")

    before = peak()
    began = time.perf_counter()
    report = load("people", people)
    took = time.perf_counter() - began
    after = peak()
    if report.added != rows:
        sys.exit(f"added {report.added} of {rows}: {report.rejections[:3]}")
    began = time.perf_counter()
    again = load("people", people)
    second = time.perf_counter() - began
    if again.unchanged != rows:
        sys.exit(f"unchanged {again.unchanged} of {rows}")

    with connections["owner"].cursor() as cursor:
        cursor.execute("create table bench_people (like organisation_person including defaults)")
        began = time.perf_counter()
        with (
            bare.open("rb") as plain_bytes,
            cursor.copy(f"copy bench_people ({COLUMNS}) from stdin (format csv)") as copy,
        ):
            while block := plain_bytes.read(1 << 20):
                copy.write(block)
        copied = time.perf_counter() - began
        cursor.execute(
            BUILD
            + "create index on bench_people (unit_id, organisation_id);"
            + "".join(f"create index on bench_people ({column});" for column in single_indexes(cursor))
        )
        built = time.perf_counter() - began
        cursor.execute("drop table bench_people")
    print(f"people: {rows:,} rows in {took:.1f} s; again, unchanged, in {second:.1f} s")
    print(f"bare:   COPY {copied:.1f} s, with constraints {built:.1f} s")
    print(f"ratio:  {took / built:.2f}")
    print(f"memory: peak {after:.0f} MB, of which {after - before:.0f} MB while loading")


def single_indexes(cursor) -> list[str]:
    """The columns of organisation_person that have a plain index of their own."""
    cursor.execute(
        "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] "
        "where i.indrelid = 'organisation_person'::regclass and i.indnatts = 1 and not i.indisunique"
    )
    return [name for (name,) in cursor.fetchall()]


if __name__ == "__main__":
    main()
