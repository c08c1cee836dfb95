"""What was sealed and then changed is found, and named."""

import json
import time

import pytest

from goldthread.journal.seals import Head
from tests.faults.private import as_owner, as_superuser, finish, private_database, script


@pytest.fixture
def database(seeded, migrated):
    """A copy of the small system with 200 events in two organisations, none sealed."""
    with private_database(migrated) as name, as_owner(name) as owner:
        owner.execute(
            """
            insert into journal_event (organisation_id, at, "on", actor_kind, kind, practice, object_kind, object_id, data)
            select (array[%s::int, %s::int])[1 + n %% 2], now(), current_date, 'system', 'test.happened', 'test', 'thing',
                   gen_random_uuid(), jsonb_build_object('n', n, 'note', 'é')
            from generate_series(1, 200) n
            """,
            [seeded["trust"][0], seeded["other"][0]],
        )
        yield name


VERIFY = """
from goldthread.journal import seals
for line in sys.stdin:
    asked = json.loads(line)
    sealed = seals.seal_all() if asked.get("seal") else 0
    found = seals.verify(tuple(seals.Head.parse(text) for text in asked.get("heads", ())))
    answer({"sealed": sealed, "heads": [str(head) for head in found.heads],
            **{name: getattr(found, name) for name in ("events", "broken", "unsealed", "unsealed_too_long")}})
"""
SEAL = """
from goldthread.journal import seals
together = given["until"]
while time.time() < together: time.sleep(0.001)
done = 0
for _ in range(60): done += seals.seal_all(most=7)
answer(done)
"""


@pytest.fixture
def verify(database):
    """Verification as an operator runs it, in a process of its own; `seal` seals what waits first."""
    process = script(VERIFY, database)

    def ask(**asked):
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        while True:
            line = process.stdout.readline()
            assert line, process.stderr.read()[-3000:]
            if line.strip():
                return json.loads(line)

    yield ask
    process.communicate(timeout=30)


def tamper(database, *statements):
    """What somebody with the superuser's password could do."""
    with as_superuser(database) as anybody:
        for table in ("journal_event", "journal_eventseal", "journal_unsealedevent"):
            anybody.execute(f"alter table {table} disable trigger all")
        for statement in statements:
            anybody.execute(statement)


def test_tampering_is_found_and_named(database, verify, seeded):
    trust, other = seeded["trust"][0], seeded["other"][0]
    clean = verify(seal=True)
    assert (clean["sealed"], clean["events"], clean["broken"], clean["unsealed"]) == (200, 200, [], 0)
    kept = [Head.parse(text) for text in clean["heads"]]
    assert [(head.organisation_id, head.seq) for head in kept] == [(trust, 100), (other, 100)]
    assert verify(heads=clean["heads"])["broken"] == []

    # One byte of one event.
    with as_owner(database) as owner:
        changed = str(owner.execute("select event_id from journal_eventseal where organisation_id = %s and seq = 42", [trust]).fetchone()[0])  # fmt: skip
    tamper(database, f"update journal_event set data = jsonb_set(data, '{{note}}', '\"è\"') where id = '{changed}'")
    found = verify()
    assert found["broken"] == [f"organisation {trust}, link 42, event {changed}: the event was changed after it was sealed"]  # fmt: skip
    tamper(database, f"update journal_event set data = jsonb_set(data, '{{note}}', '\"é\"') where id = '{changed}'")
    assert verify()["broken"] == []

    # The tail, events and seals both: only a head that was kept elsewhere tells.
    last = f"select event_id from journal_eventseal where organisation_id = {other} and seq > 95"
    tamper(database, f"create table gone as {last}", "delete from journal_eventseal where event_id in (select event_id from gone)",
           "delete from journal_event where id in (select event_id from gone)")  # fmt: skip
    assert verify()["broken"] == []
    assert verify(heads=clean["heads"])["broken"] == [f"organisation {other}: the chain ends at link 95, but link 100 was kept: the tail was cut off"]  # fmt: skip


def test_what_was_taken_out_is_found(database, verify, seeded):
    trust, other = seeded["trust"][0], seeded["other"][0]
    verify(seal=True)
    tamper(database, f"delete from journal_event where id = (select event_id from journal_eventseal where organisation_id = {trust} and seq = 7)",
           f"delete from journal_eventseal where organisation_id = {other} and seq = 9")  # fmt: skip
    first, second = verify()["broken"]
    assert first.startswith(f"organisation {trust}, link 7, event ")
    assert first.endswith(": the event is gone")
    assert second.startswith(f"organisation {other}, link 10, event ")
    assert second.endswith(": the link before it is missing")


def test_an_event_outside_chain_and_queue_is_found(database, verify, seeded):
    trust = seeded["trust"][0]
    with as_owner(database) as owner:
        hidden = owner.execute("select event_id from journal_unsealedevent where organisation_id = %s limit 1", [trust]).fetchone()[0]  # fmt: skip
    tamper(database, f"delete from journal_unsealedevent where event_id = '{hidden}'")
    found = verify(seal=True)
    assert found["broken"] == [f"organisation {trust}: event {hidden} has neither a seal nor a place in the queue"]
    assert found["events"] == 199


def test_what_waits_too_long_is_counted(database, verify):
    with as_owner(database) as owner:
        owner.execute("insert into goldthread_time_shift (shift) values ('2 minutes')")
    found = verify()
    assert (found["events"], found["unsealed"], found["unsealed_too_long"]) == (0, 200, 200)


def test_two_sealers_at_once_make_one_chain(database, verify):
    until = time.time() + 2.5
    sealers = [script(SEAL, database, {"until": until}) for _ in range(2)]
    done = [finish(sealer) for sealer in sealers]
    assert sum(done) == 200
    found = verify()
    assert (found["events"], found["broken"], found["unsealed"]) == (200, [], 0)


@pytest.mark.parametrize("text", ["", "1:2", "a:2:" + "0" * 64, "1:b:" + "0" * 64, "1:2:abc"])
def test_a_head_that_cannot_be_read_says_how_it_must_look(text):
    with pytest.raises(ValueError, match="organisation:seq:sha256"):
        Head.parse(text)


def test_a_head_reads_what_it_prints():
    head = Head(3, 14, "ab" * 32)
    assert Head.parse(f" {head}\n") == head
