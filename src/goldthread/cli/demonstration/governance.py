"""What the first trust prepares with others: a policy and its comments, meetings, promises, briefs and joint work. Through the real actions."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from goldthread.cli.demonstration.story import Story
from goldthread.cli.demonstration.structure import System
from goldthread.journal import scope
from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import viewer_of
from goldthread.organisation.models import Organisation, Person
from goldthread.practices.governance import actions
from goldthread.practices.governance.models import Initiative, PledgeReceived
from goldthread.record.actions import bodies
from goldthread.record.models import Body, Partner

#: Effort and benefit as our unit and the partner see them, and how many days ago the work started (None: not yet).
WORK = (
    ("One list of medicines", "The same list when somebody comes and when they go home", (2, 5), (2, 4), None),
    ("A line that is answered", "The practice reaches the ward in two minutes", (1, 4), (2, 5), 112),
    ("One assessment for both", "Nobody is asked the same forty questions twice", (5, 5), (4, 5), None),
    ("Shared car park", "Fewer circles at eight in the morning", (4, 1), (2, 2), None),
    ("Discharge before noon", "Transport and tablets are there when people are ready", (3, 4), (2, 3), 30),
)


def play(system: System, now: datetime) -> None:
    """In the first trust, with the second as the other organisation and two partners who have no account."""
    trust = system.trusts[0]
    with transaction.atomic():
        story = Story(system, trust, now)
        speaker = system.people[f"{trust.code}-G1"]
        by = story.viewer(speaker, story.at(200))
        practice = bodies.add_partner(
            by=by, at=story.at(200), name="Harbour Practice", kind="practice", contact_name="Practice manager"
        )
        council = bodies.add_partner(
            by=by, at=story.at(200), name="Westmarch Council", kind="council", contact_name="Head of adult care"
        )
        _policy(story, speaker, practice)
        _meetings(story)
        _work(story, speaker, practice)
        _briefs(story, speaker, practice, council)
        if len(system.trusts) > 1:
            _promises(story, speaker, practice, system.trusts[1])


def _policy(story: Story, speaker: Person, practice: Partner) -> None:
    """Three clauses, one rewritten after a comment, one comment of a partner still waiting."""
    trust, ward = story.trust, story.system.wards[story.trust.id][6]
    at = story.at(25)
    by = story.viewer(speaker, at)
    root = tree.root_of(trust.id)
    draft = actions.begin_draft(by=by, at=at, unit=root, title="Moving people between wards at night",
                                purpose="People sleep, and every ward knows whom it has.")  # fmt: skip
    texts = ("Nobody is moved to another ward after 22:00.", "The site manager decides exceptions and says why.",
             "Whoever is moved is told why, and so is their family.")  # fmt: skip
    clauses = [actions.add_clause(by=by, at=at, draft=draft, text=text) for text in texts]
    actions.bind(by=by, at=at, draft=draft, unit=root)
    actions.bind(by=by, at=at, draft=draft, partner=practice)
    at = story.at(20)
    actions.consult(by=story.viewer(speaker, at), at=at, draft=draft)
    at = story.at(17)
    nurse = story.viewer(story.system.staff[ward.key][2], at)
    concern = actions.comment_on(
        by=nurse,
        at=at,
        clause=clauses[0],
        kind="concern",
        text="Then we wait with somebody who is very ill. Say what an emergency is.",
    )
    at = story.at(16)
    other = story.viewer(story.system.staff[ward.key][3], at)
    question = actions.comment_on(
        by=other, at=at, clause=clauses[1], kind="question", text="Who is the site manager on a Sunday?"
    )
    at = story.at(12)
    by = story.viewer(speaker, at)
    actions.answer_comment(by=by, at=at, comment=concern, outcome="taken_in", answer="You are right: illness does not keep hours.",
                           text="Nobody is moved to another ward after 22:00, unless they need care that their ward cannot give.")  # fmt: skip
    actions.answer_comment(
        by=by,
        at=at,
        comment=question,
        outcome="answered",
        answer="The same rota as on weekdays; it is on the first page of the intranet.",
    )
    actions.comment_as_partner(
        by=practice,
        at=story.at(3),
        clause=clauses[2],
        kind="suggestion",
        text="Tell us too, by noon: families ring us first.",
    )


def _meetings(story: Story) -> None:
    """The forum met a month ago, and meets next week on what needs it then."""
    slug = story.system.words["deciding"]["body_forum"][0]
    forum = Body.objects.select_related("unit").filter(organisation_id=story.trust.id, slug=slug).first()
    if forum is None:
        return
    held_at = story.at(28)
    chair = _chair(forum, held_at)
    by = story.viewer(chair, held_at)
    met = actions.plan_meeting(by=by, at=held_at, body=forum, on=local_date(held_at), place="Seminar room 2")
    seats = [seat.id for seat in _seats(forum, held_at)]
    actions.hold_meeting(by=by, at=held_at, meeting=met, present=seats[:3])
    at = story.at(0.3)
    actions.plan_meeting(
        by=story.viewer(chair, at),
        at=at,
        body=forum,
        on=local_date(story.now) + timedelta(days=6),
        place="Seminar room 2 and by call",
    )


def _seats(forum: Body, at: datetime) -> list[Any]:
    from goldthread.record.queries.bodies import members

    return members(forum, local_date(at))


def _chair(forum: Body, at: datetime) -> Person:
    found: Person = next(seat.person for seat in _seats(forum, at) if seat.place == "chair")
    return found


def _work(story: Story, speaker: Person, practice: Partner) -> None:
    """Five pieces of joint work: proposed, under way, and one that was looked at after ninety days."""
    root = tree.root_of(story.trust.id)
    ward = story.system.wards[story.trust.id][6]
    for title, purpose, ours, theirs, started in WORK:
        at = story.at(150)
        by = story.viewer(speaker, at)
        work = actions.propose_initiative(by=by, at=at, unit=root, title=title, purpose=purpose)
        actions.join(by=by, at=at, initiative=work, partner=practice)
        actions.estimate(by=by, at=at, initiative=work, effort=ours[0], benefit=ours[1])
        actions.estimate_as_partner(by=practice, at=story.at(140), initiative=work, effort=theirs[0], benefit=theirs[1])
        if started is not None:
            at = story.at(started)
            actions.choose(by=story.viewer(speaker, at), at=at, initiative=work)
            actions.start_initiative(by=story.viewer(speaker, at), at=at, initiative=work)
        if started is not None and started > 95:
            at = story.at(started - 91)
            looker = story.viewer(story.system.staff[ward.key][2], at)
            actions.verify(by=looker, at=at, initiative=Initiative.objects.get(id=work.id), worked=True,
                           seen="In a week of calls from the practice, nine of ten were answered in two minutes.")  # fmt: skip


def _briefs(story: Story, speaker: Person, practice: Partner, council: Partner) -> None:
    """Ours and the practice's, each said back; the council's is still to be written."""
    at = story.at(60)
    ours = actions.write_brief(by=story.viewer(speaker, at), at=at, aims="People go home on the day they are ready.",
                               limits="No more beds and no more money this year.", incentives="We are measured by waits at the front door, not by what happens after.")  # fmt: skip
    for partner in (practice, council):
        actions.share_brief(by=story.viewer(speaker, at), at=at, brief=ours, with_partner=partner)
    actions.understood_as_partner(
        by=practice,
        at=story.at(55),
        brief=ours,
        in_own_words="They lose by every long wait at the door and gain nothing by a good return home, so we must bring that in.",
    )
    theirs = actions.write_as_partner(by=practice, at=story.at(54), aims="People are not sent back to hospital for what we can do.",
                                      limits="Two doctors until autumn; no home visits after six.", incentives="Paid for each person on the list, not for each call.")  # fmt: skip
    at = story.at(50)
    actions.say_understood(by=story.viewer(story.system.people[f"{story.trust.code}-X2"], at), at=at, brief=theirs,
                           in_own_words="More calls cost them time and bring them nothing; what spares them a visit is what they will do.")  # fmt: skip


def _promises(story: Story, speaker: Person, practice: Partner, other: Organisation) -> None:
    """Kept and confirmed, said to be kept, late, not kept: between the trusts and to the practice; some of it is public."""
    root = tree.root_of(story.trust.id)

    def pledged(text: str, ago: float, days: int, **more: Any) -> Any:
        at = story.at(ago)
        return actions.pledge(
            by=story.viewer(speaker, at),
            at=at,
            unit=root,
            text=text,
            due_on=local_date(at) + timedelta(days=days),
            **more,
        )

    letters = pledged("A discharge letter within one working day", 90, 60, to_organisation=other, public=True)
    transport = pledged(
        "Transport booked by ten for everybody who goes to you", 80, 50, to_organisation=other, public=True
    )
    pledged("One number for all transfers", 40, 32, to_organisation=other, public=True)
    line = pledged("A line for practices that is answered in two minutes", 70, 45, to_partner=practice, public=True)
    pledged("Weekly list of people who are ready to go home", 5, 20, to_partner=practice)
    at = story.at(32)
    by = story.viewer(speaker, at)
    for one, note in ((letters, "Since the new template, nine of ten"), (transport, "From this week on")):
        actions.say_ended(by=by, at=at, pledge=one, state="kept", note=note)
    actions.confirm_as_partner(by=practice, at=story.at(25), pledge=line, kept=True, note="It works, also on Mondays.")
    _they_confirm(story, other, letters.id)
    at = story.at(20)
    actions.switch_public_page(
        by=story.viewer(speaker, at),
        at=at,
        on=True,
        because="The board wants promises to be read by those they were made to.",
    )


def _they_confirm(story: Story, other: Organisation, pledge_id: Any) -> None:
    """Whoever speaks for the other trust says that the letters come."""
    at = story.at(28)
    chief = story.system.people[f"{other.code}-X1"]
    with scope.crossing(other.id):
        viewer = viewer_of(other.id, chief.id, at)
        assert viewer is not None  # noqa: S101  (they were made to work there)
        received = PledgeReceived.objects.get(pledge_id=pledge_id)
        actions.confirm_received(
            by=viewer, at=at, received=received, kept=True, note="They come, and they can be read."
        )
    story.viewer(story.system.people[f"{story.trust.code}-G1"], at)
