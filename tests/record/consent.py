"""A forum that decides by consent, for the tests of rounds."""

from goldthread.record.actions import bodies, rounds
from tests.record.stage import everything

CONSENT = 'decider = "forum", method = "consent", within_days = 10'


def by_consent(stage, more="", ladder=(), deputy=None):
    """A question for the forum: the chief executive in the chair, the head, the coach and the porter beside."""
    body = stage.forum(stage.chief, stage.head, stage.coach, stage.porter)
    if deputy is not None:
        stage.do(stage.chief, bodies.seat, body=body, person=deputy, place="deputy")
    stage.in_force(everything(CONSENT + more, ladder=ladder))
    return stage.raised()


def respond(stage, decision, **more):
    """Put a proposal and ask for positions at once."""
    made = stage.put(stage.chief, decision, **more)
    stage.do(stage.chief, rounds.ask_for_positions, decision=decision)
    return made


def all_consent(stage, decision, *people):
    return [
        stage.says(person, decision, "consent")
        for person in people or (stage.chief, stage.head, stage.coach, stage.porter)
    ]


def object_to(stage, decision, person, reason="The night shift has nobody to help"):
    """The others consent, one objects."""
    for other in {stage.chief, stage.head, stage.coach, stage.porter} - {person}:
        stage.says(other, decision, "consent")
    return stage.says(person, decision, "object", reason)


def objected_again(stage, decision, number):
    integrated = {stage.seat_of(stage.porter, decision).id: "It has wheels"} if number > 1 else None
    respond(stage, decision, text=f"Version {number}", integrated=integrated)
    return object_to(stage, decision, stage.porter)
