"""Pages of decisions and of the scheme: who sees what, what is refused and stores nothing, and that the words are people's own."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goldthread.journal import clock
from goldthread.journal.events import SYSTEM
from goldthread.organisation.models import Account
from goldthread.record import schemes as shipped
from goldthread.record.actions import bodies, decisions, earned, hearings, rounds, schemes
from goldthread.record.models import (
    Decision,
    EarnedLimit,
    Hearing,
    Position,
    Recusal,
    Reevaluation,
    Scheme,
    SealedView,
    Seat,
    Submission,
)
from goldthread.record.refs import Ref

pytestmark = pytest.mark.django_db

SCHEME = """
[attributes.subject]
type = "enum"
values = ["practice", "policy", "joint", "sharing", "vote", "authority"]
default = "practice"
[attributes.cost]
type = "int"
min = 0
unit = "£"
default = 0
derived = "cost_12_months"
[attributes.organisations]
type = "int"
min = 1
default = 1
derived = "organisations"
[deciders.ward]
role = "unit_manager"
level = "team"
title = "the ward manager"
[deciders.division]
role = "unit_manager"
level = "division"
title = "the divisional director"
[deciders.staff]
role = "member"
level = "team"
title = "the staff it concerns"
[deciders.forum]
body = "forum"
title = "the forum"
[[safe_to_try]]
id = "T1"
title = "A small change"
when = { cost = [0, 0] }
start = "Agree it at the huddle."
inform = ["ward"]
stop_if = "anybody is worried."
look_back_days = 14
[[ladder]]
decider = "division"
within_days = 7
[[rule]]
id = "joint"
priority = 1
specialises = ["advice", "policy", "vote", "ward"]
when = { organisations = [2, "*"] }
then = { decider = "division", method = "joint", within_days = 10, on_expiry = "ladder" }
[[rule]]
id = "policy"
clause = "3.3"
priority = 2
specialises = ["ward", "advice"]
when = { subject = { in = ["policy"] } }
then = { decider = "forum", method = "consent", within_days = 20, on_expiry = "ladder" }
[[rule]]
id = "vote"
priority = 3
specialises = ["ward", "advice"]
when = { subject = { in = ["vote"] } }
then = { decider = "forum", method = "majority", quorum = 2, within_days = 20, ballot = "secret" }
[[rule]]
id = "ward"
clause = "4.2"
title = "Up to £5,000"
priority = 4
when = { cost = [0, 4999] }
then = { decider = "ward", method = "alone", within_days = 3, review_days = 30 }
[[rule]]
id = "advice"
clause = "4.3"
priority = 5
when = { cost = [5000, "*"] }
then = { decider = "division", method = "advice", within_days = 7, consult = ["staff"] }
"""


def signed_in(name):
    client = Client()
    client.force_login(Account.objects.get(email=f"{name}@example.org"))
    return client


def said_on(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def now(small_system):
    return clock.now()


@pytest.fixture
def governed(small_system, now):
    """The trust with a forum and a scheme in force."""
    chief = small_system.viewer(small_system.chief, now)
    body = bodies.make_body(
        by=chief,
        at=now,
        unit=small_system.root,
        slug="forum",
        title="The forum",
        kind="forum",
        rights="decides",
        purpose="To advise",
    )
    for name in ("chief", "nurse", "manager"):
        bodies.seat(
            by=chief,
            at=now,
            body=body,
            person=getattr(small_system, name),
            place="chair" if name == "chief" else "member",
        )
    made = schemes.draft_scheme(by=chief, at=now, title="Trial", text=SCHEME)
    schemes.bring_into_force(
        scheme=made, unit=small_system.root, from_day=now.date(), at=now, decision=None, actor=SYSTEM
    )
    small_system.scheme = made
    return small_system


def asked(system, now, organisations=(), **attributes):
    return decisions.raise_decision(
        by=system.viewer(system.nurse, now), at=now, kind="matter", about=Ref("governance", "matter", uuid4()), unit=system.ward7,
        question="Shall we ring before people go home?", attributes=attributes, organisations=organisations,
    )  # fmt: skip


def test_who_decides_is_answered_while_one_types(governed):
    desk = signed_in("nurse")
    assert "The ward manager, Ward 7, alone" in said_on(desk.get("/raise"))
    assert "Your team may simply start" in said_on(desk.get("/raise"))
    part = desk.get("/raise", {"fact_cost": "6000"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert "after asking those it touches" in said_on(part)
    assert "Must be heard: the staff it concerns" in said_on(part)
    assert "Not enough is known yet" in said_on(
        desk.get("/raise", {"fact_subject": "practise"}, headers={"HX-Request": "true"})
    )


def test_a_question_is_raised_and_refused_when_it_says_nothing(governed):
    desk = signed_in("nurse")
    refused = desk.post("/raise", {"unit": str(governed.ward7.id), "title": ""})
    assert refused.status_code == 422
    governed.viewer(governed.nurse)
    assert not Decision.objects.exists()
    sent = desk.post(
        "/raise", {"unit": str(governed.ward7.id), "title": "A second hoist?", "fact_cost": "5,500", "undo_days": "7"}
    )
    governed.viewer(governed.nurse)
    found = Decision.objects.get()
    assert sent["Location"] == f"/decision/{found.id}"
    assert (found.rule, found.attributes["cost"]) == ("advice", 5500)


def test_a_decision_says_whose_it_is_why_and_where_the_border_lies(governed, now):
    found = asked(governed, now, cost=100)
    said = said_on(signed_in("manager").get(f"/decision/{found.id}"))
    assert "Why me?" in said
    assert "You are manager of Ward 7." in said
    assert "If cost were £5,000, it would be for the divisional director." in said
    assert "Why them?" in said_on(signed_in("porter").get(f"/decision/{found.id}"))
    assert signed_in("stranger").get(f"/decision/{found.id}").status_code == 404
    for word in ("residual", "sunset", " rule "):
        assert word not in said.lower()


def test_deciding_needs_an_outcome_and_a_reason_and_the_right_person(governed, now):
    found = asked(governed, now)
    desk, page = signed_in("manager"), f"/decision/{found.id}/decide"
    assert desk.post(page, {"outcome": "", "reason": ""}).status_code == 422
    assert desk.post(page, {"outcome": "approved", "reason": "Yes", "look_back_on": "2020-01-01"}).status_code == 422
    refused = signed_in("porter").post(page, {"outcome": "approved", "reason": "Yes"})
    assert refused.status_code == 422
    assert "for the manager of Ward 7 to decide" in said_on(refused)
    assert desk.post(page, {"outcome": "approved", "reason": "Yes", "expects": "Fewer queues"}).status_code == 302
    assert "already decided by Beth Okafor" in said_on(desk.post(page, {"outcome": "declined", "reason": "No"}))
    governed.viewer(governed.manager)
    assert Decision.objects.get(id=found.id).outcome == "approved"
    back = f"/decision/{found.id}/look-back"
    assert "Expected: Fewer queues" in said_on(desk.get(back))
    assert desk.post(back, {"verdict": "", "happened": ""}).status_code == 422
    assert desk.post(back, {"verdict": "partly", "happened": "Some"}).status_code == 302
    assert "Part of it happened. Some" in said_on(desk.get(f"/decision/{found.id}"))


def test_a_view_is_sealed_people_are_heard_answered_and_the_page_says_what_hearing_did(governed, now):
    found = asked(governed, now, cost=6000)
    desk, page = signed_in("head"), f"/decision/{found.id}"
    assert "Ask those who must be heard" in said_on(desk.get(page))
    soon = (now + timedelta(days=3)).date()
    assert (
        desk.post(f"{page}/ask", {"question": "Well?", "closes_on": str(soon), "confidence": "low"}).status_code == 422
    )
    governed.viewer(governed.head)
    assert not Hearing.objects.exists()
    assert not SealedView.objects.exists()
    assert (
        desk.post(
            f"{page}/ask", {"question": "Well?", "closes_on": str(soon), "view": "declined", "confidence": "low"}
        ).status_code
        == 302
    )
    said = said_on(desk.get(page))
    assert "wrote down their view before hearing" in said
    party = hearings.parties_of(governed.viewer(governed.nurse), found)[0]
    nurse, say = signed_in("nurse"), f"{page}/say/{party.id}"
    assert "You are asked what you think" in said_on(nurse.get("/decisions"))
    assert nurse.post(say, {"stance": "for", "text": ""}).status_code == 422
    assert nurse.post(say, {"stance": "for", "text": "Yes, on Tuesdays"}).status_code == 302
    assert nurse.post(say, {"stance": "for", "text": "Again"}).status_code == 422
    assert signed_in("porter").post(say, {"stance": "for", "text": "Me too"}).status_code == 422
    assert "1 voice has no answer yet" in said_on(desk.get(page)).lower().replace("one voice", "1 voice")
    assert "gets an answer first" in said_on(desk.post(f"{page}/decide", {"outcome": "approved", "reason": "Yes"}))
    governed.viewer(governed.head)
    voice = Submission.objects.get()
    assert desk.post(page, {"act": "reply", "submission": str(uuid4()), "text": "Thank you"}).status_code == 422
    assert desk.post(page, {"act": "reply", "submission": str(voice.id), "text": "Thank you"}).status_code == 302
    assert desk.post(f"{page}/decide", {"outcome": "approved", "reason": "Yes"}).status_code == 302
    assert "Changed after hearing" in said_on(signed_in("nurse").get(page))


def test_handing_on_stepping_back_and_the_huddle(governed, now):
    found = asked(governed, now)
    desk, page = signed_in("manager"), f"/decision/{found.id}"
    assert desk.post(page, {"act": "hand", "to": ""}).status_code == 422
    assert desk.post(page, {"act": "hand", "to": str(governed.nurse.id)}).status_code == 302
    assert desk.post(page, {"act": "huddle"}).status_code == 302
    assert desk.post(page, {"act": "step_back", "interest": ""}).status_code == 422
    assert desk.post(page, {"act": "step_back", "interest": "My brother sells them"}).status_code == 302
    governed.viewer(governed.manager)
    assert Recusal.objects.get().person_id == governed.manager.id
    assert "stepped back because of an interest" in said_on(desk.get(page))
    assert "Shall we ring" in said_on(signed_in("deputy").get("/decisions"))
    assert "Shall we ring" in said_on(signed_in("nurse").get("/decisions"))


def test_who_is_touched_is_added_and_facts_are_corrected(governed, now):
    found = asked(governed, now)
    desk, page = signed_in("manager"), f"/decision/{found.id}"
    assert desk.post(f"{page}/touched", {"whom": ""}).status_code == 422
    whom = {"whom": f"unit:{governed.ward9.id}", "interest": "They share the corridor", "would_settle": "A quiet hour"}
    assert desk.post(f"{page}/touched", whom).status_code == 302
    assert "They share the corridor" in said_on(desk.get(page))
    assert desk.post(f"{page}/touched", whom).status_code == 422
    assert signed_in("porter").post(f"{page}/touched", whom).status_code == 422
    assert desk.post(f"{page}/facts", {"fact_cost": "lots"}).status_code == 422
    assert desk.post(f"{page}/facts", {"fact_cost": "9000"}).status_code == 302
    governed.viewer(governed.manager)
    assert Reevaluation.objects.get().after["rule"] == "advice"
    assert "ward became advice" in said_on(desk.get(page))


def test_consent_on_pages_objection_integration_and_seats(governed, now):
    found = asked(governed, now, subject="policy")
    chair, page = signed_in("chief"), f"/decision/{found.id}"
    assert chair.post(f"{page}/propose", {"outcome": "approved", "text": "", "days": "5"}).status_code == 422
    proposal = {"outcome": "approved", "text": "We ring at six", "reason": "People ask", "days": "5"}
    assert chair.post(f"{page}/propose", proposal).status_code == 302
    assert chair.post(f"{page}/propose", proposal).status_code == 422
    governed.viewer(governed.nurse)
    seats = {seat.person_id: seat for seat in Seat.objects.filter(decision=found)}
    nurse, seat = signed_in("nurse"), f"/seat/{seats[governed.nurse.id].id}"
    assert "Put to you, to decide together" in said_on(nurse.get("/decisions"))
    assert nurse.post(seat, {"act": "ask", "question": "Who rings?"}).status_code == 302
    assert chair.post(f"{page}/clarify", {"act": "positions"}).status_code == 422
    assert chair.post(f"{page}/clarify", {"answer": "The clerk"}).status_code == 302
    assert chair.post(f"{page}/clarify", {"act": "positions"}).status_code == 302
    assert nurse.post(seat, {"act": "say", "said": "object", "reason": ""}).status_code == 422
    assert nurse.post(seat, {"act": "say", "said": "object", "reason": "Not at six"}).status_code == 302
    assert signed_in("porter").post(seat, {"act": "say", "said": "consent"}).status_code == 422
    for name in ("chief", "manager"):
        own = f"/seat/{seats[getattr(governed, name).id].id}"
        assert signed_in(name).post(own, {"act": "say", "said": "consent"}).status_code == 302
    assert "objections to answer" in said_on(chair.get(page)).lower()
    assert "They object: Not at six" in said_on(chair.get(f"{page}/propose"))
    assert chair.post(f"{page}/propose", proposal).status_code == 422
    better = {**proposal, "text": "We ring at seven", f"answer_{seats[governed.nurse.id].id}": "Seven, not six"}
    assert chair.post(f"{page}/propose", better).status_code == 302
    chair.post(f"{page}/clarify", {"act": "positions"})
    assert nurse.post(seat, {"act": "say", "said": "consent"}).status_code == 302
    assert nurse.post(seat, {"act": "withdraw"}).status_code == 302
    for name in ("nurse", "chief", "manager"):
        signed_in(name).post(f"/seat/{seats[getattr(governed, name).id].id}", {"act": "say", "said": "consent"})
    assert "by consent" in said_on(chair.get(page))
    assert "Taken up: Seven, not six" in said_on(chair.get(page))


def test_a_secret_ballot_shows_nobody_before_it_closes(governed, now):
    found = asked(governed, now, subject="vote")
    chief = governed.viewer(governed.chief, now)
    rounds.put_round(by=chief, at=now, decision=found, outcome="approved", text="Yes?", reason="Because")
    seats = {seat.person_id: seat for seat in Seat.objects.filter(decision=found)}
    signed_in("nurse").post(f"/seat/{seats[governed.nurse.id].id}", {"act": "say", "said": "against"})
    shown = said_on(signed_in("chief").get(f"/decision/{found.id}"))
    assert "who has voted is shown when it closes" in shown
    assert "Amina Yusuf Has voted" not in shown
    for name in ("chief", "manager"):
        signed_in(name).post(f"/seat/{seats[getattr(governed, name).id].id}", {"act": "say", "said": "for"})
    shown = said_on(signed_in("chief").get(f"/decision/{found.id}"))
    assert "2 for, 1 against, 0 abstained (secret ballot)" in shown
    governed.viewer(governed.chief)
    assert set(Position.objects.values_list("said", flat=True)) == {"voted"}


def test_another_organisation_reads_and_answers_from_its_own_seat(governed, now):
    found = asked(governed, now, organisations=[governed.other.id])
    head = governed.viewer(governed.head, now)
    rounds.put_round(by=head, at=now, decision=found, outcome="approved", text="One team", reason="We are two")
    from psycopg.types.range import DateRange

    from goldthread.journal import scope
    from goldthread.organisation.models import RoleHeld

    scope.enter(governed.other.id)
    RoleHeld.objects.create(
        organisation_id=governed.other.id,
        person_id=governed.stranger.id,
        unit_id=governed.other_root.key,
        role="unit_manager",
        period=DateRange(now.date(), None),
    )
    seat = Seat.objects.get(organisation_id=governed.other.id)
    desk = signed_in("stranger")
    assert desk.get(f"/decision/{found.id}").status_code == 404
    assert "One team" in said_on(desk.get(f"/seat/{seat.id}"))
    assert signed_in("chief").get(f"/seat/{seat.id}").status_code == 404
    assert desk.post(f"/seat/{seat.id}", {"act": "say", "said": "consent"}).status_code == 302
    assert "Consents" in said_on(signed_in("head").get(f"/decision/{found.id}"))


def test_the_map_shows_paper_and_fact_and_can_be_taken_away(governed, now):
    for cost in (0, 0, 6000):
        asked(governed, now, cost=cost)
    desk = signed_in("nurse")
    said = said_on(desk.get("/map"))
    assert "kinds of decision are taken in teams and departments" in said
    assert "In fact: 2 decisions, 2 still open" in said
    assert b"ward" in desk.get("/map?format=csv").content
    assert desk.get("/map?format=markdown").content.startswith(b"# ")
    assert desk.get(f"/map?unit={uuid4()}").status_code == 200


def test_without_a_scheme_the_map_says_what_applies(small_system):
    assert "Nobody has adopted a scheme of delegation here yet" in said_on(signed_in("nurse").get("/map"))


def test_the_editor_checks_refuses_and_keeps(governed):
    desk = signed_in("chief")
    assert signed_in("nurse").get("/schemes/new").status_code == 403
    for name in shipped.titles():
        assert "title =" in said_on(desk.get(f"/schemes/new?from={name}"))
    wrong = desk.post(
        "/schemes/new",
        {
            "act": "keep",
            "title": "X",
            "text": SCHEME.replace('"ward"', '"wrd"', 1).replace("cost = [0, 4999]", "coast = [0, 4999]"),
        },
    )
    assert wrong.status_code == 422
    assert "coast" in said_on(wrong)
    holed = SCHEME.replace("cost = [0, 4999]", "cost = [0, 3999]")
    checked = desk.post("/schemes/new", {"act": "check", "title": "X", "text": holed})
    assert "No one may decide" in said_on(checked)
    governed.viewer(governed.chief)
    assert Scheme.objects.count() == 1
    kept = desk.post("/schemes/new", {"act": "keep", "title": "Second", "text": holed})
    assert kept.status_code == 302
    assert desk.post(kept["Location"]).status_code == 422
    assert "No one may decide" in said_on(desk.get(kept["Location"]))
    sound = desk.post("/schemes/new", {"act": "keep", "title": "Third", "text": SCHEME})
    assert "Tried on the last twelve months" in said_on(desk.get(sound["Location"]))
    sent = desk.post(sound["Location"])
    assert sent["Location"].startswith("/decision/")
    assert "version 1" in said_on(desk.get("/schemes")).lower()


def test_a_limit_is_asked_for_given_and_reviewed(governed, now):
    manager = signed_in("manager")
    page = f"/earn/{governed.ward7.id}"
    assert manager.post(page, {"line": "", "up_to": "x"}).status_code == 422
    ask = {"line": "ward|cost", "up_to": "8000", "coach": str(governed.coach.id), "guard_rail": "Overspent twice"}
    assert manager.post(page, {**ask, "up_to": "100"}).status_code == 422
    assert manager.post(page, ask).status_code == 302
    governed.viewer(governed.head)
    found = Decision.objects.get(kind="raise_limit")
    assert (
        signed_in("manager")
        .post(f"/decision/{found.id}/decide", {"outcome": "approved", "reason": "Earned"})
        .status_code
        == 302
    )
    governed.viewer(governed.coach)
    limit = EarnedLimit.objects.get()
    assert "Ward 7 may decide" in said_on(manager.get(f"/map?unit={governed.ward7.id}"))
    coach = signed_in("coach")
    assert coach.post(f"/limit/{limit.id}", {"verdict": "keep", "words": ""}).status_code == 422
    assert manager.post(f"/limit/{limit.id}", {"verdict": "keep", "words": "Well"}).status_code == 422
    assert coach.post(f"/limit/{limit.id}", {"verdict": "keep", "words": "Well"}).status_code == 302
    assert coach.get(f"/limit/{uuid4()}").status_code == 404
    assert earned.outcomes(limit)["not_yet"] >= 0


@pytest.mark.parametrize("bad", ["a\x00b", "x" * 300_000, "<script>", "\u202e"])
def test_hostile_words_are_refused_or_kept_as_words(governed, now, bad):
    desk, found = signed_in("nurse"), asked(governed, now)
    assert desk.get(
        "/raise", {"title": bad[:2000], "fact_cost": bad[:50], "unit": bad[:50], "organisations": bad[:5]}
    ).status_code in (200, 422)
    assert desk.post("/raise", {"title": bad, "unit": bad, "fact_cost": bad, "organisations": bad}).status_code in (
        302,
        422,
    )
    manager = signed_in("manager")
    for path in ("decide", "ask", "touched", "facts", "propose", "look-back"):
        answer = manager.post(
            f"/decision/{found.id}/{path}",
            {
                "outcome": bad,
                "reason": bad,
                "question": bad,
                "whom": bad,
                "fact_cost": bad,
                "text": bad,
                "days": bad,
                "verdict": bad,
                "happened": bad,
            },
        )
        assert answer.status_code in (302, 422), path
        assert b"<script>" not in answer.content.replace(b'<script type="module"', b"").replace(b"<script src", b"")


def test_the_pages_ask_the_database_little_however_much_was_said(governed, now):
    found = asked(governed, now, cost=6000)
    head = governed.viewer(governed.head, now)
    hearings.open_hearing(
        by=head,
        at=now,
        decision=found,
        question="Well?",
        closes_at=now + timedelta(days=2),
        view="approved",
        confidence="low",
    )
    desk = signed_in("head")

    def queries(path):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert desk.get(path).status_code == 200
        return len(seen)

    before = queries(f"/decision/{found.id}")
    for name in ("nurse", "deputy"):
        by = governed.viewer(getattr(governed, name), now)
        hearings.say(by=by, at=now, decision=found, party=hearings.parties_of(by, found)[-1], stance="for", text="Yes")
    for _ in range(5):
        asked(governed, now, cost=9000)
    assert queries(f"/decision/{found.id}") <= before + 2
    assert queries("/decisions") < 45
