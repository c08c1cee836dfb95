"""Partners without an account in a decision, and setting up the bodies in which people sit."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from goldthread.journal import clock
from goldthread.journal.events import SYSTEM
from goldthread.organisation.models import Account
from goldthread.record.actions import bodies, decisions, hearings, rounds, schemes
from goldthread.record.models import Body, BodySeat, Decision, Partner, Position, Seat, Submission
from goldthread.record.refs import Ref
from tests.record.stage import everything

pytestmark = pytest.mark.django_db


def signed_in(name):
    client = Client()
    client.force_login(Account.objects.get(email=f"{name}@example.org"))
    return client


@pytest.fixture
def now(small_system):
    """The real moment: the database's own clock closes hearings."""
    return clock.now()


@pytest.fixture
def harbour(small_system, now):
    return bodies.add_partner(
        by=small_system.viewer(small_system.chief, now), at=now, name="Harbour Practice", kind="practice"
    )


def asked(small_system, now, **more):
    return decisions.raise_decision(
        by=small_system.viewer(small_system.nurse, now), at=now, kind="matter", about=Ref("governance", "matter", uuid4()),
        unit=small_system.ward7, question="Shall we ring before people go home?", **more,
    )  # fmt: skip


def link_on(answer):
    found = re.search(r"http://[^<\s]*(/partner/[^<\s]+)", answer.content.decode())
    assert found, "the page shows no link"
    return found[1]


def test_a_partner_is_heard_through_its_link_once_and_reads_the_answer(small_system, now, harbour):
    decision = asked(small_system, now)
    manager = small_system.viewer(small_system.manager, now)
    party = hearings.add_party(
        by=manager, at=now, decision=decision, label="Harbour Practice", who="partner", partner=harbour, must=True
    )
    hearings.open_hearing(
        by=manager,
        at=now,
        decision=decision,
        question="Would it help?",
        closes_at=now + timedelta(days=3),
        view="declined",
        confidence="low",
    )
    page = f"/decision/{decision.id}/link/party/{party.id}"
    desk = signed_in("manager")
    assert b"has no account" in desk.get(page).content
    link = link_on(desk.post(page))
    assert signed_in("porter").post(page).status_code in (403, 422)
    outside = Client()
    shown = outside.get(link)
    assert b"Would it help?" in shown.content
    assert outside.post(link, {"stance": "", "text": ""}).status_code == 422
    sent = outside.post(link, {"stance": "for", "text": "Ring us too"})
    assert b"Ring us too" in sent.content
    small_system.viewer(small_system.manager, now)
    said = Submission.objects.get(partner=harbour)
    hearings.reply(by=small_system.viewer(small_system.manager, now), at=now, submission=said, text="We will")
    assert b"We will" in outside.get(link).content
    outside.post(link, {"stance": "against", "text": "Twice"})
    small_system.viewer(small_system.manager, now)
    assert Submission.objects.filter(partner=harbour).count() == 1


def test_a_partner_speaks_for_its_seat_through_its_link(small_system, now, harbour):
    chief = small_system.viewer(small_system.chief, now)
    board = bodies.make_body(
        by=chief,
        at=now,
        unit=small_system.root,
        slug="together",
        title="Together",
        kind="partnership",
        rights="decides",
        purpose="Joint work",
    )
    bodies.seat(by=chief, at=now, body=board, person=small_system.chief, place="chair")
    bodies.seat(by=chief, at=now, body=board, partner=harbour, represents="Practices")
    text = '[deciders.together]\nbody = "together"\n' + everything(
        'decider = "together", method = "consent", within_days = 9'
    )
    made = schemes.draft_scheme(by=chief, at=now, title="Trial", text=text)
    schemes.bring_into_force(
        scheme=made, unit=small_system.root, from_day=now.date(), at=now, decision=None, actor=SYSTEM
    )
    decision = asked(small_system, now)
    chief = small_system.viewer(small_system.chief, now)
    rounds.put_round(
        by=chief, at=now, decision=decision, outcome="approved", text="We ring the evening before", reason="People ask"
    )
    seat = Seat.objects.get(decision=decision, partner=harbour)
    link = link_on(signed_in("chief").post(f"/decision/{decision.id}/link/seat/{seat.id}"))
    outside = Client()
    assert b"Questions are being answered first" in outside.get(link).content
    chief = small_system.viewer(small_system.chief, now)
    rounds.ask_for_positions(by=chief, at=now, decision=decision)
    rounds.take_position(
        by=chief, at=now, seat=Seat.objects.get(decision=decision, person=small_system.chief), said="consent"
    )
    assert outside.post(link, {"said": "sign", "reason": ""}).status_code == 422
    assert outside.post(link, {"said": "object", "reason": ""}).status_code == 422
    sent = outside.post(link, {"said": "consent", "reason": ""})
    assert b"Consents" in sent.content
    small_system.viewer(small_system.chief, now)
    assert Position.objects.get(seat=seat).by_id is None
    assert Decision.objects.get(id=decision.id).decided_as == "carried"


def test_a_link_for_something_else_or_somebody_else_is_no_link(small_system, now, harbour):
    decision = asked(small_system, now)
    desk = signed_in("manager")
    for kind, wrong in (("party", uuid4()), ("seat", uuid4()), ("idea", uuid4())):
        assert desk.post(f"/decision/{decision.id}/link/{kind}/{wrong}").status_code == 404
    assert Client().get("/partner/not-a-token").status_code == 404


def test_whoever_keeps_governance_sets_up_a_forum_gives_seats_and_ends_them(small_system, now, harbour):
    desk = signed_in("chief")
    wrong = desk.post("/forums/new", {"title": "Nurses"})
    assert wrong.status_code == 422
    made = desk.post(
        "/forums/new",
        {"title": "Nurses' forum", "kind": "forum", "rights": "advises", "purpose": "To advise", "quorum": "3"},
    )
    assert made.status_code == 302
    small_system.viewer(small_system.chief, now)
    body = Body.objects.get(slug="nurses-forum")
    seats = f"/forum/{body.id}/seats"
    assert desk.post(seats, {"who": f"person:{small_system.manager.id}", "place": "chair"}).status_code == 302
    assert desk.post(seats, {"who": f"partner:{harbour.id}", "place": "member"}).status_code == 302
    again = desk.post(seats, {"who": f"person:{small_system.manager.id}", "place": "member"})
    assert again.status_code == 422
    small_system.viewer(small_system.chief, now)
    assert BodySeat.objects.filter(body=body).count() == 2
    seat = BodySeat.objects.get(body=body, partner=harbour)
    assert desk.post(seats, {"act": "end", "seat": str(seat.id)}).status_code == 302
    assert signed_in("nurse").get("/forums/new").status_code == 403
    assert signed_in("nurse").get(seats).status_code == 403


def test_a_partner_is_made_known_once(small_system, now, harbour):
    desk = signed_in("chief")
    assert (
        desk.post(
            "/partners/new", {"name": "Westmarch Council", "kind": "council", "email": "care@example.org"}
        ).status_code
        == 302
    )
    assert desk.post("/partners/new", {"name": "Harbour Practice", "kind": "practice"}).status_code == 422
    assert signed_in("nurse").post("/partners/new", {"name": "X", "kind": "other"}).status_code == 403
    small_system.viewer(small_system.chief, now)
    assert set(Partner.objects.values_list("name", flat=True)) == {"Harbour Practice", "Westmarch Council"}
