"""Identifiers: the Python and the SQL function make the same kind, in order of time."""

from datetime import UTC, datetime, timedelta, timezone

from django.db import connection

from goldthread.journal.ids import uuid7

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def made_by_database(count):
    with connection.cursor() as cursor:
        cursor.execute("select goldthread_uuid7() from generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def milliseconds(identifier):
    return identifier.int >> 80


def test_the_version_and_the_variant(small_system):
    for identifier in [uuid7(AT) for _ in range(300)] + made_by_database(300):
        assert identifier.version == 7
        assert identifier.variant == "specified in RFC 4122"


def test_the_example_of_the_standard():
    """RFC 9562, appendix A.6: Tuesday, 22 February 2022, 2:22:22 PM GMT-05:00 is 017F22E2-79B0-7…"""
    at = datetime(2022, 2, 22, 14, 22, 22, tzinfo=timezone(timedelta(hours=-5)))
    assert str(uuid7(at)).startswith("017f22e2-79b0-7")


def test_the_database_tells_its_own_time(small_system):
    before = datetime.now(UTC).timestamp() * 1000
    found = milliseconds(made_by_database(1)[0])
    after = datetime.now(UTC).timestamp() * 1000
    assert before - 1 <= found <= after + 1


def test_both_sort_by_time(small_system):
    in_python = [uuid7(AT + timedelta(milliseconds=n)) for n in range(200)]
    assert in_python == sorted(in_python)
    in_database = [milliseconds(one) for one in made_by_database(2000)]
    assert in_database == sorted(in_database)
    assert max(in_python) < uuid7(AT + timedelta(seconds=1)) < made_by_database(1)[0].__class__(int=(1 << 128) - 1)


def test_no_two_are_the_same(small_system):
    many = [uuid7(AT) for _ in range(5000)] + made_by_database(5000)
    assert len(set(many)) == 10000


def test_the_random_bits_are_all_used(small_system):
    """74 bits: each is sometimes set and sometimes not."""
    fixed = {*range(76, 80), 62, 63}
    for batch in ([uuid7(AT) for _ in range(200)], made_by_database(200)):
        for bit in set(range(80)) - fixed:
            assert 0 < sum(one.int >> bit & 1 for one in batch) < 200, bit
