"""The hash chain: sealing what is committed, and finding what was tampered with."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections, transaction

#: A committed event without a seal for longer than this is an alarm: the sealer is not running.
UNSEALED_ALARM = timedelta(minutes=1)


@dataclass(frozen=True)
class Head:
    """The last link of an organisation's chain. Kept elsewhere, it lets `verify` find a tail that was cut off."""

    organisation_id: int
    seq: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.organisation_id}:{self.seq}:{self.sha256}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read `organisation:seq:sha256`; ValueError says what is wrong."""
        parts = text.strip().split(":")
        if len(parts) != 3 or not parts[0].isdigit() or not parts[1].isdigit() or len(parts[2]) != 64:
            raise ValueError(f"head {text!r} must read organisation:seq:sha256, as `goldthread verify` prints it")
        return cls(int(parts[0]), int(parts[1]), parts[2].lower())


@dataclass(frozen=True)
class Verdict:
    """What verification found. `broken` names the first bad event of each broken chain and why."""

    events: int
    heads: tuple[Head, ...]
    broken: tuple[str, ...]
    unsealed: int
    unsealed_too_long: int


def seal_all(*, most: int = 1000) -> int:
    """Seal committed events of every organisation; returns how many. Runs as jobs; each organisation is one transaction."""
    with connections["jobs"].cursor() as cursor:
        cursor.execute("select distinct organisation_id from journal_unsealedevent order by 1")
        waiting = [row[0] for row in cursor.fetchall()]
    done = 0
    for organisation_id in waiting:
        with transaction.atomic(using="jobs"), connections["jobs"].cursor() as cursor:
            cursor.execute("select goldthread_seal(%s, %s)", [organisation_id, most])
            done += cursor.fetchone()[0]
    return done


def verify(expected: tuple[Head, ...] = (), *, progress: Callable[[int], None] = lambda done: None) -> Verdict:
    """Recompute every chain from the stored events, independently of the function that sealed them."""
    heads: dict[int, Head] = {}
    broken: dict[int, str] = {}
    wanted = {head.organisation_id: head for head in expected}
    count = 0
    for organisation_id, seq, event_id, previous, sealed, content in _chain():
        count += 1
        if count % 1000 == 0:
            progress(count)
        if organisation_id in broken:
            continue
        last = heads.get(organisation_id)
        expected_previous = (
            bytes.fromhex(last.sha256) if last else hashlib.sha256(f"goldthread {organisation_id}".encode()).digest()
        )
        where = f"organisation {organisation_id}, link {seq}, event {event_id}"
        if seq != (last.seq if last else 0) + 1:
            broken[organisation_id] = f"{where}: the link before it is missing"
        elif content is None:
            broken[organisation_id] = f"{where}: the event is gone"
        elif previous != expected_previous:
            broken[organisation_id] = f"{where}: does not follow the link before it"
        elif hashlib.sha256(previous + content).digest() != sealed:
            broken[organisation_id] = f"{where}: the event was changed after it was sealed"
        heads[organisation_id] = Head(organisation_id, seq, sealed.hex())
        kept = wanted.get(organisation_id)
        if kept and kept.seq == seq and kept.sha256 != sealed.hex() and organisation_id not in broken:
            broken[organisation_id] = f"{where}: differs from the head that was kept"
    for organisation_id, kept in wanted.items():
        found = heads.get(organisation_id)
        if organisation_id not in broken and (found is None or found.seq < kept.seq):
            broken[organisation_id] = (
                f"organisation {organisation_id}: the chain ends at link {found.seq if found else 0}, "
                f"but link {kept.seq} was kept: the tail was cut off"
            )
    unsealed, too_long, orphaned = _unsealed()
    for organisation_id, event_id in orphaned:
        broken.setdefault(
            organisation_id,
            f"organisation {organisation_id}: event {event_id} has neither a seal nor a place in the queue",
        )
    return Verdict(
        count,
        tuple(heads[key] for key in sorted(heads)),
        tuple(broken[key] for key in sorted(broken)),
        unsealed,
        too_long,
    )


def _chain() -> Iterator[tuple[int, int, str, bytes, bytes, bytes | None]]:
    with transaction.atomic(using="jobs"):
        connection = connections["jobs"]
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                """
                select s.organisation_id, s.seq, s.event_id, s.previous, s.sha256,
                       case when e.id is null then null else goldthread_event_bytes(e) end
                from journal_eventseal s left join journal_event e on e.id = s.event_id
                order by s.organisation_id, s.seq
                """
            )
            while rows := cursor.fetchmany(2000):
                for organisation_id, seq, event_id, previous, sealed, content in rows:
                    plain = None if content is None else bytes(content)
                    yield organisation_id, seq, str(event_id), bytes(previous), bytes(sealed), plain


def _unsealed() -> tuple[int, int, list[tuple[int, str]]]:
    with connections["jobs"].cursor() as cursor:
        cursor.execute(
            "select count(*), count(*) filter (where since < goldthread_now() - %s) from journal_unsealedevent",
            [UNSEALED_ALARM],
        )
        unsealed, too_long = cursor.fetchone()
        cursor.execute(
            """
            select e.organisation_id, e.id from journal_event e
            where not exists (select from journal_eventseal s where s.event_id = e.id)
              and not exists (select from journal_unsealedevent q where q.event_id = e.id)
            order by 1, 2 limit 20
            """
        )
        return unsealed, too_long, [(row[0], str(row[1])) for row in cursor.fetchall()]
