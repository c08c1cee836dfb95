"""Hearing people on a decision of the manager of Ward 7, for the tests of advice."""

from datetime import timedelta

from goldthread.record.actions import hearings
from goldthread.record.models import Party

ADVICE = 'decider = "ward", method = "advice", within_days = 14, consult = ["division"]'


def open_hearing(stage, decision, days=7, **more):
    how = {"question": "What do you say?", "view": "declined", "confidence": "low", **more}
    return stage.do(
        stage.manager, hearings.open_hearing, decision=decision, closes_at=stage.now() + timedelta(days=days), **how
    )


def party(stage, decision, label="Division"):
    return stage.one(Party, decision_id=decision.id, label=label)


def add(stage, decision, label="The porters", by=None, **whom):
    how = {"who": "person", "person": stage.porter, **whom} if "who" not in whom else whom
    return stage.do(by or stage.manager, hearings.add_party, decision=decision, label=label, **how)


def say(stage, person, decision, label="Division", stance="change", text="Not before August"):
    return stage.do(
        person, hearings.say, decision=decision, party=party(stage, decision, label), stance=stance, text=text
    )


def answered(stage, submission):
    return stage.do(stage.manager, hearings.reply, submission=submission, text="We wait until September")
