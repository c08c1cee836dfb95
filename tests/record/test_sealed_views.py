"""The decision-maker's view, written down before anybody is heard: nobody reads, changes or opens it before deciding does."""

import hashlib
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from goldthread.journal.models import Event
from goldthread.methods.proportions import clopper_pearson
from goldthread.record.actions import hearings, sealed
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Party, SealedView, Submission
from goldthread.record.queries import authority
from tests.record.stage import everything

ADVICE = 'decider = "ward", method = "advice", within_days = 14, consult = ["division"]'


@pytest.fixture
def asked(stage):
    stage.in_force(everything(ADVICE))
    return stage.raised()


def open_hearing(stage, decision, person=None, **more):
    how = {"question": "What do you say?", "closes_at": stage.now() + timedelta(days=7), **more}
    return stage.do(person or stage.manager, hearings.open_hearing, decision=decision, **how)


def heard(stage, decision, view="declined", person=None):
    """Sealed, opened, heard and answered: the decision can be taken."""
    open_hearing(stage, decision, person, view=view, confidence="high")
    party = stage.one(Party, decision_id=decision.id)
    stage.do(stage.head, hearings.say, decision=decision, party=party, stance="for", text="Yes")
    said = stage.one(Submission, decision_id=decision.id)
    stage.do(person or stage.manager, hearings.reply, submission=said, text="Thank you")
    return stage.one(SealedView, decision_id=decision.id)


def test_people_are_asked_only_once_a_view_is_sealed(stage, asked):
    for given in ({}, {"view": "agreed"}, {"confidence": "low"}):
        with pytest.raises(Invalid, match="before you hear anybody") as caught:
            open_hearing(stage, asked, **given)
        assert caught.value.field == "view"
    stage.do(stage.manager, sealed.seal_view, decision=asked, outcome="agreed", confidence="low")
    assert open_hearing(stage, asked).opened_by_id == stage.manager.id


def test_a_view_is_one_of_the_answers_with_how_sure(stage, asked):
    for given, field in (
        ({"outcome": "maybe", "confidence": "low"}, "view"),
        ({"outcome": "agreed", "confidence": "99 %"}, "confidence"),
    ):
        with pytest.raises(Invalid) as caught:
            stage.do(stage.manager, sealed.seal_view, decision=asked, **given)
        assert caught.value.field == field
    assert not stage.all(SealedView).exists()


def test_only_whoever_decides_seals(stage, asked):
    with pytest.raises(NotYours, match="manager of Ward 7"):
        stage.do(stage.head, sealed.seal_view, decision=asked, outcome="agreed", confidence="low")


def test_advice_on_ethics_needs_no_view(stage, asked):
    assert open_hearing(stage, asked, kind="ethics").kind == "ethics"
    assert not stage.all(SealedView).exists()


def test_nothing_in_the_database_says_what_was_sealed(stage, asked):
    stage.do(stage.manager, sealed.seal_view, decision=asked, outcome="declined", confidence="middle")
    [row] = stage.sql("select * from record_sealedview")
    stored = b"".join(bytes(one) if isinstance(one, memoryview | bytes) else str(one).encode() for one in row)
    for word in (b"declined", b"agreed", b"middle"):
        assert word not in stored
    journal = str(stage.sql("select data from journal_event where kind = 'record.view_sealed'"))
    assert "declined" not in journal
    assert "middle" not in journal


def test_its_length_does_not_tell_what_it_says(stage):
    stage.in_force(everything(ADVICE))
    lengths = set()
    for outcome in ("agreed", "declined"):
        for confidence in sealed.CONFIDENCE:
            view = stage.do(
                stage.manager, sealed.seal_view, decision=stage.raised(), outcome=outcome, confidence=confidence
            )
            lengths.add((len(view.ciphertext), len(view.sha256)))
    assert len(lengths) == 1


def test_the_same_view_looks_different_each_time(stage):
    stage.in_force(everything(ADVICE))
    views = [stage.do(stage.manager, sealed.seal_view, decision=stage.raised(), outcome="agreed", confidence="low") for _ in range(3)]  # fmt: skip
    assert len({bytes(view.sha256) for view in views}) == len({bytes(view.ciphertext) for view in views}) == 3


def test_it_opens_with_the_key_outside_the_database_and_matches_its_proof(stage, asked, monkeypatch):
    view = stage.do(stage.manager, sealed.seal_view, decision=asked, outcome="declined", confidence="middle")
    assert sealed.read(view) == sealed.Opened("declined", "middle")
    forged = SealedView(ciphertext=view.ciphertext, sha256=hashlib.sha256(b"something else").digest())
    assert sealed.read(forged) is None
    monkeypatch.setenv("GOLDTHREAD_SEAL_KEY", Fernet.generate_key().decode())
    assert sealed.read(view) is None


def test_it_is_sealed_before_anybody_is_heard(stage, asked):
    open_hearing(stage, asked, kind="ethics")
    with pytest.raises(Refused, match="People are being heard already"):
        stage.do(stage.manager, sealed.seal_view, decision=asked, outcome="agreed", confidence="low")
    stage.refuses("insert into record_sealedview (id, organisation_id, decision_id, sealed_by_id, sealed_at, sha256, ciphertext) values (gen_random_uuid(), %s, %s, %s, now(), 'x', 'y')",
                  stage.trust.id, asked.id, stage.manager.id, match="sealed before anybody is heard")  # fmt: skip


def test_it_is_sealed_once_and_never_changed(stage, asked):
    stage.do(stage.manager, sealed.seal_view, decision=asked, outcome="agreed", confidence="low")
    with pytest.raises(Refused, match="cannot be replaced"):
        stage.do(stage.manager, sealed.seal_view, decision=asked, outcome="declined", confidence="low")
    for change in (
        "ciphertext = 'x'",
        "sha256 = 'x'",
        "sealed_at = sealed_at - interval '1 day'",
        f"sealed_by_id = '{stage.deputy.id}'",
    ):
        stage.refuses(f"update record_sealedview set {change}", match="a sealed view cannot be changed")
    stage.refuses("delete from record_sealedview", match="permission denied")


def test_nobody_opens_it_early(stage, asked):
    heard(stage, asked)
    stage.refuses("update record_sealedview set opened_at = now(), effect = 'changed'", match="only deciding opens")
    assert stage.one(SealedView).opened_at is None


def test_it_opens_once(stage, asked):
    heard(stage, asked)
    stage.decide(stage.manager, asked)
    stage.refuses("update record_sealedview set effect = 'unchanged'", match="this view has been opened")


@pytest.mark.parametrize(
    ("view", "amended", "effect"),
    [
        ("declined", False, "changed"),
        ("declined", True, "changed"),
        ("agreed", True, "amended"),
        ("agreed", False, "unchanged"),
    ],
)
def test_deciding_says_only_what_hearing_did_to_it(stage, asked, view, amended, effect):
    before = heard(stage, asked, view=view)
    stage.decide(stage.manager, asked, "agreed", amended=amended)
    after = stage.kept(before)
    assert (after.effect, after.opened_at is not None) == (effect, True)
    event = stage.one(Event, kind="record.decision_taken", object_id=asked.id)
    assert event.data["after_hearing"] == effect
    assert bytes(after.ciphertext) == bytes(before.ciphertext)


def test_where_somebody_else_decides_nothing_is_measured(stage, asked):
    view = heard(stage, asked, view="agreed")
    stage.decide(stage.deputy, asked, "agreed")
    assert stage.kept(view).effect == "not_measured"


def test_where_the_key_is_lost_nothing_is_measured(stage, asked, monkeypatch):
    view = heard(stage, asked, view="agreed")
    monkeypatch.setenv("GOLDTHREAD_SEAL_KEY", Fernet.generate_key().decode())
    stage.decide(stage.manager, asked, "agreed")
    assert stage.kept(view).effect == "not_measured"


def test_a_decision_that_was_taken_takes_no_view(stage):
    decision = stage.raised()
    stage.decide(stage.manager, decision)
    with pytest.raises(AlreadyEnded):
        stage.do(stage.manager, sealed.seal_view, decision=decision, outcome="agreed", confidence="low")


def test_another_organisation_sees_no_view(stage, asked):
    heard(stage, asked)
    assert stage.sql("select id from record_sealedview", organisation=stage.other) == []


def taken(stage, n, view, **more):
    for _ in range(n):
        decision = stage.raised()
        heard(stage, decision, view=view)
        stage.decide(more.pop("by", stage.manager), decision, "agreed", **more)


def listening(stage):
    def asked(*, viewer):
        rows = authority.decisions_under(viewer=viewer, unit=stage.root, since=stage.now().date())
        return authority.listening(rows)

    return stage.read(stage.chief, asked)


def test_rates_are_told_from_eleven_decisions_on(stage):
    stage.in_force(everything(ADVICE))
    taken(stage, 4, "declined")
    taken(stage, 2, "agreed", amended=True)
    taken(stage, 4, "agreed")
    taken(stage, 1, "agreed", by=stage.deputy)  # somebody else: not counted
    found = listening(stage)
    assert (found.changed, found.amended, found.unchanged, found.n, found.share) == (4, 2, 4, 10, None)
    taken(stage, 1, "agreed")
    found = listening(stage)
    exact = clopper_pearson(6, 11)
    assert (found.n, found.share) == (11, (6 / 11, exact.lower, exact.upper))
