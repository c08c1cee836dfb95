"""Who decided what: bodies, an approved scheme, a year of decisions with their hearings, and what is open today."""

from datetime import timedelta
from typing import Any

from goldthread.cli.demonstration.story import Story
from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.models import Person, Unit
from goldthread.practices.governance.actions import raise_matter
from goldthread.practices.governance.actions.authority import propose_scheme
from goldthread.record import schemes as shipped
from goldthread.record.actions import bodies, decisions, hearings, rounds, schemes
from goldthread.record.days import due_in
from goldthread.record.models import Decision, Party, Seat, Submission

#: What hearing did, decision by decision: the demonstration shows all three.
EFFECTS = ("unchanged", "amended", "changed", "unchanged", "amended")
SAYS = (
    ("for", "Yes. Start on a Tuesday, when there are enough of us."),
    ("change", "Only if the night team is asked as well; they carry the mess of every good plan."),
    ("against", "We tried this two years ago and it fell on the same two people."),
)


def begin(story: Story) -> None:
    """Bodies and the scheme, in force from a year ago."""
    system, trust = story.system, story.trust
    chief, chair = system.people[f"{trust.code}-X1"], system.people[f"{trust.code}-X4"]
    at = story.at(420)
    by = story.viewer(chief, at)
    root = tree.root_of(trust.id)
    board = bodies.make_body(by=by, at=at, unit=root, slug="board", title="The board", kind="board", rights="decides", quorum=3,
                             purpose="Decides what is reserved to it, and answers for the whole.")  # fmt: skip
    for n, person in enumerate([chair, chief, system.people[f"{trust.code}-X2"], system.people[f"{trust.code}-X3"]]):
        bodies.seat(by=by, at=at, body=board, person=person, place="member" if n else "chair")
    slug, title, purpose = system.words["deciding"]["body_forum"]
    forum = bodies.make_body(
        by=by, at=at, unit=root, slug=slug, title=title, kind="forum", rights="consents", purpose=purpose
    )
    members = _professions(story)
    for n, person in enumerate(members):
        bodies.seat(
            by=by, at=at, body=forum, person=person, place="member" if n else "chair", profession=person.staff_group
        )
    if "body_governors" in system.words["deciding"]:
        slug, title, purpose = system.words["deciding"]["body_governors"]
        governors = bodies.make_body(
            by=by, at=at, unit=root, slug=slug, title=title, kind="forum", rights="advises", purpose=purpose
        )
        bodies.seat(
            by=by,
            at=at,
            body=governors,
            person=system.managers[system.middle[trust.id][0].key],
            place="chair",
            represents="Staff",
        )
    ethics = bodies.make_body(by=by, at=at, unit=root, slug="ethics-group", title="Ethics group", kind="forum", rights="advises",
                              purpose="Answers hard questions within hours.")  # fmt: skip
    for n, person in enumerate(members[:2]):
        bodies.seat(by=by, at=at, body=ethics, person=person, place="member" if n else "chair")
    secretary = system.people[f"{trust.code}-G1"]
    text = shipped.text(system.words["scheme"])
    made = schemes.draft_scheme(by=story.viewer(secretary, at), at=at, title=shipped.titles()[system.words["scheme"]], text=text,
                                note="The first version that a machine can check. Nothing is left that nobody may decide.")  # fmt: skip
    asked = propose_scheme(by=story.viewer(secretary, at), at=at, scheme=made, unit=root)
    at = story.at(410)
    decisions.decide(by=story.viewer(chief, at), at=at, decision=asked, outcome="approved", reason="Read line by line with the heads of department; limits are what they asked for.",
                     look_back_on=local_date(at) + timedelta(days=365))  # fmt: skip


def _professions(story: Story) -> list[Person]:
    """Two clinical leads, the manager of Ward 7, and one colleague of each other profession."""
    system, trust = story.system, story.trust
    ward = system.wards[trust.id][6]
    found = [system.people[f"{trust.code}-L1"], system.people[f"{trust.code}-L2"], system.managers[ward.key]]
    for unit in system.wards[trust.id]:
        for person in system.staff[unit.key]:
            if person.staff_group not in {one.staff_group for one in found} and len(found) < 5:
                found.append(person)
    return found


def tell(story: Story) -> None:
    """A year of decisions in every trust; in the first, what is open today."""
    words = story.system.words["deciding"]
    wards = story.system.wards[story.trust.id]
    for n, title in enumerate(words["alone"]):
        _alone(story, wards[n % len(wards)], title, 330 - 35 * n)
    for n, title in enumerate(words["advised"]):
        _advised(story, wards[(3 * n) % len(wards)], title, 340 - 24 * n, EFFECTS[n % len(EFFECTS)])


def _raised(story: Story, person: Person, unit: Unit, title: str, days_ago: float, context: str = "", organisations: tuple[int, ...] = (),
            **facts: Any) -> Decision:  # fmt: skip
    at = story.at(days_ago)
    matter = raise_matter(
        by=story.viewer(person, at),
        at=at,
        unit=unit,
        title=title,
        context=context,
        attributes=facts,
        organisations=organisations,
    )
    assert matter.decision is not None  # noqa: S101  (raise_matter opens one)
    return matter.decision


def _alone(story: Story, ward: Unit, title: str, days_ago: float) -> None:
    decision = _raised(story, story.system.staff[ward.key][2], ward, title, days_ago)
    at = story.at(days_ago - story.rng.choice((0.2, 1, 1.5)))
    manager = story.system.managers[ward.key]
    outcome = story.rng.choice(("approved", "approved", "approved_changed", "declined"))
    decisions.decide(by=story.viewer(manager, at), at=at, decision=decision, outcome=outcome,
                     reason="Small, and easily put back; we see at the next huddle." if outcome != "declined" else "It moves the queue to somebody else.")  # fmt: skip


def _advised(story: Story, ward: Unit, title: str, days_ago: float, effect: str) -> None:
    system = story.system
    staff, manager = system.staff[ward.key], system.managers[ward.key]
    decision = _raised(story, staff[3], ward, title, days_ago, risk="moderate")
    at = story.at(days_ago - 0.5)
    view = "declined" if effect == "changed" else "approved"
    hearings.open_hearing(
        by=story.viewer(manager, at),
        at=at,
        decision=decision,
        question=title,
        closes_at=due_in(at, 5),
        view=view,
        confidence="middle",
    )
    _heard(story, decision, staff[4:7], days_ago - 2)
    at = story.at(days_ago - 5)
    by = story.viewer(manager, at)
    for said in Submission.objects.filter(decision=decision):
        hearings.reply(
            by=by,
            at=at,
            submission=said,
            text="Taken in: the night team was asked on Monday."
            if said.stance != "against"
            else "It was too few people then; this time four have put their names down.",
        )
    decisions.decide(by=by, at=at, decision=decision, outcome="approved", amended=effect == "amended", expects="Half an hour less waiting a day",
                     reason="Most are for it, and what worried people is in the plan.", look_back_on=local_date(at) + timedelta(days=60))  # fmt: skip
    if days_ago > 80 and story.rng.random() < 0.8:
        at = story.at(days_ago - 70)
        decisions.look_back(by=story.viewer(manager, at), at=at, decision=decision, verdict=story.rng.choice(("as_expected", "as_expected", "partly", "not")),
                            happened="Twenty minutes less, on weekdays.")  # fmt: skip


def _heard(story: Story, decision: Decision, people: list[Person], days_ago: float) -> None:
    parties = {party.who: party for party in Party.objects.filter(decision=decision)}
    lead = (
        next((held.person for held in tree.holders(parties["role"].unit, ("clinical_lead",), story.system.today)), None)
        if "role" in parties
        else None
    )  # type: ignore[arg-type]
    if lead is not None:
        at = story.at(days_ago)
        hearings.say(
            by=story.viewer(lead, at),
            at=at,
            decision=decision,
            party=parties["role"],
            stance="for",
            text="Safe, if somebody senior is there for the first week.",
        )
    for person, (stance, text) in zip(people, SAYS, strict=False):
        at = story.at(days_ago - 0.2)
        hearings.say(
            by=story.viewer(person, at), at=at, decision=decision, party=parties["unit"], stance=stance, text=text
        )


def today(story: Story, other: Any) -> None:
    """What waits today in the first trust: a hearing, a split purchase, a policy with an objection, a joint decision, two keys, a vote."""
    system, trust = story.system, story.trust
    words = system.words["deciding"]
    ward = system.wards[trust.id][6]
    nurse, manager, staff = system.staff[ward.key][2], system.managers[ward.key], system.staff[ward.key]
    title, context, question = words["visiting"]
    decision = _raised(story, nurse, ward, title.format(ward=ward.name), 3, context, risk="moderate")
    at = story.at(2.5)
    hearings.open_hearing(
        by=story.viewer(manager, at),
        at=at,
        decision=decision,
        question=question,
        closes_at=due_in(story.now, 2),
        view="declined",
        confidence="middle",
    )
    _heard(story, decision, staff[4:6], 1.5)
    for n, cost in enumerate((2900, 1900)):
        bought = _raised(
            story, staff[3], ward, f"{words['split']}, part {n + 1}?", 100 - 40 * n, subject="spending", cost=cost
        )
        at = story.at(99 - 40 * n)
        decisions.decide(
            by=story.viewer(manager, at), at=at, decision=bought, outcome="approved", reason="Needed on every shift."
        )
    _raised(story, staff[3], ward, f"{words['split']}, part 3?", 0.4, subject="spending", cost=2500)
    _policy(story, words["policy"])
    _joint(story, words["joint"], other)
    secretary, executive = system.people[f"{trust.code}-G1"], system.people[f"{trust.code}-X2"]
    sharing = _raised(
        story,
        secretary,
        tree.root_of(trust.id),
        words["sharing"][0],
        0.6,
        words["sharing"][1],
        subject="information_sharing",
    )
    at = story.at(0.5)
    rounds.put_round(
        by=story.viewer(executive, at),
        at=at,
        decision=sharing,
        outcome="approved",
        text=words["sharing"][1],
        reason="People arrive before their papers.",
        days=4,
    )
    capital = _raised(
        story,
        executive,
        tree.root_of(trust.id),
        words["capital"][0],
        6,
        words["capital"][1],
        subject="spending",
        cost=620000,
        scope="division",
    )
    at = story.at(2)
    rounds.put_round(by=story.viewer(system.people[f"{trust.code}-X4"], at), at=at, decision=capital, outcome="approved", text=words["capital"][1],
                     reason="Out of support is not safe.", days=10)  # fmt: skip
    for code in ("X4", "X2"):
        at = story.at(1)
        person = system.people[f"{trust.code}-{code}"]
        seat = Seat.objects.get(decision=capital, person=person)
        rounds.take_position(by=story.viewer(person, at), at=at, seat=seat, said="for")


def _policy(story: Story, words: list[str]) -> None:
    system, trust = story.system, story.trust
    leads = _professions(story)
    decision = _raised(
        story, system.people[f"{trust.code}-G1"], tree.root_of(trust.id), words[0], 9, words[1], subject="policy"
    )
    at = story.at(7)
    rounds.put_round(
        by=story.viewer(leads[0], at),
        at=at,
        decision=decision,
        outcome="approved",
        text=words[1],
        reason="People ask for a date, not for a promise.",
        days=12,
    )
    rounds.ask_for_positions(by=story.viewer(leads[0], at), at=at, decision=decision)
    for person, said, reason in (
        (leads[0], "consent", ""),
        (
            leads[1],
            "object",
            "Ten days is too short when two organisations are asked: say who tells them that it takes longer.",
        ),
        (leads[2], "consent", ""),
    ):
        at = story.at(5)
        seat = Seat.objects.get(decision=decision, person=person)
        rounds.take_position(by=story.viewer(person, at), at=at, seat=seat, said=said, reason=reason)


def _joint(story: Story, words: list[str], other: Any) -> None:
    system, trust = story.system, story.trust
    chief = system.people[f"{trust.code}-X1"]
    decision = _raised(
        story, chief, tree.root_of(trust.id), words[0], 3, words[1], subject="joint_service", organisations=(other.id,)
    )
    at = story.at(2)
    rounds.put_round(
        by=story.viewer(chief, at),
        at=at,
        decision=decision,
        outcome="approved",
        text=words[1],
        reason="Neither of us can staff two teams in August.",
        days=8,
    )
    at = story.at(1.5)
    seat = Seat.objects.get(organisation_id=trust.id, decision=decision)
    rounds.take_position(by=story.viewer(chief, at), at=at, seat=seat, said="consent")
