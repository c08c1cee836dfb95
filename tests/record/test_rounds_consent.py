"""Deciding by consent: a proposal with a frozen text, questions first, then each seat takes a position, once."""

from datetime import timedelta

import pytest

from goldthread.journal.models import Event
from goldthread.record.actions import bodies, decisions, rounds
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import BodySeat, Clarification, Clock, Position, Round, Seat
from goldthread.record.queries import decisions as reading
from tests.record.consent import all_consent, by_consent, object_to, respond
from tests.record.stage import everything


@pytest.fixture
def raised(stage):
    return by_consent(stage)


def test_every_member_has_a_seat_and_is_told(stage, raised):
    seats = stage.all(Seat, decision_id=raised.id)
    assert {seat.label for seat in seats} == {"Ewan Grant", "Dilys Morgan", "Gwen Hill", "Farid Aziz"}
    assert stage.told("seat_yours") == {stage.chief.id, stage.head.id, stage.coach.id, stage.porter.id}
    assert [one.question for one in stage.read(stage.porter, reading.my_seats)] == ["Shall we?"]
    assert stage.read(stage.manager, reading.my_seats) == []


def test_two_members_of_one_name_have_two_seats(stage):
    type(stage.porter).objects.using("owner").filter(id=stage.porter.id).update(name=stage.coach.name)
    decision = by_consent(stage)
    assert {seat.person_id for seat in stage.all(Seat, decision_id=decision.id)} == {stage.chief.id, stage.head.id, stage.coach.id, stage.porter.id}  # fmt: skip


def test_all_consent_and_it_is_decided(stage, raised):
    made = respond(stage, raised, expects="Fewer waits", look_back_on=stage.now().date() + timedelta(days=60))
    assert all_consent(stage, raised) == ["open", "open", "open", "carried"]
    found = stage.kept(raised)
    assert (found.state, found.outcome, found.reason, found.decided_as, found.decided_by_id) == ("decided", "agreed", "They are needed", "carried", None)  # fmt: skip
    assert (found.expects, found.look_back_on) == (made.expects, made.look_back_on)
    assert stage.decided == [(raised.id, "agreed")]
    assert stage.kept(made).result == "carried"
    assert set(stage.all(Clock, state="pending").values_list("purpose", flat=True)) == {"look_back"}
    assert stage.nurse.id in stage.told("decision_taken", raised)


def test_nobody_decides_it_alone(stage, raised):
    with pytest.raises(Refused, match="decided by consent: put a proposal to everybody who has a seat"):
        stage.decide(stage.chief, raised)
    raw = "update record_decision set state = 'decided', outcome = 'agreed', reason = 'x', decided_as = %s, decided_by_id = %s, decided_at = goldthread_now() where id = %s"  # fmt: skip
    stage.refuses(raw, "chair", stage.chief.id, raised.id, match="decided together")
    stage.refuses(raw, "carried", None, raised.id, match="no round carries this")
    stage.refuses(raw, "silence", None, raised.id, match="silence is no answer")
    respond(stage, raised)
    all_consent(stage, raised, stage.chief, stage.head)
    stage.refuses(raw, "carried", None, raised.id, match="no round carries this")


def test_the_outcome_is_the_one_that_was_proposed(stage, raised):
    respond(stage, raised, outcome="declined")
    all_consent(stage, raised)
    assert stage.kept(raised).outcome == "declined"


def test_only_whoever_leads_it_puts_a_proposal(stage, raised):
    for person in (stage.head, stage.coach, stage.manager):
        with pytest.raises(NotYours, match="chair of The forum"):
            stage.put(person, raised)


def test_the_deputy_leads_it_as_well(stage):
    decision = by_consent(stage, deputy=stage.deputy)
    stage.put(stage.deputy, decision)
    assert stage.told("round_put") == {stage.chief.id, stage.head.id, stage.coach.id, stage.porter.id, stage.deputy.id}


def test_a_proposal_has_an_outcome_a_text_and_a_reason(stage, raised):
    for given in ({"outcome": "perhaps"}, {"text": " "}, {"reason": ""}, {"look_back_on": stage.now().date()}):
        with pytest.raises(Invalid) as caught:
            stage.put(stage.chief, raised, **given)
        assert caught.value.field == next(iter(given))
    assert not stage.all(Round, decision_id=raised.id).exists()


def test_one_proposal_at_a_time(stage, raised):
    stage.put(stage.chief, raised)
    with pytest.raises(Refused, match="before the seats already"):
        stage.put(stage.chief, raised, text="We buy three")


def test_what_one_person_decides_is_put_to_nobody(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'))
    with pytest.raises(Refused, match="nobody to put it to"):
        stage.put(stage.manager, stage.raised())


def test_questions_come_first_and_are_answered(stage, raised):
    made = stage.put(stage.chief, raised)
    with pytest.raises(Refused, match="Questions come first"):
        stage.says(stage.head, raised, "consent")
    asked = stage.do(stage.head, rounds.ask_for_clarity, seat=stage.seat_of(stage.head, raised), question="Who pays?")
    assert stage.told("clarity_asked", raised) == {stage.chief.id}
    with pytest.raises(Refused, match="1 question is not answered yet"):
        stage.do(stage.chief, rounds.ask_for_positions, decision=raised)
    with pytest.raises(NotYours):
        stage.do(stage.head, rounds.answer_clarity, decision=raised, clarification=asked, answer="We do")
    stage.do(stage.chief, rounds.answer_clarity, decision=raised, clarification=asked, answer="The division")
    with pytest.raises(AlreadyEnded, match="answered already"):
        stage.do(stage.chief, rounds.answer_clarity, decision=raised, clarification=asked, answer="The trust")
    assert stage.one(Clarification, round_id=made.id).answer == "The division"
    stage.do(stage.chief, rounds.ask_for_positions, decision=raised)
    with pytest.raises(AlreadyEnded, match="taken already"):
        stage.do(stage.chief, rounds.ask_for_positions, decision=raised)
    with pytest.raises(Refused, match="object with your question"):
        stage.do(stage.head, rounds.ask_for_clarity, seat=stage.seat_of(stage.head, raised), question="And when?")
    assert stage.told("positions_asked") == {stage.chief.id, stage.head.id, stage.coach.id, stage.porter.id}


def test_a_question_is_asked_for_ones_own_seat(stage, raised):
    stage.put(stage.chief, raised)
    with pytest.raises(NotYours):
        stage.do(stage.nurse, rounds.ask_for_clarity, seat=stage.seat_of(stage.head, raised), question="Who pays?")


def test_nobody_takes_a_position_for_somebody_else(stage, raised):
    respond(stage, raised)
    for person in (stage.nurse, stage.coach, stage.stranger):
        with pytest.raises(NotYours, match="Only whoever speaks for Dilys Morgan"):
            stage.do(person, rounds.take_position, seat=stage.seat_of(stage.head, raised), said="consent")


def test_a_seat_says_only_what_the_method_knows(stage, raised):
    respond(stage, raised)
    for said in ("for", "abstain", "sign", "voted", ""):
        with pytest.raises(Invalid):
            stage.says(stage.head, raised, said)


def test_an_objection_has_a_reason(stage, raised):
    respond(stage, raised)
    with pytest.raises(Invalid) as caught:
        stage.says(stage.head, raised, "object", "  ")
    assert caught.value.field == "reason"
    seat = stage.seat_of(stage.head, raised)
    one = stage.one(Round, decision_id=raised.id)
    stage.refuses("insert into record_position (id, organisation_id, seat_id, round_id, said, at) values (gen_random_uuid(), %s, %s, %s, 'object', now())",
                  stage.trust.id, seat.id, one.id, match="objection_has_a_reason")  # fmt: skip


def test_a_position_is_taken_once_and_may_be_taken_back(stage, raised):
    respond(stage, raised)
    stage.says(stage.head, raised, "consent")
    with pytest.raises(AlreadyEnded, match=r"Dilys Morgan has taken a position already\. Withdraw it first"):
        stage.says(stage.head, raised, "object", "No")
    seat = stage.seat_of(stage.head, raised)
    with pytest.raises(NotYours):
        stage.do(stage.coach, rounds.withdraw_position, seat=seat)
    stage.do(stage.head, rounds.withdraw_position, seat=seat)
    with pytest.raises(Refused, match="no position to take back"):
        stage.do(stage.head, rounds.withdraw_position, seat=seat)
    stage.says(stage.head, raised, "object", "Who carries it?")
    assert [one.withdrawn_at is None for one in stage.all(Position, seat_id=seat.id).order_by("at")] == [False, True]


def test_a_position_is_never_rewritten(stage, raised):
    respond(stage, raised)
    stage.says(stage.head, raised, "consent")
    stage.refuses("update record_position set said = 'object', reason = 'x'", match="a position is not rewritten")
    stage.refuses("delete from record_position", match="permission denied")


def test_the_text_is_frozen(stage, raised):
    made = stage.put(stage.chief, raised)
    for change in ("text = 'x'", "outcome = 'declined'", "reason = 'x'", "closes_at = opened_at", "number = 9"):
        stage.refuses(f"update record_round set {change} where id = %s", made.id, match="frozen")
    stage.do(stage.chief, rounds.ask_for_positions, decision=raised)
    all_consent(stage, raised)
    stage.refuses("update record_round set result = 'lost' where id = %s", made.id, match="frozen")
    stage.refuses("delete from record_round", match="permission denied")


def test_a_round_that_is_over_takes_no_more_positions_even_if_nothing_sweeps(stage, raised):
    made = respond(stage, raised, days=3)
    all_consent(stage, raised, stage.chief, stage.head, stage.coach)
    stage.wait(to=made.closes_at + timedelta(minutes=1), sweep=False)
    with pytest.raises(AlreadyEnded, match="time to answer this proposal is over"):
        stage.says(stage.porter, raised, "object", "Too late")
    assert not stage.all(Position, said="object").exists()


def test_a_member_who_leaves_is_not_waited_for(stage, raised):
    made = respond(stage, raised)
    all_consent(stage, raised, stage.chief, stage.head)
    stage.leaves(stage.porter)
    assert stage.says(stage.coach, raised, "consent") == "carried"
    assert stage.kept(made).result == "carried"


def test_the_objection_of_a_member_who_left_the_body_stands_no_more(stage, raised):
    made = respond(stage, raised, days=3)
    stage.says(stage.porter, raised, "object", "No")
    all_consent(stage, raised, stage.chief, stage.head)
    seat = stage.one(BodySeat, person_id=stage.porter.id)
    stage.do(stage.porter, bodies.leave_seat, seat=seat)
    assert stage.says(stage.coach, raised, "consent") == "carried"
    assert stage.kept(made).result == "carried"


def test_when_the_last_silent_member_leaves_it_is_decided_when_the_round_closes(stage, raised):
    made = respond(stage, raised, days=3)
    all_consent(stage, raised, stage.chief, stage.head, stage.coach)
    stage.leaves(stage.porter)
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(raised).state) == ("carried", "decided")


def test_whoever_has_an_interest_steps_back(stage, raised):
    respond(stage, raised)
    all_consent(stage, raised, stage.chief, stage.head)
    stage.do(stage.porter, decisions.recuse, decision=raised, interest="My brother sells them")
    assert stage.seat_of(stage.porter, raised).state == "recused"
    with pytest.raises(NotYours):
        stage.says(stage.porter, raised, "consent")
    with pytest.raises(NotYours):
        stage.do(stage.porter, decisions.recuse, decision=raised, interest="Again")
    assert stage.says(stage.coach, raised, "consent") == "carried"


def test_when_the_last_silent_member_steps_back_it_is_decided(stage, raised):
    respond(stage, raised)
    all_consent(stage, raised, stage.chief, stage.head, stage.coach)
    stage.do(stage.porter, decisions.recuse, decision=raised, interest="My brother sells them")
    assert stage.kept(raised).state == "decided"


def test_stepping_back_says_why(stage, raised):
    with pytest.raises(Invalid) as caught:
        stage.do(stage.porter, decisions.recuse, decision=raised, interest=" ")
    assert caught.value.field == "interest"
    with pytest.raises(NotYours):
        stage.do(stage.nurse, decisions.recuse, decision=raised, interest="None of my business")


def test_when_the_chair_steps_back_the_deputy_leads(stage):
    decision = by_consent(stage, deputy=stage.deputy)
    stage.do(stage.chief, decisions.recuse, decision=decision, interest="I own the shop")
    with pytest.raises(NotYours):
        stage.put(stage.chief, decision)
    assert stage.put(stage.deputy, decision).put_by_id == stage.deputy.id


def test_without_a_body_the_manager_the_deputy_and_those_consulted_sit(stage):
    stage.in_force(everything('decider = "ward", method = "consent", within_days = 10, consult = ["division"]'))
    decision = stage.raised()
    assert {seat.label for seat in stage.all(Seat, decision_id=decision.id)} == {
        "Beth Okafor",
        "Carl Reyes",
        "Division",
    }
    stage.put(stage.manager, decision)
    stage.do(stage.manager, rounds.ask_for_positions, decision=decision)
    stage.says(stage.manager, decision, "consent")
    stage.says(stage.deputy, decision, "consent")
    seat = stage.one(Seat, decision_id=decision.id, label="Division")
    with pytest.raises(NotYours):
        stage.do(stage.chief, rounds.take_position, seat=seat, said="consent")
    assert stage.do(stage.head, rounds.take_position, seat=seat, said="consent") == "carried"


def test_ending_the_question_ends_its_round(stage, raised):
    made = respond(stage, raised)
    stage.do(stage.nurse, decisions.withdraw, decision=raised)
    assert stage.kept(made).stage == "closed"
    with pytest.raises(AlreadyEnded):
        stage.says(stage.head, raised, "consent")
    assert stage.read(stage.head, reading.my_seats) == []
    assert not stage.all(Clock, state="pending").exists()


def test_the_journal_keeps_positions_without_their_reasons(stage, raised):
    respond(stage, raised)
    object_to(stage, raised, stage.porter, "Farid says it is too heavy")
    data = str([one.data for one in stage.all(Event, object_id=raised.id)])
    assert "heavy" not in data
    assert "buy two" not in data
    assert stage.all(Event, kind="record.position_taken", object_id=raised.id).count() == 4
