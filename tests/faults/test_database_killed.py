"""The database is killed under load: nothing that was acknowledged is lost, nothing is half there, and the chain holds.

Beside it a control that must fail: with synchronous_commit off, acknowledged writes are lost. (Switching fsync off would prove
nothing: it matters only when the machine itself loses power.)
"""

import json
import random
import time

from tests.faults.installation import until
from tests.faults.private import ROUNDS

WRITERS = 2
KILLS = ROUNDS

#: Two writers raise ideas and answer some, one leaves bare events as fast as it can, all as the application; each acknowledged commit
#: goes to a file that is flushed to disk. Beside them the job process sweeps and seals.
WRITE = """
import signal
from goldthread.cli.work import one_round
from goldthread.journal import clock, scope
from goldthread.journal.events import SYSTEM, leave
from goldthread.organisation.access import viewer_of
from goldthread.organisation.models import Unit
from goldthread.practices.voice.actions.ideas import raise_idea
from goldthread.record.actions import decisions

def writer(number):
    log = open(f"{given['folder']}/{number}", "a")
    written = 0
    while True:
        with transaction.atomic():
            at = clock.now()
            nurse = viewer_of(given["organisation"], given["nurse"], at)
            idea = raise_idea(by=nurse, at=at, unit=Unit.objects.get(id=given["ward7"]), text=f"Idea {number} {written}").idea
        written += 1
        said = f"raised {idea.id} {idea.decision_id}"
        print(said, file=log, flush=True); os.fsync(log.fileno())
        if written % 3 == 0:
            with transaction.atomic():
                at = clock.now()
                manager = viewer_of(given["organisation"], given["manager"], at)
                decisions.decide(by=manager, at=at, decision=idea.decision, outcome="declined", reason="Not this year")
            print(f"decided {idea.id} {idea.decision_id}", file=log, flush=True); os.fsync(log.fileno())

def quick():
    log = open(f"{given['folder']}/events", "a")
    while True:
        with scope.acting_for(given["organisation"]):
            event = leave("test.happened", by=SYSTEM, at=datetime.now(UTC), organisation_id=given["organisation"], practice="test",
                          object_kind="thing")
        print(f"event {event.id}", file=log, flush=True); os.fsync(log.fileno())

def forked(what, *values):
    if not os.fork():
        try:
            what(*values)
        finally:
            os._exit(0)

def work():
    while True:
        one_round()

for number in range(given["writers"]):
    forked(writer, number)
forked(quick)
forked(work)
answer("started")
for _ in range(given["writers"] + 2):
    os.wait()
os._exit(0)
"""

LOOK = """
from goldthread.journal import seals
while seals.seal_all():
    pass
found = seals.verify(tuple(map(seals.Head.parse, given or [])))
with connections["owner"].cursor() as cursor:
    def rows(sql):
        cursor.execute(sql)
        return cursor.fetchall()
    half = {name: rows(sql)[0][0] for name, sql in {
        "open decisions without a clock": "select count(*) from record_decision d where state = 'open' and not exists (select from record_clock c where c.about_id = d.id and c.state = 'pending')",
        "decided decisions with a clock": "select count(*) from record_decision d where state = 'decided' and exists (select from record_clock c where c.about_id = d.id and c.state = 'pending')",
        "decisions without an event": "select count(*) from record_decision d where not exists (select from journal_event e where e.object_id = d.id and e.kind = 'record.decision_raised')",
        "decisions without a link": "select count(*) from record_decision d where not exists (select from record_link l where l.target_id = d.id)",
        "ideas without a decision": "select count(*) from voice_idea i where not exists (select from record_decision d where d.about_id = i.id)",
        "decisions without an idea": "select count(*) from record_decision d where not exists (select from voice_idea i where i.id = d.about_id)",
        "answers taken and not given": "select count(*) from record_decision d where state = 'decided' and not exists (select from voice_idea i where i.id = d.about_id and i.state = 'declined')",
        "decisions nobody was told of": "select count(*) from record_decision d where not exists (select from record_notice n where n.about_id = d.id)",
        "events of nothing": "select count(*) from journal_event e where kind = 'voice.idea_raised' and not exists (select from voice_idea i where i.id = e.object_id)",
    }.items()}
    answer({"broken": found.broken, "heads": [str(head) for head in found.heads], "events": found.events, "unsealed": found.unsealed, "half": half,
            "event": [str(row[0]) for row in rows("select id from journal_event")],
            "raised": [str(row[0]) for row in rows("select id from voice_idea")],
            "decided": [str(row[0]) for row in rows("select id from record_decision where state = 'decided'")]})
"""


def acknowledged(folder):
    """What the application was told is kept: by kind, the ids."""
    lines = [line.split() for file in sorted(folder.iterdir()) for line in file.read_text().splitlines()]
    return {
        kind: {line[-1 if kind == "decided" else 1] for line in lines if line[0] == kind}
        for kind in ("raised", "decided", "event")
    }


def number(said):
    return sum(len(ids) for ids in said.values())


def missing(said, found):
    return sum(len(ids - set(found[kind])) for kind, ids in said.items())


def kill_under_load(own, folder, seconds):
    """Write for a while, kill everything, start again; returns what was acknowledged and what is there."""
    given = {name: own.seeded[name][2] for name in ("nurse", "manager", "ward7")}
    before = len(acknowledged(folder)["raised"])
    process = own.start(
        WRITE, {**given, "organisation": own.seeded["trust"][0], "folder": str(folder), "writers": WRITERS}
    )
    until(lambda: len(acknowledged(folder)["raised"]) > before + WRITERS)
    time.sleep(seconds)
    killed = own.kill_database()
    assert killed > WRITERS
    process.communicate(timeout=30)
    own.start_database()


def test_no_acknowledged_write_is_lost(own, tmp_path):
    rng = random.Random(7)
    heads: list[str] = []
    for _ in range(KILLS):
        kill_under_load(own, tmp_path, rng.uniform(0.3, 1.5))
        found = own.run(LOOK, heads)
        said = acknowledged(tmp_path)
        assert all(said.values())
        assert missing(said, found) == 0
        assert found["broken"] == []
        assert found["unsealed"] == 0
        assert {name: number for name, number in found["half"].items() if number} == {}
        heads = found["heads"]  # kept outside the database: the next round must contain them
    print(json.dumps({"kills": KILLS, "acknowledged": number(said), "lost": 0, "events": found["events"]}))


def test_without_synchronous_commit_acknowledged_writes_are_lost(own, tmp_path):
    with own.connect() as server:
        for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'", "wal_writer_flush_after = '64MB'"):
            server.execute(f"alter system set {setting}")
        server.execute("select pg_reload_conf()")
    kill_under_load(own, tmp_path, 0.7)
    with own.connect() as server:
        server.execute("alter system reset all")
        server.execute("select pg_reload_conf()")
    found = own.run(LOOK)
    assert found["broken"] == []
    said = acknowledged(tmp_path)
    lost = missing(said, found)
    assert lost > 0
    assert {name: number for name, number in found["half"].items() if number} == {}  # lost, but never half there
    print(json.dumps({"acknowledged": number(said), "lost": lost}))
