"""A stage on the committed small system: people act one after another under a scheme of delegation, time passes, the sweeper runs."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.types.range import DateRange

from goldthread.journal import scope
from goldthread.organisation.models import RoleHeld
from goldthread.record import practice, sweeper
from goldthread.record.actions import bodies, decisions, rounds, schemes
from goldthread.record.models import Body, Clock, Decision, Notice, Seat
from goldthread.record.practice import DecisionKind, Practice
from goldthread.record.refs import Ref

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)

ATTRIBUTES = """
[attributes.subject]
type = "enum"
values = ["practice", "staffing", "estate"]
default = "practice"
[deciders.ward]
role = "unit_manager"
level = "team"
[deciders.division]
role = "unit_manager"
level = "division"
[deciders.chief]
role = "unit_manager"
level = "organisation"
"""
FORUM = """
[deciders.forum]
body = "forum"
"""


def scheme(*rules: str, more: str = "", ladder: Sequence[str] = ()) -> str:
    """A scheme as text: rules as `id | when | then`, tried in this order, each narrower than those after it; steps of the ladder as
    `decider | days`."""
    split = [[part.strip() for part in rule.split("|")] for rule in rules]
    lines = [ATTRIBUTES, more]
    for number, (name, when, then) in enumerate(split, start=1):
        after = ", ".join(f'"{later[0]}"' for later in split[number:])
        lines.append(
            f'[[rule]]\nid = "{name}"\nclause = "{number}"\npriority = {number}\nspecialises = [{after}]\n'
            f"when = {{ {when} }}\nthen = {{ {then} }}"
        )
    for step in ladder:
        name, days = (part.strip() for part in step.split("|"))
        lines.append(f'[[ladder]]\ndecider = "{name}"\nwithin_days = {days}')
    if any('"forum"' in line for line in lines):
        lines.insert(1, FORUM)
    return "\n".join(lines) + "\n"


def everything(then: str, **more: Any) -> str:
    """A scheme with one rule for every question."""
    return scheme(f"all | | {then}", **more)


class Stage:
    """The committed small system with hands. Everything happens at `now()`, and is committed."""

    def __init__(self, system: SimpleNamespace) -> None:
        self.system = system
        self.decided: list[Any] = []
        self.lapsed: list[Any] = []
        system.jump(AT)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.system, name)

    def do(self, person: Any, action: Callable[..., Any], /, **how: Any) -> Any:
        """What a person does now, in one transaction."""
        with transaction.atomic():
            at = self.system.now()
            return action(by=self.system.viewer(person, at), at=at, **how)

    def read(self, person: Any, query: Callable[..., Any], /, **how: Any) -> Any:
        """What a person reads now."""
        with transaction.atomic():
            return query(viewer=self.system.viewer(person, self.system.now()), **how)

    def all(self, model: Any, **which: Any) -> Any:
        """Rows as they are now, of every organisation, read by the owner."""
        return model.objects.using("owner").filter(**which)

    def one(self, model: Any, **which: Any) -> Any:
        """The newest such row, to be acted on."""
        found = self.all(model, **which).latest("id")
        found._state.db = "default"
        return found

    def kept(self, row: Any) -> Any:
        """A row as it is now."""
        return self.one(type(row), id=row.id)

    def wait(self, days: float = 0, *, to: datetime | None = None, sweep: bool = True) -> None:
        """Let time pass; what falls due happens, unless nothing sweeps."""
        self.system.jump(to or self.system.now() + timedelta(days=days))
        while sweep and sweeper.sweep():
            pass
        assert not list(self.all(Clock, attempts__gt=0).values_list("purpose", "last_error"))

    def in_force(self, text: str, unit: Any = None, from_day: date | None = None) -> Any:
        """Bring a scheme into force."""

        def put(by: Any, at: datetime) -> Any:
            made = schemes.draft_scheme(by=by, at=at, title="Trial", text=text)
            schemes.bring_into_force(scheme=made, unit=unit or self.root, from_day=from_day or at.date(), at=at, decision=None,
                                     actor=by.acting_as())  # fmt: skip
            return made

        return self.do(self.chief, put)

    def raised(
        self, by: Any = None, unit: Any = None, organisations: Sequence[Any] = (), **attributes: Any
    ) -> Decision:
        """A question that somebody raises: the nurse of Ward 7, where nothing else is said."""
        return self.do(
            by or self.nurse, decisions.raise_decision, kind="try_it", about=Ref("trial", "thing", uuid4()),
            unit=unit or self.ward7, question="Shall we?", attributes=attributes,
            organisations=[one.id for one in organisations],
        )  # fmt: skip

    def decide(self, person: Any, decision: Any, outcome: str = "agreed", **more: Any) -> Decision:
        return self.do(person, decisions.decide, decision=decision, outcome=outcome, reason="It helps", **more)

    def may(self, person: Any, decision: Any) -> bool:
        with transaction.atomic():
            return decisions.may_decide(self.system.viewer(person, self.system.now()), self.kept(decision))

    def told(self, kind: str, about: Any = None) -> set[Any]:
        """Who was told of something, by id."""
        rows = self.all(Notice, kind=kind, **({"about_id": about.id} if about else {}))
        return set(rows.values_list("person_id", flat=True))

    def forum(self, *people: Any, chair: Any = None, **more: Any) -> Body:
        """A body called `forum` with these members; its chair is the chief executive unless another is named."""
        made = self.do(self.chief, bodies.make_body, unit=self.root, **{
            "slug": "forum", "title": "The forum", "kind": "forum", "rights": "decides", "purpose": "To decide together", **more,
        })  # fmt: skip
        for person in people:
            place = "chair" if person == (chair or self.chief) else "member"
            self.do(self.chief, bodies.seat, body=made, person=person, place=place)
        return made

    def holds(self, person: Any, role: str, unit: Any) -> None:
        """Give somebody a role, long since."""
        RoleHeld.objects.using("owner").create(
            organisation_id=person.organisation_id, person_id=person.id, unit_id=unit.key, role=role, period=DateRange(date(2025, 1, 1), None)
        )  # fmt: skip

    def gives_up(self, person: Any, role: str) -> None:
        """Take all a person's roles of a kind away, long since."""
        self.all(RoleHeld, person_id=person.id, role=role).delete()

    def leaves(self, person: Any) -> None:
        """Somebody stops working here today."""
        type(person).objects.using("owner").filter(id=person.id).update(left_on=self.now().date())

    def put(self, person: Any, decision: Any, **more: Any) -> Any:
        how = {"outcome": "agreed", "text": "We buy two", "reason": "They are needed", **more}
        return self.do(person, rounds.put_round, decision=decision, **how)

    def seat_of(self, person: Any, decision: Any) -> Seat:
        return self.one(Seat, decision_id=decision.id, person_id=person.id)

    def says(self, person: Any, decision: Any, said: str, reason: str = "") -> str:
        """A member takes a position; returns what the round has come to."""
        found: str = self.do(
            person, rounds.take_position, seat=self.seat_of(person, decision), said=said, reason=reason
        )
        return found

    def refuses(self, sql: str, *values: Any, match: str, organisation: Any = None) -> None:
        """The database refuses the application role, whatever the application does."""
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            self.sql(sql, *values, organisation=organisation)

    def sql(self, statement: str, *values: Any, organisation: Any = None) -> list[Any]:
        """As the application role, in the scope of an organisation (the first trust)."""
        with transaction.atomic():
            scope.enter((organisation or self.trust).id)
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []


@pytest.fixture
def stage(committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The stage, with a practice called `trial` that notes what it is told: `stage.decided`, `stage.lapsed`."""
    found = Stage(committed)
    trial = Practice(
        slug="trial", title="Trial", describe=lambda refs, viewer, using="default": {}, points=lambda *_: (), claims=lambda *_: (),
        decisions=(
            DecisionKind("try_it", "Try something", {"agreed": "Yes", "declined": "No"}, frozenset({"agreed"})),
            DecisionKind("stop_it", "Stop something", {"stopped": "Stop", "kept": "Go on"}),
        ),
        on_decided=lambda decision: found.decided.append((decision.id, decision.outcome)),
        on_lapsed=lambda decision, using: found.lapsed.append(decision.id),
    )  # fmt: skip
    monkeypatch.setitem(practice._REGISTERED, "trial", trial)
    return found
