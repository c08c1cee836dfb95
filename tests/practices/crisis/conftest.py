"""A response on the small system: people act one after another, time passes, the sweeper runs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models, transaction

from goldthread.practices.crisis import actions
from goldthread.record import sweeper
from goldthread.record.actions import schemes
from goldthread.record.models import Clock
from tests.record.conftest import committed, committed_database  # noqa: F401  (fixtures)

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)

#: Whoever manages the division decides everything; while authority is devolved, whoever manages the ward decides practice. The chief
#: executive declares it.
SCHEME = """
[attributes.subject]
type = "enum"
values = ["practice", "staffing", "crisis"]
[attributes.mode]
type = "enum"
values = ["normal", "devolved"]
default = "normal"
derived = "mode"
[deciders.ward]
role = "unit_manager"
level = "team"
[deciders.division]
role = "unit_manager"
level = "division"
[deciders.chief]
role = "unit_manager"
level = "organisation"
[[rule]]
id = "declaring"
priority = 1
when = { subject = "crisis" }
then = { decider = "chief", method = "alone", within_days = 1 }
[[rule]]
id = "devolved"
priority = 2
specialises = ["usual"]
when = { subject = "practice", mode = "devolved" }
then = { decider = "ward", method = "alone", within_days = 21 }
[[rule]]
id = "staffing"
priority = 3
specialises = ["usual"]
when = { subject = "staffing" }
then = { decider = "ward", method = "alone", within_days = 7 }
[[rule]]
id = "usual"
priority = 9
specialises = ["declaring"]
when = {}
then = { decider = "division", method = "alone", within_days = 14 }
"""


def _as_application(value: Any) -> Any:
    """A row that the owner read, read again as the application does."""
    owners = isinstance(value, models.Model) and value._state.db == "owner"
    return (type(value).objects.filter(pk=value.pk).first() or value) if owners else value


class Stage:
    """The committed small system with hands: `do` acts as somebody now, `read` asks as somebody now, `wait_until` lets time pass."""

    def __init__(self, system: SimpleNamespace) -> None:
        self.system = system
        system.jump(AT)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.system, name)

    def do(self, person: Any, action: Callable[..., Any], /, **how: Any) -> Any:
        with transaction.atomic():
            at = self.system.now()
            by = self.system.viewer(person, at)
            return action(by=by, at=at, **{name: _as_application(value) for name, value in how.items()})

    def read(self, person: Any, query: Callable[..., Any], /, **how: Any) -> Any:
        with transaction.atomic():
            return query(viewer=self.system.viewer(person, self.system.now()), **how)

    def kept(self, row: Any) -> Any:
        """A row as it is now, read by the owner."""
        return type(row).objects.using("owner").get(id=row.id)

    def all(self, model: Any, **which: Any) -> Any:
        return model.objects.using("owner").filter(**which)

    def wait_until(self, moment: datetime, *, sweep: bool = True) -> None:
        self.system.jump(moment)
        while sweep and sweeper.sweep():
            pass
        failed = list(self.all(Clock, attempts__gt=0).values_list("purpose", "last_error"))
        assert not failed

    def scheme_in_force(self) -> None:
        def put(by: Any, at: datetime) -> None:
            scheme = schemes.draft_scheme(by=by, at=at, title="Small", text=SCHEME)
            schemes.bring_into_force(
                scheme=scheme, unit=self.root, from_day=at.date(), at=at, decision=None, actor=by.acting_as()
            )

        self.do(self.chief, put)

    def declared(self, days: int = 7, **more: Any) -> Any:
        """Temporary delegated authority at Ward 7, declared by the chief executive."""
        return self.do(self.chief, actions.declare, unit=self.ward7, channel="Incident room", why="A wave of infections",
                       ends_at=AT + timedelta(days=days), decide_now=True, **more)  # fmt: skip

    def raised(self, person: Any, **more: Any) -> Any:
        how = {"title": "Two bays become one", "need": "Four more beds", "need_on": date(2026, 6, 14), "attributes": {"subject": "practice"}}  # fmt: skip
        return self.do(person, actions.raise_reconfiguration, unit=self.ward7, **{**how, **more})


@pytest.fixture
def stage(committed: SimpleNamespace) -> Stage:  # noqa: F811
    return Stage(committed)


@pytest.fixture
def governed(stage: Stage) -> Stage:
    """The same with a scheme of delegation in force."""
    stage.scheme_in_force()
    return stage
