"""Governance's pages as people see them: with nothing, with something, and for those without an account."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from goldthread.organisation.models import Account
from goldthread.practices.governance import actions
from goldthread.practices.governance.models import Clause, Comment, Meeting, Pledge
from goldthread.record.models import Partner
from goldthread.record.refs import Ref
from goldthread.record.signed import VALID_FOR, make_link, read_link, read_partner_link


def client_of(email):
    client = Client()
    client.force_login(Account.objects.get(email=email))
    return client


@pytest.fixture
def at_desk(small_system):
    """Signed in as whoever manages the whole trust."""
    return client_of("chief@example.org")


@pytest.fixture
def now(at, monkeypatch):
    """The pages read the time once: it is the small system's."""
    from goldthread.journal import clock

    monkeypatch.setattr(clock, "now", lambda using="default": at)
    return at


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


LISTS = ("/forums", "/drafts", "/joint-work", "/promises", "/briefs", "/promises/public", "/brief")


@pytest.mark.parametrize("address", LISTS)
def test_lists_say_what_would_fill_them_and_need_signing_in(at_desk, now, address):
    answer = at_desk.get(address)
    assert answer.status_code == 200
    assert answer.content.count(b"<h1") == 1
    assert Client().get(address).status_code == 302


def test_a_draft_is_written_asked_about_answered_and_put_to_a_decision(
    small_system, at_desk, now, forum, practice_nurse
):
    answer = at_desk.post("/drafts", {"title": "Bed moves", "purpose": "Fewer of them"})
    page = answer["Location"]
    at_desk.post(page, {"act": "clause", "text": "Nobody is moved after 22:00."})
    at_desk.post(page, {"act": "bind", "who": f"body:{forum.body.id}"})
    assert at_desk.post(page, {"act": "consult"}).status_code == 302
    clause = Clause.objects.get()
    nurse = client_of("nurse@example.org")
    assert nurse.post(f"/draft/clause/{clause.id}", {"kind": "concern", "text": "Emergencies?"}).status_code == 302
    small_system.viewer(small_system.chief)
    refused = at_desk.post(page, {"act": "adopt"})
    assert refused.status_code == 422
    assert "1 of the comments has no answer yet" in text_of(refused)
    comment = Comment.objects.get()
    assert "What becomes of this comment?" in text_of(at_desk.get(f"/draft/comment/{comment.id}"))
    wrong = at_desk.post(
        f"/draft/comment/{comment.id}", {"outcome": "taken_in", "answer": "Yes", "text": "Nobody is moved after 22:00."}
    )
    assert wrong.status_code == 422
    at_desk.post(
        f"/draft/comment/{comment.id}",
        {"outcome": "taken_in", "answer": "Yes", "text": "Nobody is moved after 22:00, but in an emergency."},
    )
    shown = text_of(at_desk.get(page))
    assert "every comment has its answer" in shown
    assert "after a comment by Amina Yusuf" in shown
    assert at_desk.post(page, {"act": "adopt"}).status_code == 302
    assert "waits for its decision" in text_of(at_desk.get(page))


def test_somebody_who_does_not_hold_the_pen_is_refused_on_the_page(small_system, at_desk, now):
    page = at_desk.post("/drafts", {"title": "Bed moves", "purpose": "Fewer of them"})["Location"]
    nurse = client_of("nurse@example.org")
    refused = nurse.post(page, {"act": "clause", "text": "Mine"})
    assert refused.status_code == 422
    assert "holds the pen" in text_of(refused)
    assert "Add the clause" not in text_of(nurse.get(page))


def test_a_forum_its_meeting_and_the_note(small_system, at_desk, now, forum, chief):
    matter = actions.raise_matter(by=chief, at=now, unit=small_system.root, title="Change the handover?")
    shown = text_of(at_desk.get(f"/forum/{forum.body.id}"))
    assert "nothing waits for it" in shown
    assert "No seat yet for: Estates and ancillary; Managers." in shown
    page = at_desk.post(f"/forum/{forum.body.id}", {"on": now.date().isoformat(), "place": "Room 2"})["Location"]
    meeting = Meeting.objects.get()
    actions.add_item(by=chief, at=now, meeting=meeting, decision=matter.decision)
    shown = text_of(at_desk.get(page))
    assert "One decision on the agenda" in shown or "1 decision on the agenda" in shown
    note = re.search(r'href="(/meeting/item/[^"]+)"', shown)[1]
    assert at_desk.post(note, {"note": "Nights want a trial"}).status_code == 302
    assert "Nights want a trial" in text_of(at_desk.get(page))
    assert at_desk.post(page, {"act": "held", "present": [str(forum.seats[0].id)]}).status_code == 302
    assert "Who was there" in text_of(at_desk.get(page))
    assert "Dilys Morgan" in at_desk.get(f"/forum/{forum.body.id}?format=csv").content.decode()


def test_joint_work_from_proposal_to_start(small_system, at_desk, now, practice_nurse):
    page = at_desk.post("/joint-work", {"title": "One list", "purpose": "Same on both sides"})["Location"]
    at_desk.post(page, {"act": "join", "who": f"partner:{practice_nurse.id}"})
    assert "Nobody has estimated" in text_of(at_desk.post(page, {"act": "choose"}))
    at_desk.post(page, {"act": "estimate", "party": "own", "effort": "2", "benefit": "5"})
    assert "1 quick win" in text_of(at_desk.get("/joint-work"))
    at_desk.post(page, {"act": "choose"})
    at_desk.post(page, {"act": "start"})
    shown = text_of(at_desk.get(page))
    assert "to be looked at in 3 months" in shown
    assert "What was seen" not in shown


def link_in(answer):
    return re.search(r"/partner/[^<\s]+", answer.content.decode())[0]


def test_a_partner_confirms_a_promise_through_its_link_once_and_keeps_the_receipt(at_desk, now, chief, practice_nurse):
    made = at_desk.post(
        "/promises", {"to": f"p:{practice_nurse.id}", "text": "A line for calls", "due_on": now.date().isoformat()}
    )
    page = made["Location"]
    link = link_in(at_desk.post(page, {"act": "link"}))
    stranger = Client()
    assert "Was this promise to you kept?" in text_of(stranger.get(link))
    assert stranger.post(link, {}).status_code == 422
    assert stranger.post(link, {"kept": "no"}).status_code == 422  # what is missing?
    assert "Thank you: we have what you sent" in text_of(stranger.post(link, {"kept": "no", "note": "Nobody answers"}))
    again = text_of(stranger.post(link, {"kept": "yes"}))
    assert "You said that it was not kept" in again
    assert Pledge.objects.get().state == "not_kept"
    assert "They say</dt><dd>not kept" in text_of(at_desk.get(page))


def test_a_link_used_after_the_thing_ended_says_so_kindly(at_desk, now, chief, practice_nurse, small_system):
    made = actions.pledge(
        by=chief, at=now, unit=small_system.root, text="A line", due_on=now.date(), to_partner=practice_nurse
    )
    token = actions.ask_partner(
        by=chief, at=now, partner=practice_nurse, purpose="pledge_confirm", about=Ref("governance", "pledge", made.id)
    )
    actions.say_ended(by=chief, at=now, pledge=made, state="withdrawn", note="No money")
    answer = Client().get(f"/partner/{token}")
    assert answer.status_code == 200
    assert "This is over already" in text_of(answer)
    assert "No money" in text_of(answer)
    assert '<form method="post" novalidate' not in text_of(answer)
    Client().post(f"/partner/{token}", {"kept": "yes"})
    assert Pledge.objects.get().state == "withdrawn"


def test_a_partner_comments_on_a_clause_and_later_reads_the_answer(at_desk, now, chief, practice_nurse, small_system):
    draft = actions.begin_draft(by=chief, at=now, unit=small_system.root, title="Bed moves", purpose="Fewer")
    clause = actions.add_clause(by=chief, at=now, draft=draft, text="Nobody is moved after 22:00.")
    actions.bind(by=chief, at=now, draft=draft, partner=practice_nurse)
    link = link_in(at_desk.post(f"/draft/clause/{clause.id}", {"partner": str(practice_nurse.id)}))
    stranger = Client()
    assert "Nobody is moved after 22:00." in text_of(stranger.get(link))
    stranger.post(link, {"kind": "question", "text": "Who calls us?"})
    assert Comment.objects.get().partner_id == practice_nurse.id
    small_system.viewer(small_system.chief)
    actions.answer_comment(
        by=chief, at=now, comment=Comment.objects.get(), outcome="answered", answer="The site manager"
    )
    assert "The site manager" in text_of(stranger.get(link))


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("estimate", {"effort": "2", "benefit": "4"}),
        ("brief_write", {"aims": "See people at home", "limits": "Two cars", "incentives": "Paid for each visit"}),
        ("brief_back", {"in_own_words": "They have little money and want fewer moves at night"}),
    ],
)
def test_every_other_purpose_is_done_once_and_shows_its_receipt(
    now, chief, practice_nurse, small_system, purpose, said
):
    if purpose == "estimate":
        work = actions.propose_initiative(by=chief, at=now, unit=small_system.root, title="One list", purpose="Same")
        actions.join(by=chief, at=now, initiative=work, partner=practice_nurse)
        about = Ref("governance", "initiative", work.id)
    elif purpose == "brief_write":
        about = Ref("governance", "partner", practice_nurse.id)
    else:
        brief = actions.write_brief(
            by=chief, at=now, aims="Fewer moves", limits="No more money", incentives="The rating"
        )
        actions.share_brief(by=chief, at=now, brief=brief, with_partner=practice_nurse)
        about = Ref("governance", "brief", brief.id)
    token = actions.ask_partner(by=chief, at=now, partner=practice_nurse, purpose=purpose, about=about)
    stranger = Client()
    assert stranger.get(f"/partner/{token}").status_code == 200
    assert stranger.post(f"/partner/{token}", {}).status_code == 422
    assert "Thank you: we have what you sent" in text_of(stranger.post(f"/partner/{token}", said))
    assert "Thank you: we have what you sent" in text_of(stranger.get(f"/partner/{token}"))


def test_a_link_is_for_its_partner_its_purpose_and_fourteen_days(small_system, at, practice_nurse):
    ref = Ref("governance", "pledge", practice_nurse.id)
    token = make_link(purpose="pledge_confirm", ref=ref, organisation_id=7, partner_id=practice_nurse.id, at=at)
    found = read_partner_link(token, at=at + VALID_FOR)
    assert (found.purpose, found.ref, found.partner_id, found.made_at) == ("pledge_confirm", ref, practice_nurse.id, at)
    assert read_partner_link(token, at=at + VALID_FOR + timedelta(seconds=1)) is None
    assert read_partner_link(token[:-2] + "xx", at=at) is None
    assert read_link(token, purpose="pledge_confirm", at=at) is None  # not a person's
    with pytest.raises(ValueError, match="one person or"):
        make_link(purpose="x", ref=ref, organisation_id=7, at=at)


def test_a_link_that_ran_out_was_altered_or_has_no_partner_any_more_leads_to_a_kind_page(
    now, chief, practice_nurse, small_system
):
    made = actions.pledge(
        by=chief, at=now, unit=small_system.root, text="A line", due_on=now.date(), to_partner=practice_nurse
    )
    ref = Ref("governance", "pledge", made.id)

    def link(at):
        return make_link(
            purpose="pledge_confirm",
            ref=ref,
            organisation_id=chief.organisation_id,
            partner_id=practice_nurse.id,
            at=at,
        )

    for token in ("nonsense", link(now - VALID_FOR - timedelta(minutes=1))):
        answer = Client().get(f"/partner/{token}")
        assert answer.status_code == 404
        assert "This link does not work any more" in text_of(answer)
    good = link(now)
    Partner.objects.filter(id=practice_nurse.id).update(ended_on=now.date())
    assert "does not work with you" in text_of(Client().get(f"/partner/{good}"))


def test_one_partner_cannot_use_the_question_of_another(now, chief, practice_nurse, small_system):
    made = actions.pledge(
        by=chief, at=now, unit=small_system.root, text="A line", due_on=now.date(), to_partner=practice_nurse
    )
    other = Partner.objects.create(
        organisation_id=chief.organisation_id, name="Elsewhere", kind="council", since=now.date()
    )
    token = make_link(purpose="pledge_confirm", ref=Ref("governance", "pledge", made.id), organisation_id=chief.organisation_id,
                      partner_id=other.id, at=now)  # fmt: skip
    assert Client().get(f"/partner/{token}").status_code == 404
    assert Client().post(f"/partner/{token}", {"kept": "yes"}).status_code == 404
    assert Pledge.objects.get().confirmed is None


def test_the_public_page_is_not_there_until_it_is_switched_on_and_names_nobody(at_desk, now, chief, small_system):
    made = actions.pledge(
        by=chief,
        at=now,
        unit=small_system.root,
        text="Letters in a day",
        due_on=now.date(),
        to_organisation=small_system.other,
    )
    assert Client().get("/promised/NM1").status_code == 404
    assert at_desk.post("/promises/public", {"act": "switch", "because": ""}).status_code == 422
    at_desk.post("/promises/public", {"act": "switch", "because": "The board agreed"})
    assert "Letters in a day" not in text_of(Client().get("/promised/NM1"))
    at_desk.post(f"/promises/given/{made.id}", {"act": "show"})
    shown = text_of(Client().get("/promised/NM1"))
    assert "Letters in a day" in shown
    assert "Southvale Care" in shown
    assert "Ewan Grant" not in shown
    assert "Letters in a day" in Client().get("/promised/NM1?format=csv").content.decode()
    assert Client().get("/promised/SV1").status_code == 404
    at_desk.post("/promises/public", {"act": "switch", "because": "We check it again"})
    assert Client().get("/promised/NM1").status_code == 404


def test_another_organisation_reads_none_of_these_pages(at_desk, now, chief, forum, small_system):
    made = actions.pledge(
        by=chief, at=now, unit=small_system.root, text="Letters", due_on=now.date(), to_organisation=small_system.other
    )
    draft = actions.begin_draft(by=chief, at=now, unit=small_system.root, title="Ours", purpose="Ours")
    work = actions.propose_initiative(by=chief, at=now, unit=small_system.root, title="Ours", purpose="Ours")
    meeting = actions.plan_meeting(by=chief, at=now, body=forum.body, on=now.date(), place="Here")
    theirs = client_of("stranger@example.org")
    for address in (
        f"/promises/given/{made.id}",
        f"/draft/{draft.id}",
        f"/joint-work/{work.id}",
        f"/meeting/{meeting.id}",
        f"/forum/{forum.body.id}",
    ):
        assert at_desk.get(address).status_code == 200
        assert theirs.get(address).status_code == 404
    assert "Letters" in text_of(theirs.get("/promises"))  # their own copy


def test_who_does_not_speak_for_the_organisation_cannot_promise_or_switch(now, small_system):
    nurse = client_of("nurse@example.org")
    assert "We promise this" not in text_of(nurse.get("/promises"))
    answer = nurse.post(
        "/promises", {"to": f"o:{small_system.other.id}", "text": "Mine", "due_on": now.date().isoformat()}
    )
    assert answer.status_code == 403
    assert nurse.post("/promises/public", {"because": "Mine"}).status_code == 403
    assert nurse.post("/brief", {"act": "write", "aims": "a", "limits": "b", "incentives": "c"}).status_code == 403


def test_a_brief_is_written_sent_and_said_back_on_its_page(at_desk, now, small_system, practice_nurse):
    said = {"act": "write", "aims": "Fewer moves", "limits": "No more money", "incentives": "The rating"}
    assert at_desk.post("/brief", said).status_code == 302
    assert "nobody has said it back yet" in text_of(at_desk.get("/brief"))
    nurse = client_of("nurse@example.org")
    assert nurse.post("/brief", {"act": "back", "in_own_words": "Yes"}).status_code == 422
    assert (
        nurse.post("/brief", {"act": "back", "in_own_words": "They want people to sleep through the night"}).status_code
        == 302
    )
    assert at_desk.post("/brief", {"act": "share", "to": f"o:{small_system.other.id}"}).status_code == 302
    link = link_in(at_desk.post("/brief", {"act": "share", "to": f"p:{practice_nurse.id}"}))
    assert "What do you understand from this brief?" in text_of(Client().get(link))
    theirs = client_of("stranger@example.org")
    found = text_of(theirs.get("/briefs"))
    assert "Brief of Northmoor Hospitals" in found
    assert theirs.get(re.search(r'href="(/brief/received/[^"]+)"', found)[1]).status_code == 200
