"""Sweepers are killed in the middle of their work; every clock still fires once, and a failing one stands in nobody's way."""

import json

import pytest

from tests.faults.private import ROUNDS, as_owner, private_database, run

CLOCKS = 1200 * min(ROUNDS, 5)
KILLS = 40 * ROUNDS

#: A practice whose clocks leave one event each. One kind of clock fails, one would break a rule that is checked at commit.
PROBE = """
import random, signal
from uuid import UUID
from goldthread.journal.events import SYSTEM, leave
from goldthread.record import sweeper
from goldthread.record.models import Clock
from goldthread.record.practice import Practice, register

def on_clock(clock, at):
    leave("probe.fired", by=SYSTEM, at=at, organisation_id=clock.organisation_id, practice="probe", object_kind="probe",
          object_id=clock.about_id, using="jobs")
    if clock.purpose == "fails":
        raise ValueError("it cannot be done")
    if clock.purpose == "breaks":
        Clock.objects.using("jobs").filter(about_kind="decision").update(state="stopped")

register(Practice(slug="probe", title="Probe", describe=lambda refs, viewer, using="default": {}, points=lambda *_: (),
                  claims=lambda *_: (), on_clock=on_clock))
"""
KILL = (
    PROBE
    + """
def child():
    pid = os.fork()
    if pid:
        return pid
    try:
        while True:
            if not sweeper.sweep():
                time.sleep(0.01)
    finally:
        os._exit(1)

random.seed(given["seed"])
children = [child() for _ in range(4)]
for number in range(given["kills"]):
    time.sleep(random.uniform(0.01, 0.16))
    victim = random.randrange(len(children))
    os.kill(children[victim], signal.SIGKILL)
    os.waitpid(children[victim], 0)
    children[victim] = child()
import psycopg
from goldthread.journal.database import OWNER, parameters
with psycopg.connect(**parameters(OWNER), autocommit=True) as owner:
    left = "select count(*) from record_clock where state = 'pending' and not_before <= goldthread_now()"
    at_end = owner.execute(left).fetchone()[0]
    deadline = time.monotonic() + 120
    while owner.execute(left).fetchone()[0] and time.monotonic() < deadline:
        time.sleep(0.05)
for pid in children:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
answer({"left_after_the_kills": at_end})
"""
)


@pytest.fixture
def database(seeded, migrated):
    with private_database(migrated) as name:
        yield name


def due(owner, organisation_id, count, purpose, minutes):
    owner.execute(
        """
        insert into record_clock (organisation_id, practice, about_kind, about_id, purpose, due_at, not_before)
        select %s, 'probe', 'probe', gen_random_uuid(), %s, now() - %s * interval '1 minute', now() - %s * interval '1 minute'
        from generate_series(1, %s)
        """,
        [organisation_id, purpose, minutes, minutes, count],
    )


OPEN = """
from goldthread.organisation.access import viewer_of
from goldthread.organisation.models import Unit
from goldthread.practices.voice.actions.ideas import raise_idea
at = datetime.now(UTC)
with transaction.atomic():
    raise_idea(by=viewer_of(given["organisation"], given["nurse"], at), at=at, unit=Unit.objects.get(id=given["ward7"]), text="A hoist")
answer(1)
"""


def test_every_clock_fires_exactly_once(database, seeded):
    trust, other = seeded["trust"][0], seeded["other"][0]
    run(OPEN, database, {"organisation": trust, "nurse": seeded["nurse"][2], "ward7": seeded["ward7"][2]})
    with as_owner(database) as owner:
        due(owner, trust, CLOCKS * 3 // 4, "fires", 10)
        due(owner, other, CLOCKS // 4, "fires", 10)
        due(owner, trust, 5, "fails", 60)  # the oldest: whoever blocks, blocks everything
        due(owner, trust, 2, "breaks", 60)
        told = run(KILL, database, {"kills": KILLS, "seed": KILLS})
        states = dict(owner.execute("select state, count(*) from record_clock where purpose = 'fires' group by 1").fetchall())  # fmt: skip
        assert states == {"fired": CLOCKS}
        firings = owner.execute("select count(*), count(distinct object_id) from journal_event where kind = 'probe.fired'").fetchone()  # fmt: skip
        assert firings == (CLOCKS, CLOCKS)
        elsewhere = "select count(*) from record_clock c join journal_event e on e.object_id = c.about_id where e.organisation_id <> c.organisation_id"
        assert owner.execute(elsewhere).fetchone() == (0,)
        waiting = owner.execute("select purpose, state, attempts, not_before > now(), last_error from record_clock where purpose in ('fails', 'breaks')").fetchall()  # fmt: skip
        assert len(waiting) == 7
        for purpose, state, attempts, later, error in waiting:
            assert (state, later) == ("pending", True)
            assert attempts >= 1
            assert ("it cannot be done" if purpose == "fails" else "without a clock") in error
        assert owner.execute("select state from record_clock where about_kind = 'decision'").fetchone() == ("pending",)
    print(json.dumps({"clocks": CLOCKS, "kills": KILLS, **told}))


TRY = (
    PROBE
    + """
import psycopg
from goldthread.journal.database import OWNER, parameters
found = []
with psycopg.connect(**parameters(OWNER), autocommit=True) as owner:
    for _ in range(8):
        sweeper.sweep()
        found.append(owner.execute("select state, attempts, extract(epoch from not_before - now())::int from record_clock"
                                   " where purpose = 'fails'").fetchone())
        owner.execute("update record_clock set not_before = now() where purpose = 'fails'")
answer(found)
"""
)


def test_a_failing_clock_is_parked_after_six_tries(database, seeded):
    with as_owner(database) as owner:
        due(owner, seeded["trust"][0], 1, "fails", 60)
        found = run(TRY, database)
        assert [state for state, _, _ in found] == ["pending"] * 5 + ["parked"] * 3
        assert [number for _, number, _ in found] == [1, 2, 3, 4, 5, 6, 6, 6]
        pauses = [pause for _, _, pause in found[:5]]
        assert pauses == sorted(pauses)
        assert pauses[0] >= 25
        assert owner.execute("select count(*) from journal_event where kind = 'probe.fired'").fetchone() == (0,)
