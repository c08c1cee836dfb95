"""Fifty press at once: one outcome, and everybody else learns whose it was."""

import pytest

from tests.faults.private import as_owner, private_database, run


@pytest.fixture
def database(seeded, migrated):
    """A copy of the small system that may be committed to."""
    with private_database(migrated) as name:
        yield name


PRESS = """
from goldthread.journal import scope
from goldthread.organisation.access import viewer_of
from goldthread.organisation.models import Unit
from goldthread.practices.voice.actions.ideas import raise_idea
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded
from goldthread.record.models import Decision
at = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
with transaction.atomic():
    nurse = viewer_of(given["organisation"], given["nurse"], at)
    raised = raise_idea(by=nurse, at=at, unit=Unit.objects.get(id=given["ward7"]), text="A second hoist")
decision_id = raised.idea.decision.id
found, lock, together = [], threading.Lock(), threading.Barrier(50)

def press(number):
    try:
        with transaction.atomic():
            viewer = viewer_of(given["organisation"], given[("manager", "deputy")[number % 2]], at)
            decision = Decision.objects.get(id=decision_id)
            together.wait()
            decisions.decide(by=viewer, at=at + timedelta(minutes=number), decision=decision,
                             outcome=("declined", "already_done")[number % 2], reason=f"Reason {number}")
        said = f"decided {number}"
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    finally:
        connections.close_all()
    with lock:
        found.append(said)

threads = [threading.Thread(target=press, args=(number,)) for number in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
answer({"decision": decision_id, "found": found})
"""


def test_fifty_press_at_once_and_one_decides(database, seeded):
    given = {name: seeded[name][2] for name in ("nurse", "manager", "deputy", "ward7")}
    told = run(PRESS, database, {**given, "organisation": seeded["trust"][0]})
    won = [said for said in told["found"] if said.startswith("decided ")]
    lost = [said for said in told["found"] if said.startswith("AlreadyEnded: This was already decided by ")]
    assert (len(won), len(lost)) == (1, 49), told["found"]
    winner = int(won[0].split()[1])
    assert all(("Beth Okafor", "Carl Reyes")[winner % 2] in said for said in lost)
    with as_owner(database) as owner:
        row = owner.execute("select state, outcome, reason from record_decision where id = %s", [told["decision"]]).fetchone()  # fmt: skip
        assert row == ("decided", ("declined", "already_done")[winner % 2], f"Reason {winner}")
        for table, condition in (("journal_event", "kind = 'record.decision_taken'"), ("journal_event", "kind = 'voice.idea_answered'"),
                                 ("voice_answer", "true")):  # fmt: skip
            assert owner.execute(f"select count(*) from {table} where {condition}").fetchone() == (1,)
        assert owner.execute("select state from record_clock where about_id = %s", [told["decision"]]).fetchall() == [("stopped",)]  # fmt: skip


TAP = """
from goldthread.journal import clock
from goldthread.organisation.access import viewer_of
from goldthread.organisation.models import Unit
from goldthread.record.actions.measures import Definition, define_measure, tally
from goldthread.record.models import Measure
at = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
with transaction.atomic():
    manager = viewer_of(given["organisation"], given["manager"], at)
    ward = Unit.objects.get(id=given["ward7"])
    measure = define_measure(by=manager, at=at, unit=ward, code="own", is_own=True,
                             definition=Definition(title="Calls", kind="count", direction="down", period="week"))
found, together = [], threading.Barrier(8)

def tap():
    try:
        together.wait()
        for _ in range(5):
            with transaction.atomic():
                now = clock.now()
                by = viewer_of(given["organisation"], given["manager"], now)
                tally(by=by, at=now, measure=measure, unit=ward)
        found.append("")
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    finally:
        connections.close_all()

threads = [threading.Thread(target=tap) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
answer(found)
"""


def test_every_tap_counts_however_many_at_once(database, seeded):
    given = {name: seeded[name][2] for name in ("manager", "ward7")}
    assert run(TAP, database, {**given, "organisation": seeded["trust"][0]}) == [""] * 8
    with as_owner(database) as owner:
        assert owner.execute("select value from record_point order by known_at desc limit 1").fetchone() == (40,)
        assert owner.execute("select count(*) from record_point").fetchone() == (40,)
