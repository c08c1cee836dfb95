"""Anything in any order: people raise, seal, ask, say, reply, put, object, decide, hand on, step back, leave and correct; authority
is given and ends; time runs out; questions join, are withdrawn, superseded and looked back on. What must always hold, always does.
"""

import os
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import uuid4

from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from goldthread.journal import clock, scope
from goldthread.journal.events import SYSTEM
from goldthread.journal.models import Event
from goldthread.organisation.access import NotAllowed, NotFound, viewer_of
from goldthread.organisation.models import Person
from goldthread.record import practice
from goldthread.record.actions import bodies, decisions, hearings, modes, rounds, schemes
from goldthread.record.errors import Refused
from goldthread.record.models import (
    Ballot,
    Clarification,
    Clock,
    Decision,
    Hearing,
    Mode,
    Position,
    Reevaluation,
    Round,
    SealedView,
    Seat,
    Submission,
)
from goldthread.record.practice import DecisionKind, Practice
from goldthread.record.queries.decisions import without_decider_or_clock
from goldthread.record.refs import Ref

SCHEME = """
[attributes.subject]
type = "enum"
values = ["practice", "policy", "vote", "sharing", "joint"]
default = "practice"
[attributes.cost]
type = "int"
min = 0
default = 0
derived = "cost_12_months"
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
[deciders.staff]
role = "member"
level = "team"
[deciders.forum]
body = "forum"
[[ladder]]
decider = "division"
within_days = 7
[[ladder]]
decider = "chief"
within_days = 7
[[rule]]
id = "devolved"
priority = 1
specialises = ["ward", "advice", "chief", "consent", "vote", "keys", "joint"]
when = { mode = { in = ["devolved"] } }
then = { decider = "ward", method = "alone", within_days = 1 }
[[rule]]
id = "consent"
priority = 2
specialises = ["ward", "advice", "chief"]
when = { subject = { in = ["policy"] } }
then = { decider = "forum", method = "consent", within_days = 9, on_expiry = "ladder" }
[[rule]]
id = "vote"
priority = 3
specialises = ["ward", "advice", "chief"]
when = { subject = { in = ["vote"] } }
then = { decider = "forum", method = "majority", quorum = 2, within_days = 9, ballot = "secret", silence = "lapses" }
[[rule]]
id = "keys"
priority = 4
specialises = ["ward", "advice", "chief"]
when = { subject = { in = ["sharing"] } }
then = { decider = "division", method = "two-key", second = "chief", within_days = 5 }
[[rule]]
id = "joint"
priority = 5
specialises = ["ward", "advice", "chief"]
when = { subject = { in = ["joint"] } }
then = { decider = "chief", method = "joint", within_days = 6, on_expiry = "ladder" }
[[rule]]
id = "ward"
priority = 6
when = { cost = [0, 999] }
then = { decider = "ward", method = "alone", within_days = 3, silence = "consents" }
[[rule]]
id = "advice"
priority = 7
when = { cost = [1000, 9999] }
then = { decider = "division", method = "advice", within_days = 6, consult = ["staff"] }
[[rule]]
id = "chief"
priority = 8
when = { cost = [10000, "*"] }
then = { decider = "chief", method = "alone", within_days = 4 }
"""
PEOPLE = ("nurse", "manager", "deputy", "head", "chief", "porter", "coach")
PROSE = "Quicksilver"
ROUNDS = int(os.environ.get("GOLDTHREAD_FAULT_ROUNDS", "2"))
who = st.sampled_from(PEOPLE)
some = st.integers(0, 1000)


class Deciding(RuleBasedStateMachine):
    """One example is one transaction, undone at its end; what people may not do is refused and changes nothing."""

    system: ClassVar[SimpleNamespace]
    jump: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.jump(clock.now(using="owner"))  # each example begins now
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = self._now()
        self.outcomes: dict[Any, Any] = {}
        chief = self._viewer("chief")
        body = bodies.make_body(
            by=chief,
            at=self.at,
            unit=self.system.root,
            slug="forum",
            title="Forum",
            kind="forum",
            rights="decides",
            purpose=PROSE,
        )
        for name in ("chief", "nurse", "manager"):
            bodies.seat(
                by=chief,
                at=self.at,
                body=body,
                person=getattr(self.system, name),
                place="chair" if name == "chief" else "member",
            )
        made = schemes.draft_scheme(by=chief, at=self.at, title="Trial", text=SCHEME)
        schemes.bring_into_force(
            scheme=made, unit=self.system.root, from_day=date(2020, 1, 1), at=self.at, decision=None, actor=SYSTEM
        )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def _now(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("select goldthread_now()")
            return cursor.fetchone()[0]

    def _viewer(self, name: str) -> Any:
        person = getattr(self.system, name)
        found = viewer_of(person.organisation_id, person.id, self.at)
        if found is None:
            raise Refused("has left")
        return found

    def do(self, name: str, action: Any, **how: Any) -> Any:
        """What a person does; a refusal is an answer, anything else is a fault."""
        self.at = self._now()
        try:
            with transaction.atomic():
                done = action(by=self._viewer(name), at=self.at, **how)
                self._check_now()
                return done
        except (Refused, NotFound, NotAllowed):
            return None
        finally:
            scope.enter(self.system.trust.id)

    def _check_now(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")

    def pick(self, model: Any, number: int, **which: Any) -> Any:
        found = list(model.objects.filter(organisation_id=self.system.trust.id, **which).order_by("id"))
        return found[number % len(found)] if found else None

    @rule(
        by=who,
        subject=st.sampled_from(["practice", "policy", "vote", "sharing", "joint"]),
        cost=st.sampled_from([0, 500, 999, 1500, 20000]),
    )
    def raise_it(self, by, subject, cost):
        others = [self.system.other.id] if subject == "joint" else []
        self.do(by, decisions.raise_decision, kind="try_it", about=Ref("trial", "thing", uuid4()), unit=self.system.ward7, question=f"{PROSE}?",
                attributes={"subject": subject, "cost": cost}, organisations=others)  # fmt: skip

    @rule(by=who, number=some, outcome=st.sampled_from(["agreed", "declined"]))
    def seal_and_ask(self, by, number, outcome):
        decision = self.pick(Decision, number, state="open")
        if decision:
            self.do(
                by,
                hearings.open_hearing,
                decision=decision,
                question=PROSE,
                closes_at=self.at + timedelta(days=2),
                view=outcome,
                confidence="low",
            )

    @rule(by=who, number=some, stance=st.sampled_from(["for", "against", "change"]))
    def say(self, by, number, stance):
        hearing = self.pick(Hearing, number)
        if hearing:
            decision = Decision.objects.get(id=hearing.decision_id)

            def say_for_mine(*, by, at):
                mine = hearings.parties_of(by, decision)
                if mine:
                    hearings.say(by=by, at=at, decision=decision, party=mine[0], stance=stance, text=PROSE)

            self.do(by, say_for_mine)

    @rule(by=who, number=some)
    def reply(self, by, number):
        said = self.pick(Submission, number)
        if said:
            self.do(by, hearings.reply, submission=said, text=PROSE)

    @rule(by=who, number=some)
    def close_hearing(self, by, number):
        hearing = self.pick(Hearing, number)
        if hearing:
            self.do(by, hearings.close_hearing, decision=Decision.objects.get(id=hearing.decision_id))

    @rule(by=who, number=some, outcome=st.sampled_from(["agreed", "declined"]))
    def put(self, by, number, outcome):
        decision = self.pick(Decision, number, state="open", method__in=("consent", "majority", "two-key", "joint"))
        if decision:
            answers = {row["seat_id"]: PROSE for row in rounds.seats_of(decision) if row["said"] == "object"}
            self.do(
                by, rounds.put_round, decision=decision, outcome=outcome, text=PROSE, reason=PROSE, integrated=answers
            )

    @rule(by=who, number=some)
    def ask_and_answer_questions(self, by, number):
        seat = self.pick(Seat, number, state="active")
        if seat:
            self.do(by, rounds.ask_for_clarity, seat=seat, question=PROSE)
            asked = self.pick(Clarification, number, answered_at__isnull=True)
            if asked:
                self.do(
                    "chief",
                    rounds.answer_clarity,
                    decision=Decision.objects.get(id=asked.round.decision_id),
                    clarification=asked,
                    answer=PROSE,
                )

    @rule(by=who, number=some)
    def ask_for_positions(self, by, number):
        one = self.pick(Round, number, stage="clarify")
        if one:
            self.do(by, rounds.ask_for_positions, decision=Decision.objects.get(id=one.decision_id))

    @rule(
        by=who,
        number=some,
        said=st.sampled_from(["consent", "stand_aside", "object", "for", "against", "abstain", "sign", "refuse"]),
    )
    def take_position(self, by, number, said):
        one = self.pick(Round, number, stage="respond")
        seat = self.pick(Seat, number, state="active", **({"decision_id": one.decision_id} if one else {}))
        if seat:
            self.do(by, rounds.take_position, seat=seat, said=said, reason=PROSE)

    @rule(number=some, said=st.sampled_from(["consent", "object"]))
    def the_other_organisation_speaks(self, number, said):
        decision = self.pick(Decision, number, state="open", method="joint")
        if decision:

            def speak(*, by, at):
                seat = Seat.objects.filter(
                    organisation_id=self.system.other.id, decision_id=decision.id, state="active"
                ).first()
                if seat:
                    rounds.take_position(by=by, at=at, seat=seat, said=said, reason=PROSE)

            self.do("stranger", speak)

    @rule(by=who, number=some)
    def take_back(self, by, number):
        position = self.pick(Position, number, withdrawn_at__isnull=True)
        if position:
            self.do(by, rounds.withdraw_position, seat=Seat.objects.get(id=position.seat_id))

    @rule(by=who, number=some, outcome=st.sampled_from(["agreed", "declined"]))
    def decide(self, by, number, outcome):
        decision = self.pick(Decision, number)
        if decision:
            may = {person for person, _ in decisions.common.deciders(decision.id)}
            before = decision.state
            taken = self.do(by, decisions.decide, decision=decision, outcome=outcome, reason=PROSE, expects=PROSE)
            assert taken is None or (before == "open" and getattr(self.system, by).id in may)

    @rule(by=who, number=some, to=who)
    def hand_on(self, by, number, to):
        decision = self.pick(Decision, number)
        if decision:
            self.do(by, decisions.delegate, decision=decision, to=Person.objects.get(id=getattr(self.system, to).id))

    @rule(by=who, number=some)
    def step_back(self, by, number):
        decision = self.pick(Decision, number, state="open")
        if decision:
            self.do(by, decisions.recuse, decision=decision, interest=PROSE)

    @rule(by=who, number=some, cost=st.sampled_from([0, 1500, 20000]))
    def correct(self, by, number, cost):
        decision = self.pick(Decision, number)
        if decision:
            self.do(by, decisions.facts_changed, decision=decision, attributes={"cost": cost})

    @rule(number=some, into=some, by=who)
    def join(self, number, into, by):
        first, second = self.pick(Decision, number), self.pick(Decision, into)
        if first:
            self.do(by, decisions.merge, decision=first, into=second)

    @rule(by=who, number=some)
    def withdraw(self, by, number):
        decision = self.pick(Decision, number)
        if decision:
            self.do(by, decisions.withdraw, decision=decision)

    @rule(by=who, number=some)
    def supersede(self, by, number):
        decision = self.pick(Decision, number, state="decided")
        if decision:
            self.do(
                by,
                decisions.raise_decision,
                kind="try_it",
                about=Ref("trial", "thing", uuid4()),
                unit=self.system.ward7,
                question=PROSE,
                supersedes=decision,
            )

    @rule(by=who, number=some)
    def look_back(self, by, number):
        decision = self.pick(Decision, number)
        if decision:
            self.do(by, decisions.look_back, decision=decision, happened=PROSE, verdict="partly")

    @rule(days=st.integers(1, 6))
    def give_authority(self, days):
        self.do("chief", lambda *, by, at: modes.start_mode(by_person=by.person_id, at=at, unit=self.system.root, mode="devolved", incident_level=2,
                                                            channel="desk", starts_at=at, ends_at=at + timedelta(days=days), decision=None))  # fmt: skip

    @rule(number=some)
    def end_authority(self, number):
        mode = self.pick(Mode, number, ended_at__isnull=True)
        if mode:
            self.do("chief", lambda *, by, at: modes.end_mode(mode=mode, at=at, because="over"))

    @rule(name=st.sampled_from(["nurse", "manager", "deputy", "porter"]))
    def somebody_leaves(self, name):
        Person.objects.filter(id=getattr(self.system, name).id).update(left_on=self.at.date())

    @rule(days=st.sampled_from([0.5, 1, 3, 10]), sweeps=st.booleans())
    def time_passes(self, days, sweeps):
        self.jump(self._now() + timedelta(days=days))
        self.at = self._now()
        for due in (
            Clock.objects.filter(organisation_id=self.system.trust.id, state="pending", due_at__lte=self.at).order_by(
                "due_at"
            )
            if sweeps
            else ()
        ):
            Clock.objects.filter(id=due.id).update(state="fired", fired_at=self.at)
            handler = {
                "decision_due": lambda about: decisions.time_is_up(decision_id=about, at=self.at, using="default"),
                "hearing_closes": lambda about: hearings.hearing_closes(decision_id=about, at=self.at, using="default"),
                "round_closes": lambda about: rounds.round_closes(round_id=about, at=self.at, using="default"),
            }.get(due.purpose)
            if handler and Clock.objects.get(id=due.id).state == "fired":
                handler(due.about_id)
            self._check_now()

    @invariant()
    def everything_open_has_somebody_and_a_clock(self):
        scope.enter(self.system.trust.id)
        assert without_decider_or_clock() == []

    @invariant()
    def what_ended_stays_as_it_ended(self):
        for row in Decision.objects.exclude(state="open"):
            now = (row.state, row.outcome, row.decided_at, row.decided_by_id, row.reason, row.scheme_version, row.rule)
            assert self.outcomes.setdefault(row.id, now) == now
            if row.state == "decided":
                assert row.outcome
                assert row.scheme_version == 1
        assert not Round.objects.exclude(stage="closed").exclude(decision__state="open").exists()

    @invariant()
    def a_view_opens_only_by_deciding(self):
        assert not SealedView.objects.filter(opened_at__isnull=False, decision__state="open").exists()

    @invariant()
    def nobody_is_counted_twice(self):
        for one in Round.objects.filter(stage="closed", decision__secret_ballot=True):
            assert Ballot.objects.filter(round=one).count() <= Position.objects.filter(round=one, said="voted").count()

    @invariant()
    def changed_facts_keep_both(self):
        for row in Reevaluation.objects.all():
            assert row.before["attributes"] is not None
            assert row.after["rule"]

    @invariant()
    def the_journal_holds_no_words(self):
        assert not Event.objects.filter(data__icontains=PROSE).exists()


def test_whatever_people_do_in_whatever_order(committed, monkeypatch):
    trial = Practice(
        slug="trial", title="Trial", describe=lambda refs, viewer, using="default": {}, points=lambda *_: (), claims=lambda *_: (),
        decisions=(DecisionKind("try_it", "Try something", {"agreed": "Yes", "declined": "No"}, frozenset({"agreed"})),),
    )  # fmt: skip
    monkeypatch.setitem(practice._REGISTERED, "trial", trial)
    monkeypatch.setattr(Deciding, "system", committed, raising=False)
    monkeypatch.setattr(Deciding, "jump", staticmethod(committed.jump), raising=False)
    run_state_machine_as_test(
        Deciding,
        settings=settings(
            max_examples=8 * ROUNDS, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
