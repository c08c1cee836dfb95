"""What people did: ideas at every stage, answers, changes, visits, promises. Through the real actions, as the application's role."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from goldthread.cli.demonstration.figures import CHANGED, months
from goldthread.cli.demonstration.structure import System
from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer, viewer_of
from goldthread.organisation.models import Organisation, Person, Unit
from goldthread.practices.voice import actions
from goldthread.practices.voice.models import Idea
from goldthread.record.actions.changes import go_live
from goldthread.record.actions.commitments import confirm, say_kept
from goldthread.record.actions.measures import Definition, NewPoint, decide_limits, define_measure, record_points
from goldthread.record.models import Change, Measure


class Story:
    """Tells what happened in one trust; `now` is the present, everything else lies before it."""

    def __init__(self, system: System, trust: Organisation, now: datetime) -> None:
        self.system, self.trust, self.now = system, trust, now
        self.rng: random.Random = system.rng

    def at(self, days_ago: float) -> datetime:
        """A moment in the past, at a working hour."""
        return self.now - timedelta(days=days_ago) + timedelta(minutes=self.rng.randint(-200, 200)) * (days_ago > 1)

    def viewer(self, person: Person, at: datetime) -> Viewer:
        """The person, looking at that moment."""
        found = viewer_of(self.trust.id, person.id, at)
        assert found is not None  # noqa: S101  (they were made to work here)
        return found

    def raised(self, person: Person, ward: Unit, text: str, days_ago: float, identity: str = "named") -> Idea:
        """Somebody says what could be better."""
        at = self.at(days_ago)
        return actions.raise_idea(by=self.viewer(person, at), at=at, unit=ward, text=text, identity=identity).idea

    def answered(
        self, idea: Idea, ward: Unit, days_ago: float, outcome: str, reason: str, code: str, **more: Any
    ) -> Idea:
        """The manager answers."""
        at = self.at(days_ago)
        manager = self.system.managers[ward.key]
        idea.refresh_from_db()
        return actions.answer_idea(
            by=self.viewer(manager, at), at=at, idea=idea, outcome=outcome, reason=reason, reason_code=code, **more
        )

    def live(self, idea: Idea, ward: Unit, days_ago: float, measure: Measure | None, look_back_in: int = 90) -> Change:
        """What was decided is done, and a measure shows it."""
        at = self.at(days_ago)
        by = self.viewer(self.system.managers[ward.key], at)
        change = Change.objects.get(decision__about_id=idea.id)
        return go_live(
            by=by,
            at=at,
            change=change,
            on=local_date(at),
            look_back_on=local_date(at) + timedelta(days=look_back_in),
            measure=measure,
        )


def tell(system: System, now: datetime) -> None:
    """The whole demonstration's story; one transaction for each trust."""
    from goldthread.cli.demonstration import crisis, deciding, governance

    for number, trust in enumerate(system.trusts):
        with transaction.atomic():
            story = Story(system, trust, now)
            deciding.begin(story)
            _ideas(story)
            _visits(story)
            deciding.tell(story)
            if number == 0:
                _hero(story)
    with transaction.atomic():
        story = Story(system, system.trusts[0], now)
        deciding.today(story, system.trusts[1])
    governance.play(system, now)
    crisis.play(system, now)


def _ideas(story: Story) -> None:
    rng, system, trust = story.rng, story.system, story.trust
    texts = list(system.words["ideas"])
    wards = system.wards[trust.id]
    rng.shuffle(texts)
    for n, text in enumerate(texts):
        ward = wards[n % len(wards)]
        author = rng.choice(system.staff[ward.key][2:])
        age = rng.randint(5, 300)
        identity = "named" if n % 5 else "kept"
        if n % 4 == 0:  # still waiting, not yet late
            story.raised(author, ward, text, rng.randint(1, 12), identity)
            continue
        idea = story.raised(author, ward, text, age, identity)
        after = max(1, age - rng.randint(1, min(age, 13)))
        if n % 4 == 1:
            story.answered(
                idea,
                ward,
                after,
                "declined",
                "The money for this year is spent; we ask for it in the plan for next year, and I will tell you in March.",
                "cost",
            )
        elif n % 4 == 2:
            story.answered(
                idea,
                ward,
                after,
                "accepted",
                "It is small, it helps at once, and nobody is against it.",
                "do_it",
                change=text[:60],
                expects="Less walking",
            )
            if after > 10:
                story.live(idea, ward, after - 7, None)
        else:
            story.answered(idea, ward, after, "already_done", "It was changed last month; I will show you.", "in_place")
        if identity == "named" and n % 3 == 0:
            at = story.at(max(0.5, after - 5))
            idea.refresh_from_db()
            actions.say_loop(by=story.viewer(author, at), at=at, idea=idea, told=True, again=n % 2 == 0)


def _hero(story: Story) -> None:
    """The thread that the tutorial follows, and what waits for Ward 7's manager today."""
    system, trust = story.system, story.trust
    ward = system.wards[trust.id][6]
    nurse, colleague = system.staff[ward.key][2], system.staff[ward.key][3]
    falls = Measure.objects.get(organisation=trust, code="m1")
    changed = (system.today - months(system.today)[-CHANGED]).days
    idea = story.raised(nurse, ward, system.words["hero_idea"], changed + 75, "named")
    for person in system.staff[ward.key][3:8]:
        at = story.at(changed + 70)
        actions.support(by=story.viewer(person, at), at=at, idea=idea)
    at = story.at(changed + 69)
    actions.comment(
        by=story.viewer(colleague, at),
        at=at,
        idea=idea,
        text="We did this where I worked before, with a card on the door. It took three minutes.",
    )
    story.answered(idea, ward, changed + 66, "trial", "It costs nothing, we can stop any night, and it may help. Amended after hearing: every two hours in the side rooms first, with a card on the door.",
                   "evidence", change=system.words["hero_change"], expects="One fall fewer in ten", look_back_on=system.today + timedelta(days=9))  # fmt: skip
    story.live(idea, ward, changed, falls, look_back_in=changed + 9)
    at = story.at(changed - 20)
    idea.refresh_from_db()
    actions.say_loop(by=story.viewer(nurse, at), at=at, idea=idea, told=True, again=True)
    coach = system.people[f"{trust.code}-C1"]
    at = story.at(30)
    decide_limits(by=story.viewer(coach, at), at=at, measure=Measure.objects.get(organisation=trust, code="m3"), unit=ward,
                  kind="recalculate", from_period=months(system.today)[20], reason="The discharge lounge opened: a new process, thirteen points since")  # fmt: skip
    _waiting(story, ward, nurse, colleague)
    _tally(story, ward, nurse)


def _waiting(story: Story, ward: Unit, nurse: Person, colleague: Person) -> None:
    story.raised(nurse, ward, "Two more blood pressure cuffs: we queue for them every morning", 12)
    same = story.raised(colleague, ward, "We need more blood pressure cuffs in the far bay", 8)
    story.raised(
        colleague, ward, "Somebody shouts at the juniors on the late shift and nobody says anything", 5, "anonymous"
    )
    story.raised(nurse, ward, "Visiting from eleven, so that people who work shifts can come", 10, "kept")
    story.raised(colleague, story.system.wards[story.trust.id][8], "The lift to the theatres stops twice a day", 19)
    at = story.at(3)
    actions.try_it(by=story.viewer(nurse, at), at=at, idea=Idea.objects.get(id=same.id))


def _tally(story: Story, ward: Unit, nurse: Person) -> None:
    """The team counts for itself: nine weeks."""
    at = story.at(60)
    title = story.system.words["tally"]
    measure = define_measure(
        by=story.viewer(nurse, at), at=at, unit=ward, code=f"{ward.code}.{title.lower()}", is_own=True,
        definition=Definition(title=title, kind="count", direction="down", period="week", numerator=f"{title}, counted by the team", owner_id=nurse.id),
    )  # fmt: skip
    monday = story.system.today - timedelta(days=story.system.today.weekday())
    counts = [3, 2, 4, 1, 2, 2, 1, 0, 1]
    points = [
        NewPoint(monday - timedelta(days=7 * (len(counts) - 1 - n)), value=float(count))
        for n, count in enumerate(counts)
    ]
    record_points(
        by=story.viewer(nurse, story.now), at=story.now, measure=measure, unit=ward, points=points, source="tally"
    )


def _visits(story: Story) -> None:
    """A year of visits by day, night and weekend; promises kept, confirmed, late; and a listening event."""
    rng, system, trust = story.rng, story.system, story.trust
    leaders = [system.people[f"{trust.code}-X{n}"] for n in range(1, 5)]
    wards = system.wards[trust.id]
    asks = (
        "A second computer for the handover room",
        "The broken blind in bay 3",
        "Somebody to look at the rota for August",
        "Parking for the late shift",
    )
    for n in range(14):
        leader, ward = leaders[n % len(leaders)], wards[(n * 3) % (len(wards) - 4)]
        if ward.code.endswith("-W7") and n < 12:
            continue
        days = 350 - 24 * n
        at = story.at(days)
        by = story.viewer(leader, at)
        visit = actions.plan_visit(
            by=by,
            at=at,
            unit=ward,
            planned_on=local_date(at),
            shift=("day", "day", "night", "weekend")[n % 4],
            companion="a ward clerk" if n % 2 else "a consultant",
        )
        actions.finish_visit(by=by, at=at, visit=visit)
        promised = actions.ask_on_visit(
            by=by, at=at, visit=visit, text=asks[n % len(asks)], due_on=local_date(at) + timedelta(days=21)
        )
        if n % 4 != 3 and days > 30:
            later = story.at(days - 18)
            say_kept(by=story.viewer(leader, later), at=later, commitment=promised)
            if n % 4 != 2:
                manager = system.managers[ward.key]
                confirm(by=story.viewer(manager, later), at=later, commitment=promised, kept=n % 5 != 4)
    head = system.managers[system.middle[trust.id][0].key]
    at = story.at(rng.randint(15, 40))
    by = story.viewer(head, at)
    event = actions.plan_listening(
        by=by,
        at=at,
        unit=system.middle[trust.id][0],
        title="What gets in the way of a good shift?",
        planned_on=local_date(at),
    )
    actions.hold_listening(
        by=by,
        at=at,
        event=event,
        heard=["The bed board says one thing and the wards another", "Breaks are missed when two go to training"],
    )
    ahead = local_date(story.now) + timedelta(days=5)
    by = story.viewer(leaders[0], story.now)
    actions.plan_visit(
        by=by, at=story.now, unit=wards[6], planned_on=ahead, shift="night", companion="the night porter"
    )
