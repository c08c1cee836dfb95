"""Telling people: nothing twice, nothing lost, at most one message a day, and nothing that its reader may not see."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections, transaction

from goldthread.practices.voice.actions.ideas import raise_idea
from goldthread.record import outbox
from goldthread.record.actions import decisions
from goldthread.record.actions.notices import tell
from goldthread.record.refs import Ref
from goldthread.record.signed import make_link, read_link

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def system(committed):
    committed.jump(AT)
    return committed


def raised(system, text="A second hoist", identity="named"):
    """An idea of Ward 7, whose manager and deputy are told that it is theirs."""
    with transaction.atomic():
        at = system.now()
        return raise_idea(
            by=system.viewer(system.nurse, at), at=at, unit=system.ward7, text=text, identity=identity
        ).idea


def letters():
    """Who got what since the last look."""
    found = {letter.to[0].partition("@")[0]: letter for letter in mail.outbox}
    assert len(found) == len(mail.outbox), "somebody got two"
    mail.outbox.clear()
    return found


def untold(system):
    return system.owner("select count(*) from record_notice where told_at is null")[0][0]


def test_one_message_a_day_with_everything_in_it(system):
    raised(system, "A second hoist")
    raised(system, "A quieter bin")
    assert outbox.deliver() == 2
    found = letters()
    assert set(found) == {"manager", "deputy"}
    assert found["manager"].subject == "goldthread: 2 things for you"
    assert found["manager"].body.startswith("Dear Beth Okafor,\n\nYours to decide: ")
    assert found["manager"].body.count("/decision/") == 2
    assert untold(system) == 0
    assert outbox.deliver() == 0


def test_what_comes_later_waits_for_the_next_day(system):
    raised(system)
    outbox.deliver()
    letters()
    raised(system, "A quieter bin")
    assert outbox.deliver() == 0
    assert untold(system) == 2
    system.jump(AT + timedelta(hours=13, minutes=59))  # one minute to midnight in London
    assert outbox.deliver() == 0
    system.jump(AT + timedelta(hours=14, minutes=1))
    assert outbox.deliver() == 2
    assert "quieter bin" in letters()["manager"].body


def test_a_crash_after_sending_repeats_the_same_message_and_nothing_else(system, monkeypatch):
    raised(system)

    def crash(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "leave", crash)  # the message is out, and what would say so is never written
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver()
    monkeypatch.undo()
    (first,) = mail.outbox
    mail.outbox.clear()
    raised(system, "A quieter bin")
    outbox.deliver()
    assert first.to[0] not in [letter.to[0] for letter in mail.outbox]  # perhaps it is still being sent
    mail.outbox.clear()
    system.jump(AT + timedelta(minutes=11))
    outbox.deliver()
    again = next(letter for letter in mail.outbox if letter.to == first.to)
    assert again.extra_headers["Message-ID"] == first.extra_headers["Message-ID"]
    assert again.body == first.body
    mail.outbox.clear()
    system.jump(AT + timedelta(days=1))
    outbox.deliver()
    assert "quieter bin" in letters()[first.to[0].partition("@")[0]].body
    assert untold(system) == 0


def test_a_mail_server_that_refuses_one_address_serves_the_others(system, monkeypatch):
    raised(system)
    real = EmailMessage.send

    def send(self, *given, **more):
        if self.to == ["deputy@example.org"]:
            raise ConnectionRefusedError
        return real(self, *given, **more)

    monkeypatch.setattr(EmailMessage, "send", send)
    assert outbox.deliver() == 1
    assert set(letters()) == {"manager"}
    assert untold(system) == 1  # not lost
    monkeypatch.undo()
    system.jump(AT + timedelta(minutes=11))
    assert outbox.deliver() == 1
    assert set(letters()) == {"deputy"}


def test_an_address_that_is_none_stops_nobody(system):
    system.owner("update organisation_person set email = E'deputy@example.org\\nBcc: all@example.org' where code = 'P3' and organisation_id = %s",
                 system.trust.id)  # fmt: skip
    raised(system)
    assert outbox.deliver() == 1
    assert set(letters()) == {"manager"}


def test_somebody_without_an_address_finds_it_on_the_page(system):
    system.owner(
        "update organisation_person set email = '' where code = 'P3' and organisation_id = %s", system.trust.id
    )
    raised(system)
    assert outbox.deliver() == 1
    assert untold(system) == 0


def test_whoever_has_left_is_not_written_to(system):
    raised(system)
    system.owner("update organisation_person set left_on = '2026-06-01' where code = 'P2' and organisation_id = %s", system.trust.id)  # fmt: skip
    assert outbox.deliver() == 1
    assert set(letters()) == {"deputy"}


def test_an_author_whose_name_is_kept_is_told_and_named_to_nobody(system):
    idea = raised(system, identity="kept")
    outbox.deliver()
    assert "Amina" not in letters()["manager"].body
    with transaction.atomic():
        at = system.now()
        decisions.decide(by=system.viewer(system.manager, at), at=at, decision=idea.decision, outcome="declined", reason="Not this year")  # fmt: skip
    assert system.owner("select count(*) from record_notice where kind = 'idea_answered' and person_id is null") == [
        (1,)
    ]
    system.jump(AT + timedelta(days=1))
    assert outbox.deliver() == 1
    assert "Your idea has an answer" in letters()["nurse"].body
    assert system.owner("select count(*) from record_notice where kind = 'idea_answered' and person_id is null") == [
        (1,)
    ]


def test_what_has_nobody_to_tell_stands_in_nobodys_way(system, monkeypatch):
    monkeypatch.setattr(outbox, "MOST", 5)
    with transaction.atomic():
        system.viewer(system.manager)
        for practice in ("voice", "no_longer_installed"):
            for _ in range(5):
                tell(organisation_id=system.trust.id, person_id=None, about=Ref(practice, "idea", uuid4()), kind="idea_answered",
                     at=AT - timedelta(days=1))  # fmt: skip
    raised(system)
    assert [outbox.deliver() for _ in range(3)] == [0, 0, 2]
    assert untold(system) == 0


def test_what_the_reader_may_not_see_is_not_told(system):
    with transaction.atomic():
        system.viewer(system.manager)
        tell(organisation_id=system.trust.id, person_id=system.porter.id, about=Ref("voice", "idea", uuid4()), kind="idea_answered", at=AT)  # fmt: skip
    assert outbox.deliver() == 0
    assert mail.outbox == []


def test_the_same_thing_is_told_once(system):
    with transaction.atomic():
        system.viewer(system.manager)
        ref = Ref("voice", "idea", uuid4())
        for once in ("", "", "1", "1", "2"):
            tell(
                organisation_id=system.trust.id,
                person_id=system.porter.id,
                about=ref,
                kind="idea_answered",
                at=AT,
                once=once,
            )
    assert system.owner("select count(*) from record_notice") == [(3,)]


def test_four_job_processes_at_once_write_once(system):
    for number in range(4):
        raised(system, f"Idea {number}")
    together, found = threading.Barrier(4), []

    def one():
        together.wait()
        try:
            found.append(outbox.deliver())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 2
    assert all(letter.body.count("Yours to decide") == 4 for letter in letters().values())


def test_the_journal_says_how_many_and_not_what(system):
    raised(system)
    outbox.deliver()
    found = system.owner("select actor_kind, object_id, data from journal_event where kind = 'record.digest_sent'")
    assert [str(row) for row in found] == ["('system', None, '{\"notices\": 1}')"] * 2


def test_a_link_is_for_one_purpose_one_thing_one_person_and_fourteen_days():
    ref, person = Ref("voice", "idea", uuid4()), uuid4()
    token = make_link(purpose="loop", ref=ref, organisation_id=7, person_id=person, at=AT)
    found = read_link(token, purpose="loop", at=AT + timedelta(days=14))
    assert found is not None
    assert (found.ref, found.organisation_id, found.person_id) == (ref, 7, person)
    assert read_link(token, purpose="loop", at=AT + timedelta(days=14, seconds=1)) is None
    assert read_link(token, purpose="decide", at=AT) is None
    for altered in (token[:-1], token[1:], token.swapcase(), "", "x", token + "a" * 5000):
        assert read_link(altered, purpose="loop", at=AT) is None
