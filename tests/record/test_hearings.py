"""Deciding after advice: who must be heard is asked, has their time, and gets an answer."""

from datetime import timedelta

import pytest

from goldthread.journal.models import Event
from goldthread.record.actions import hearings
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Clock, Hearing, Party, Submission
from goldthread.record.queries import decisions as reading
from tests.record.heard import ADVICE, add, answered, open_hearing, party, say
from tests.record.stage import everything


@pytest.fixture
def asked(stage):
    """The manager of Ward 7 decides after asking the division, whose head must be heard. Nobody has been asked yet."""
    stage.in_force(everything(ADVICE))
    return stage.raised()


def test_the_scheme_says_who_must_be_asked(stage, asked):
    [one] = stage.all(Party, decision_id=asked.id)
    assert (one.label, one.must, one.basis, one.role, one.unit_id) == ("Division", True, "scheme", "unit_manager", stage.division.key)  # fmt: skip
    assert one.asked_at is None


def test_nobody_decides_before_anybody_was_asked(stage, asked):
    with pytest.raises(
        Refused, match=r"cannot be decided yet\. Ask those who must be heard first.*Nothing was changed"
    ):
        stage.decide(stage.manager, asked)
    assert stage.kept(asked).state == "open"
    assert stage.decided == []


def test_nobody_decides_before_those_who_must_be_heard_were(stage, asked):
    open_hearing(stage, asked)
    with pytest.raises(Refused, match="not heard yet: Division"):
        stage.decide(stage.manager, asked)
    answered(stage, say(stage, stage.head, asked))
    assert stage.decide(stage.manager, asked).outcome == "agreed"
    assert stage.decided == [(asked.id, "agreed")]


def test_the_database_refuses_it_too(stage, asked):
    raw = "update record_decision set state = 'decided', outcome = 'agreed', reason = 'x', decided_by_id = %s, decided_as = 'unit_manager', decided_at = goldthread_now() where id = %s"  # fmt: skip
    stage.refuses(raw, stage.manager.id, asked.id, match="nobody has been asked yet")
    open_hearing(stage, asked)
    stage.refuses(raw, stage.manager.id, asked.id, match="not heard yet: Division")
    say(stage, stage.head, asked)
    stage.refuses(raw, stage.manager.id, asked.id, match="1 of those heard have no answer yet")


def test_whoever_stays_silent_had_their_time(stage, asked):
    open_hearing(stage, asked, days=7)
    stage.wait(7.1)
    assert stage.told("hearing_closed", asked) == {stage.manager.id, stage.deputy.id}
    assert stage.decide(stage.manager, asked).state == "decided"


def test_their_time_is_over_at_its_moment_without_any_sweep(stage, asked):
    open_hearing(stage, asked, days=7)
    stage.wait(6.9, sweep=False)
    with pytest.raises(Refused, match="not heard yet"):
        stage.decide(stage.manager, asked)
    stage.wait(0.2, sweep=False)
    assert stage.decide(stage.manager, asked).state == "decided"


def test_every_voice_is_answered_first(stage, asked):
    open_hearing(stage, asked)
    first = say(stage, stage.head, asked)
    stage.wait(8)
    with pytest.raises(Refused, match="gets an answer first: 1 of those heard"):
        stage.decide(stage.manager, asked)
    answered(stage, first)
    assert stage.told("you_were_answered") == {stage.head.id}
    assert stage.decide(stage.manager, asked).state == "decided"
    assert stage.head.id in stage.told("decision_taken", asked)


def test_an_answer_is_given_once_by_whoever_decides(stage, asked):
    open_hearing(stage, asked)
    said = say(stage, stage.head, asked)
    with pytest.raises(NotYours, match="manager of Ward 7"):
        stage.do(stage.nurse, hearings.reply, submission=said, text="No")
    with pytest.raises(Invalid):
        stage.do(stage.manager, hearings.reply, submission=said, text="  ")
    answered(stage, said)
    with pytest.raises(AlreadyEnded, match="answered already"):
        answered(stage, said)
    assert stage.kept(said).reply == "We wait until September"


def test_a_person_says_it_once(stage, asked):
    open_hearing(stage, asked)
    say(stage, stage.head, asked)
    with pytest.raises(AlreadyEnded, match="heard on this already"):
        say(stage, stage.head, asked, stance="for", text="And another thing")
    assert stage.all(Submission, decision_id=asked.id).count() == 1


def test_what_was_said_stays_as_it_was_said(stage, asked):
    open_hearing(stage, asked)
    said = say(stage, stage.head, asked)
    stage.refuses("update record_submission set text = 'x' where id = %s", said.id, match="stays as it was said")
    stage.refuses("update record_submission set stance = 'for' where id = %s", said.id, match="stays as it was said")
    stage.refuses("delete from record_submission where id = %s", said.id, match="permission denied")
    answered(stage, said)
    stage.refuses("update record_submission set reply = 'x' where id = %s", said.id, match="answered already")


def test_people_outside_are_refused(stage, asked):
    open_hearing(stage, asked)
    for person in (stage.nurse, stage.porter, stage.chief, stage.manager):
        with pytest.raises(NotYours, match="not among those who were asked"):
            say(stage, person, asked)
    assert not stage.all(Submission, decision_id=asked.id).exists()


def test_nobody_speaks_for_a_party_of_another_question(stage, asked):
    other = stage.raised()
    open_hearing(stage, asked)
    open_hearing(stage, other)
    with pytest.raises(NotYours):
        stage.do(stage.head, hearings.say, decision=asked, party=party(stage, other), stance="for", text="Yes")


def test_another_organisation_hears_nothing(stage, asked):
    open_hearing(stage, asked)
    with pytest.raises(NotYours):
        say(stage, stage.stranger, asked)


def test_a_stance_and_words_are_needed(stage, asked):
    open_hearing(stage, asked)
    with pytest.raises(Invalid, match="For it, if something changes") as caught:
        say(stage, stage.head, asked, stance="maybe")
    assert caught.value.field == "stance"
    with pytest.raises(Invalid) as caught:
        say(stage, stage.head, asked, text="\n ")
    assert caught.value.field == "text"


def test_nobody_is_heard_after_the_time(stage, asked):
    open_hearing(stage, asked)
    stage.wait(7.1, sweep=False)
    with pytest.raises(AlreadyEnded, match="time to be heard on this is over"):
        say(stage, stage.head, asked)
    assert stage.read(stage.head, reading.asked_of_me) == []


def test_people_find_what_they_are_asked_until_they_have_spoken(stage, asked):
    open_hearing(stage, asked)
    assert stage.told("you_are_asked", asked) == {stage.head.id}
    [(decision, found)] = stage.read(stage.head, reading.asked_of_me)
    assert (decision.id, found.label) == (asked.id, "Division")
    assert stage.read(stage.porter, reading.asked_of_me) == []
    say(stage, stage.head, asked)
    assert stage.read(stage.head, reading.asked_of_me) == []
    assert stage.told("somebody_said", asked) == {stage.manager.id, stage.deputy.id}


def test_it_closes_early_only_when_all_who_must_were_heard(stage, asked):
    add(stage, asked)  # touched, but need not be heard
    open_hearing(stage, asked)
    with pytest.raises(Refused, match=r"^Division must be heard, and may answer until the hearing closes"):
        stage.do(stage.manager, hearings.close_hearing, decision=asked)
    answered(stage, say(stage, stage.head, asked))
    with pytest.raises(NotYours):
        stage.do(stage.nurse, hearings.close_hearing, decision=asked)
    stage.do(stage.manager, hearings.close_hearing, decision=asked)
    with pytest.raises(AlreadyEnded, match="no open hearing"):
        stage.do(stage.manager, hearings.close_hearing, decision=asked)
    with pytest.raises(AlreadyEnded):
        say(stage, stage.porter, asked, label="The porters")
    assert stage.decide(stage.manager, asked).state == "decided"


def test_people_are_asked_once_and_by_whoever_decides(stage, asked):
    with pytest.raises(NotYours, match="manager of Ward 7"):
        stage.do(stage.nurse, hearings.open_hearing, decision=asked, question="?", closes_at=stage.now() + timedelta(days=1),
                 view="agreed", confidence="low")  # fmt: skip
    with pytest.raises(Invalid) as caught:
        open_hearing(stage, asked, days=0)
    assert caught.value.field == "closes_at"
    open_hearing(stage, asked)
    with pytest.raises(AlreadyEnded, match="asked already"):
        open_hearing(stage, asked)


def test_the_time_to_decide_is_never_shorter_than_the_time_to_be_heard(stage, asked):
    hearing = open_hearing(stage, asked, days=40)
    assert stage.kept(asked).due_at == hearing.closes_at
    assert (
        stage.all(Clock, about_id=asked.id, purpose="decision_due", state="pending").get().due_at == hearing.closes_at
    )


def test_whoever_raised_it_or_decides_it_says_who_is_touched(stage, asked):
    with pytest.raises(NotYours, match="Tell them who is missing"):
        add(stage, asked, by=stage.porter)
    add(stage, asked, by=stage.nurse, interest="Carries them", concern="Weight", would_settle="A hoist")
    with pytest.raises(Invalid, match="on the list already"):
        add(stage, asked)
    found = party(stage, asked, "The porters")
    assert (found.interest, found.concern, found.would_settle, found.must, found.basis) == ("Carries them", "Weight", "A hoist", False, "affected")  # fmt: skip


def test_whoever_is_added_while_people_are_heard_is_asked_at_once(stage, asked):
    open_hearing(stage, asked)
    add(stage, asked, must=True)
    assert stage.porter.id in stage.told("you_are_asked", asked)
    assert say(stage, stage.porter, asked, label="The porters", stance="against", text="Too heavy").stance == "against"


def test_nobody_is_added_who_must_be_heard_when_it_is_too_late_to_hear_them(stage, asked):
    open_hearing(stage, asked)
    stage.wait(8)
    with pytest.raises(AlreadyEnded, match="time to be heard on this is over"):
        add(stage, asked, must=True)
    add(stage, asked)  # noted as touched
    assert stage.decide(stage.manager, asked).state == "decided"


def test_without_anybody_who_must_be_heard_the_decision_can_be_taken(stage):
    stage.in_force(everything('decider = "ward", method = "advice", within_days = 14'))
    assert stage.decide(stage.manager, stage.raised()).state == "decided"


def test_one_who_decides_alone_may_hear_people_all_the_same(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 14, consult = ["division"]'))
    decision = stage.raised()
    assert party(stage, decision).must is False
    open_hearing(stage, decision)
    say(stage, stage.head, decision)  # an answer is a courtesy here
    assert stage.decide(stage.manager, decision).state == "decided"


def test_deciding_closes_the_hearing_and_its_clock(stage, asked):
    open_hearing(stage, asked)
    answered(stage, say(stage, stage.head, asked))
    stage.decide(stage.manager, asked)
    assert stage.all(Hearing, decision_id=asked.id).get().closed_at is not None
    assert not stage.all(Clock, about_id=asked.id, state="pending").exists()
    with pytest.raises(AlreadyEnded, match="already decided"):
        say(stage, stage.head, asked)
    with pytest.raises(AlreadyEnded):
        add(stage, asked)


def test_the_journal_keeps_who_was_heard_and_never_what_they_said(stage, asked):
    open_hearing(stage, asked)
    answered(stage, say(stage, stage.head, asked, text="Dilys says no"))
    kinds = set(stage.all(Event, object_id=asked.id).values_list("kind", flat=True))
    assert {"record.view_sealed", "record.hearing_opened", "record.heard", "record.replied"} <= kinds
    data = str([one.data for one in stage.all(Event, object_id=asked.id)])
    assert "Dilys" not in data
    assert "August" not in data
    assert "September" not in data
