"""Who speaks for a body, a unit or a profession; and who is asked when the facts change."""

import pytest

from goldthread.record.actions import decisions, hearings
from goldthread.record.errors import NotYours, Refused
from goldthread.record.models import Party, Submission
from tests.record.heard import ADVICE, add, answered, open_hearing, party, say
from tests.record.stage import everything, scheme


@pytest.fixture
def asked(stage):
    """The manager of Ward 7 decides after asking the division, whose head must be heard. Nobody has been asked yet."""
    stage.in_force(everything(ADVICE))
    return stage.raised()


def test_a_body_a_unit_and_a_profession_speak_through_their_people(stage, asked):
    forum = stage.forum(stage.chief, stage.coach)
    add(stage, asked, label="Forum", who="body", body=forum)
    add(stage, asked, label="Ward 9", who="unit", unit=stage.ward9)
    add(stage, asked, label="Nurses", who="profession", profession="nursing")
    open_hearing(stage, asked)
    of = {one.label: one.asked_of for one in stage.all(Party, decision_id=asked.id)}
    # The manager and the deputy of Ward 7 are nurses too, but they decide: nobody asks them.
    assert of == {"Division": 1, "Forum": 2, "Ward 9": 1, "Nurses": 2}
    say(stage, stage.coach, asked, label="Forum")
    say(stage, stage.porter, asked, label="Ward 9")
    say(stage, stage.nurse, asked, label="Nurses")
    with pytest.raises(NotYours):
        say(stage, stage.porter, asked, label="Nurses")


PROFESSIONS = 'decider = "ward", method = "advice", within_days = 14, professions = ["nursing", "estates"]'


@pytest.fixture
def professional(stage):
    stage.in_force(everything(PROFESSIONS))
    return stage.raised()


def test_each_profession_that_is_needed_has_a_voice(stage, professional):
    open_hearing(stage, professional)
    answered(stage, say(stage, stage.nurse, professional, label="Nursing"))
    assert party(stage, professional, "Estates").asked_of == 1  # nobody of Ward 7 or above it, but somebody of Ward 9
    with pytest.raises(Refused, match="not heard yet: Estates"):
        stage.decide(stage.manager, professional)


def test_a_profession_is_waited_for_even_after_the_time(stage, professional):
    open_hearing(stage, professional)
    answered(stage, say(stage, stage.nurse, professional, label="Nursing"))
    stage.wait(8)
    with pytest.raises(
        Refused, match=r"A voice from each profession is needed first \(still without a voice: Estates\)"
    ):
        stage.decide(stage.manager, professional)
    answered(stage, say(stage, stage.porter, professional, label="Estates"))
    assert stage.decide(stage.manager, professional).state == "decided"


def test_a_profession_that_nobody_here_has_is_not_waited_for(stage):
    stage.in_force(everything(PROFESSIONS.replace("estates", "dentistry")))
    decision = stage.raised()
    open_hearing(stage, decision)
    answered(stage, say(stage, stage.nurse, decision, label="Nursing"))
    stage.wait(8)
    assert stage.decide(stage.manager, decision).state == "decided"


def test_when_the_facts_change_whoever_must_now_be_heard_is_asked(stage):
    stage.in_force(everything_by_subject())
    decision = stage.raised(subject="practice")
    open_hearing(stage, decision, days=3)
    answered(stage, say(stage, stage.head, decision))
    stage.wait(4)
    stage.do(stage.manager, decisions.facts_changed, decision=decision, attributes={"subject": "staffing"})
    with pytest.raises(Refused, match="not heard yet: Chief, Nursing"):
        stage.decide(stage.head, decision)
    assert stage.told("you_are_asked", decision) >= {stage.chief.id, stage.nurse.id}
    say(stage, stage.nurse, decision, label="Nursing")
    for one in stage.all(Submission, decision_id=decision.id, replied_at=None):
        stage.do(stage.head, hearings.reply, submission=one, text="Thank you")
    stage.wait(15, sweep=False)
    assert stage.decide(stage.head, decision).state == "decided"


def everything_by_subject():
    return scheme(
        'staffing | subject = "staffing" | decider = "division", method = "advice", within_days = 14, consult = ["chief"], professions = ["nursing"]',
        f"usual | | {ADVICE}",
    )
