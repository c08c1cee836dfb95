"""Sweepers are killed at any moment, and still each clock fires exactly once; one that fails holds up no other."""

import pytest

from tests.faults.private import ROUNDS, as_owner, private_database, run

pytestmark = pytest.mark.faults
CLOCKS = 600


@pytest.fixture
def database(seeded, migrated):
    """A copy of the small system that may be committed to."""
    with private_database(migrated) as name:
        yield name


def promises(owner, seeded, count):
    """Promises whose day has passed, each with its clock, as if the job process had been away."""
    trust = seeded["trust"][0]
    ward = owner.execute("select key from organisation_unit where id = %s", [seeded["ward7"][2]]).fetchone()[0]
    owner.execute(
        """
        with made as (
          insert into record_commitment (organisation_id, practice, about_kind, about_id, text, promised_by_id, to_unit_id, made_at, due_on)
          select %s, 'voice', 'visit', gen_random_uuid(), 'Promise ' || n, %s, %s, now() - interval '9 days', current_date - 2
          from generate_series(1, %s) n returning id, organisation_id
        )
        insert into record_clock (organisation_id, practice, about_kind, about_id, purpose, due_at, not_before)
        select organisation_id, 'record', 'commitment', id, 'promise_due', now() - interval '1 day', now() - interval '1 day' from made
        """,
        [trust, seeded["chief"][2], ward, count],
    )


# Three children sweep; the parent kills one of them at a random moment and starts another, until nothing is due.
KILLING = """
import random, signal
from goldthread.journal import seals
from goldthread.record import sweeper
chance = random.Random(given["seed"])

def child():
    pid = os.fork()
    if pid:
        return pid
    try:
        while True:
            sweeper.sweep(most=25)
            seals.seal_all(most=50)
            time.sleep(0.005)
    finally:
        os._exit(1)

def waiting():
    with connections["jobs"].cursor() as cursor:
        cursor.execute("select count(*) from record_clock where state = 'pending' and not_before <= goldthread_now()")
        found = cursor.fetchone()[0]
    connections.close_all()  # nothing is shared with the children
    return found

children, killed, until = [child() for _ in range(3)], 0, time.monotonic() + given["most_seconds"]
while time.monotonic() < until:
    time.sleep(chance.uniform(0.01, 0.25))
    if not waiting():
        break
    pid = children.pop(chance.randrange(3))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    killed += 1
    children.append(child())
left = waiting()
for pid in children:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
seals.seal_all()
verdict = seals.verify()
answer({"killed": killed, "left": left, "broken": verdict.broken, "unsealed": verdict.unsealed})
"""


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_each_clock_fires_once_whoever_is_killed(database, seeded, seed):
    with as_owner(database) as owner:
        promises(owner, seeded, CLOCKS)
        told = run(KILLING, database, {"seed": seed, "most_seconds": 60}, GOLDTHREAD_LOG="ERROR")
        assert (told["left"], told["broken"], told["unsealed"]) == (0, [], 0)
        assert told["killed"] >= 3, "nothing was killed while it worked"
        assert owner.execute("select state, attempts, count(*) from record_clock group by 1, 2").fetchall() == [("fired", 0, CLOCKS)]  # fmt: skip
        fired = owner.execute("select count(*), count(distinct object_id) from journal_event where kind = 'record.promise_overdue'").fetchone()  # fmt: skip
        assert fired == (CLOCKS, CLOCKS)
        # The promiser, the ward's manager and the deputy: each told once of each.
        notices = owner.execute("select count(*), count(distinct (about_id, person_id)) from record_notice where kind = 'promise_overdue'").fetchone()  # fmt: skip
        assert notices == (3 * CLOCKS, 3 * CLOCKS)


SWEEP = """
from goldthread.record import sweeper
for _ in range(given.get("times", 1)):
    if given.get("at_once"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("update record_clock set not_before = due_at where state = 'pending'")
    fired = sweeper.sweep()
answer(fired)
"""


def test_a_clock_that_fails_holds_up_no_other(database, seeded):
    """It is the first in the queue; it backs off further each time, and after six tries it is parked, where people see it."""
    with as_owner(database) as owner:
        promises(owner, seeded, 10)
        bad = owner.execute(
            """
            insert into record_clock (organisation_id, practice, about_kind, about_id, purpose, due_at, not_before)
            values (%s, 'record', 'decision', gen_random_uuid(), 'nobody_knows', now() - interval '3 days', now() - interval '3 days') returning id
            """,
            [seeded["trust"][0]],
        ).fetchone()[0]

        def state():
            return owner.execute("select state, attempts, fired_at, not_before > goldthread_now(), last_error from record_clock where id = %s", [bad]).fetchone()  # fmt: skip

        assert run(SWEEP, database, {}, GOLDTHREAD_LOG="CRITICAL") == 10
        assert state()[:4] == ("pending", 1, None, True)
        assert "nobody_knows" in state()[4]
        run(SWEEP, database, {"at_once": True, "times": 4}, GOLDTHREAD_LOG="CRITICAL")
        assert state()[:2] == ("pending", 5)
        run(SWEEP, database, {"at_once": True, "times": 3}, GOLDTHREAD_LOG="CRITICAL")
        assert state()[:3] == ("parked", 6, None)
        assert owner.execute("select count(*) from record_clock where state = 'fired'").fetchone() == (10,)


COMMIT_FAILS = """
from goldthread.record import sweeper
from goldthread.record.models import Notice
real = sweeper._handle

def handle(clock, at):
    real(clock, at)
    if str(clock.id) == given["bad"]:  # points at nobody, which the database checks when the transaction commits
        Notice.objects.using("jobs").create(organisation_id=clock.organisation_id, key="x", person_id=clock.id, practice="record",
                                            about_kind="commitment", about_id=clock.about_id, kind="promise_overdue", at=at)

sweeper._handle = handle
answer(sweeper.sweep())
"""


def test_a_clock_that_fails_only_at_the_commit_holds_up_no_other(database, seeded):
    with as_owner(database) as owner:
        promises(owner, seeded, 10)
        bad = owner.execute("update record_clock set not_before = not_before - interval '1 day' where id = (select id from record_clock limit 1) returning id").fetchone()[0]  # fmt: skip
        assert run(COMMIT_FAILS, database, {"bad": bad}, GOLDTHREAD_LOG="CRITICAL") == 9
        assert owner.execute("select state, attempts from record_clock where id = %s", [bad]).fetchone() == (
            "pending",
            1,
        )
        assert owner.execute("select count(*) from journal_event where kind = 'record.promise_overdue'").fetchone() == (
            9,
        )


PASS_UP = """
from goldthread.organisation.access import viewer_of
from goldthread.organisation.models import Unit
from goldthread.practices.voice.actions.ideas import raise_idea
from goldthread.record import sweeper
at = datetime.now(UTC)
with transaction.atomic():
    nurse = viewer_of(given["organisation"], given["nurse"], at)
    ward = Unit.objects.get(id=given["ward7"])
    for number in range(6):
        raise_idea(by=nurse, at=at, unit=ward, text=f"Idea {number}")
connections.close_all()
def days(number):
    with connections["owner"].cursor() as cursor:
        cursor.execute("insert into goldthread_time_shift (shift) values (%s) on conflict (only_row) do update set shift = excluded.shift",
                       [timedelta(days=number)])
fired = [sweeper.sweep()]
for day in (16, 17, 33):
    days(day)
    fired.append(sweeper.sweep())
answer(fired)
"""


def test_what_is_not_answered_goes_up_once_each_time(database, seeded):
    given = {name: seeded[name][2] for name in ("nurse", "ward7")}
    assert run(PASS_UP, database, {**given, "organisation": seeded["trust"][0]}) == [0, 6, 0, 6]
    with as_owner(database) as owner:
        rows = owner.execute("select d.passed_up, u.name, d.state, count(*) from record_decision d join organisation_unit u on u.key = d.decider_unit_id group by 1, 2, 3").fetchall()  # fmt: skip
        assert rows == [(2, "Northmoor Hospitals", "open", 6)]
        assert owner.execute("select state, count(*) from record_clock group by 1 order by 1").fetchall() == [("fired", 12), ("pending", 6)]  # fmt: skip
        passed = owner.execute("select count(*), count(distinct (object_id, data ->> 'times')) from journal_event where kind = 'record.decision_passed_up'").fetchone()  # fmt: skip
        assert passed == (12, 12)
