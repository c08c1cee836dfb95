"""Writing together: every comment gets an answer, every clause shows where its words come from, nothing is adopted before."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from goldthread.organisation.access import NotAllowed, NotFound
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.models import Clause, ClauseVersion, Comment, Draft
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Notice


@pytest.fixture
def draft(small_system, chief, forum, practice_nurse, at):
    """A policy with one clause, open for comments of the forum and the partner."""
    made = actions.begin_draft(
        by=chief, at=at, unit=small_system.root, title="Bed moves at night", purpose="Fewer moves"
    )
    actions.add_clause(by=chief, at=at, draft=made, text="Nobody is moved after 22:00.")
    actions.bind(by=chief, at=at, draft=made, body=forum.body)
    actions.bind(by=chief, at=at, draft=made, partner=practice_nurse)
    return actions.consult(by=chief, at=at, draft=made)


def clause_of(draft):
    return Clause.objects.get(draft=draft)


def said(small_system, draft, at, kind="concern", text="Not in an emergency"):
    viewer = small_system.viewer(small_system.nurse)
    made = actions.comment_on(by=viewer, at=at, clause=clause_of(draft), kind=kind, text=text)
    small_system.viewer(small_system.chief)
    return made


def refused_by_the_database(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
    return True


def test_asking_tells_the_members_of_a_forum_it_binds(small_system, draft):
    told = set(Notice.objects.filter(kind="draft_asks_you").values_list("person_id", flat=True))
    assert told == {small_system.head.id, small_system.manager.id}


def test_nobody_is_asked_before_there_is_a_clause_and_somebody_bound(small_system, chief, at):
    made = actions.begin_draft(by=chief, at=at, unit=small_system.root, title="Empty", purpose="None")
    with pytest.raises(Refused, match="first clause"):
        actions.consult(by=chief, at=at, draft=made)
    actions.add_clause(by=chief, at=at, draft=made, text="One")
    with pytest.raises(Refused, match="whom it binds"):
        actions.consult(by=chief, at=at, draft=made)


def test_who_does_not_govern_cannot_begin_a_draft(small_system, at):
    with pytest.raises(NotAllowed):
        actions.begin_draft(
            by=small_system.viewer(small_system.nurse), at=at, unit=small_system.ward7, title="Mine", purpose="Why"
        )


def test_a_comment_without_an_answer_stops_adoption(small_system, draft, chief, at):
    comment = said(small_system, draft, at)
    with pytest.raises(Refused, match="1 of the comments has no answer"):
        actions.adopt_draft(by=chief, at=at, draft=draft)
    actions.answer_comment(by=chief, at=at, comment=comment, outcome="not_taken", answer="Clause 2 covers emergencies")
    assert actions.adopt_draft(by=chief, at=at, draft=draft).state == "open"


def test_the_database_itself_refuses_to_adopt_with_a_comment_open(small_system, draft, chief, at):
    decision = decisions.raise_decision(
        by=chief, at=at, kind="adopt_draft", about=_ref(draft), unit=small_system.root, question="?"
    )
    said(small_system, draft, at)
    assert refused_by_the_database(lambda: Draft.objects.filter(id=draft.id).update(decision=decision))
    assert refused_by_the_database(
        lambda: Draft.objects.filter(id=draft.id).update(state="adopted", adopted_on=at.date(), decision=decision)
    )


def _ref(draft):
    from goldthread.practices.governance.actions.drafts import ref_of

    return ref_of(draft)


def test_taken_in_means_that_the_words_changed(small_system, draft, chief, at):
    comment = said(small_system, draft, at)
    with pytest.raises(Invalid, match="what the clause says now"):
        actions.answer_comment(by=chief, at=at, comment=comment, outcome="taken_in", answer="Good point")
    actions.answer_comment(by=chief, at=at, comment=comment, outcome="taken_in", answer="Good point",
                           text="Nobody is moved after 22:00, except in an emergency.")  # fmt: skip
    read = queries.clauses(viewer=chief, draft=draft)[0]
    assert [one.number for one in read.versions] == [1, 2]
    assert (read.now.from_comment_id, read.now.written_by_id) == (comment.id, small_system.chief.id)
    assert read.now.from_comment.person == small_system.nurse
    assert Notice.objects.get(kind="comment_answered").person_id == small_system.nurse.id


def test_a_concern_cannot_be_closed_as_answered(small_system, draft, chief, at):
    with pytest.raises(Invalid, match="say which"):
        actions.answer_comment(
            by=chief, at=at, comment=said(small_system, draft, at), outcome="answered", answer="Thanks"
        )
    question = said(small_system, draft, at, kind="question", text="From when?")
    answered = actions.answer_comment(by=chief, at=at, comment=question, outcome="answered", answer="From June")
    assert answered.outcome == "answered"


def test_an_answer_is_given_once_and_with_words(small_system, draft, chief, at):
    comment = said(small_system, draft, at)
    with pytest.raises(Invalid, match="Write something"):
        actions.answer_comment(by=chief, at=at, comment=comment, outcome="not_taken", answer=" ")
    actions.answer_comment(by=chief, at=at, comment=comment, outcome="not_taken", answer="No")
    with pytest.raises(AlreadyEnded):
        actions.answer_comment(by=chief, at=at, comment=comment, outcome="taken_in", answer="Yes", text="Other")
    assert refused_by_the_database(lambda: Comment.objects.filter(id=comment.id).update(answer="Other"))


def test_what_somebody_said_and_what_a_clause_said_cannot_be_rewritten(small_system, draft, at):
    comment = said(small_system, draft, at)
    version = ClauseVersion.objects.get(clause__draft=draft)
    assert refused_by_the_database(lambda: Comment.objects.filter(id=comment.id).update(text="Lovely"))
    assert refused_by_the_database(lambda: ClauseVersion.objects.filter(id=version.id).update(text="Lovely"))


def test_only_whoever_holds_the_pen_writes(small_system, draft, at):
    with pytest.raises(NotYours, match="Ewan Grant"):
        actions.rewrite(
            by=small_system.viewer(small_system.nurse), at=at, clause=clause_of(draft), text="Mine", because="I can"
        )


def test_a_partner_that_is_bound_comments_once_on_a_version(draft, chief, practice_nurse, at):
    clause = clause_of(draft)
    actions.comment_as_partner(
        by=practice_nurse, at=at, clause=clause, kind="suggestion", text="Say who decides at night"
    )
    with pytest.raises(AlreadyEnded, match="reached us"):
        actions.comment_as_partner(by=practice_nurse, at=at, clause=clause, kind="suggestion", text="Again")
    actions.rewrite(
        by=chief, at=at, clause=clause, text="The site manager decides at night.", because="Said by a partner"
    )
    again = actions.comment_as_partner(by=practice_nurse, at=at, clause=clause, kind="support", text="Good")
    assert again.version.number == 2


def test_a_partner_that_is_not_bound_has_no_say(small_system, chief, practice_nurse, at):
    made = actions.begin_draft(by=chief, at=at, unit=small_system.root, title="Other", purpose="Other")
    clause = actions.add_clause(by=chief, at=at, draft=made, text="One")
    with pytest.raises(NotFound):
        actions.comment_as_partner(by=practice_nurse, at=at, clause=clause, kind="support", text="Yes")


def test_while_it_waits_for_its_decision_its_words_stand_still(small_system, draft, chief, at):
    actions.adopt_draft(by=chief, at=at, draft=draft)
    with pytest.raises(AlreadyEnded, match="stand still"):
        actions.rewrite(by=chief, at=at, clause=clause_of(draft), text="Other", because="Late")
    with pytest.raises(AlreadyEnded, match="time for comments is over"):
        said(small_system, draft, at)
    assert refused_by_the_database(lambda: ClauseVersion.objects.create(
        organisation_id=draft.organisation_id, clause=clause_of(draft), number=2, text="Other", because="Late",
        written_by_id=small_system.chief.id, at=at))  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "state"), [("adopted", "adopted"), ("changes_wanted", "drafting"), ("declined", "withdrawn")]
)
def test_the_decision_ends_the_draft_or_sends_it_back(small_system, draft, chief, at, outcome, state):
    said(small_system, draft, at, kind="support", text="Good")
    comment = Comment.objects.get(draft=draft)
    actions.answer_comment(by=chief, at=at, comment=comment, outcome="answered", answer="Thank you")
    decision = actions.adopt_draft(by=chief, at=at, draft=draft)
    decisions.decide(by=chief, at=at, decision=decision, outcome=outcome, reason="Because")
    draft.refresh_from_db()
    assert (draft.state, draft.adopted_on is not None) == (state, outcome == "adopted")
    assert small_system.nurse.id in set(Notice.objects.filter(kind="draft_decided").values_list("person_id", flat=True))
    if outcome == "changes_wanted":
        actions.rewrite(by=chief, at=at, clause=clause_of(draft), text="Other", because="Asked for")
        assert actions.consult(by=chief, at=at, draft=draft).state == "consulting"
    else:
        with pytest.raises(AlreadyEnded):
            actions.rewrite(by=chief, at=at, clause=clause_of(draft), text="Other", because="Late")


def test_clauses_can_be_put_in_another_order(draft, chief, at):
    second = actions.add_clause(by=chief, at=at, draft=draft, text="Second")
    actions.move_clause(by=chief, at=at, clause=second, before=Clause.objects.get(draft=draft, position=1))
    assert [read.now.text for read in queries.clauses(viewer=chief, draft=draft)] == [
        "Second",
        "Nobody is moved after 22:00.",
    ]


def test_comments_are_measured_with_the_open_ones_counted(small_system, draft, chief, at):
    from goldthread.practices.governance.measures import points
    from goldthread.record.practice import Scope

    first, _open = said(small_system, draft, at), said(small_system, draft, at, text="Another")
    actions.answer_comment(by=chief, at=at + timedelta(days=2), comment=first, outcome="not_taken", answer="No")
    later = small_system.viewer(small_system.chief, at + timedelta(days=20))
    found = {
        one.measure: one for one in points(later, Scope(small_system.root), at.date(), at.date() + timedelta(days=1))
    }
    share = found["governance.comments_answered"]
    assert (share.numerator, share.denominator) == (1, 2)
    assert found["governance.comments_in_14"].value == pytest.approx(0.5)


def test_another_organisation_sees_nothing_of_it(small_system, draft):
    stranger = small_system.viewer(small_system.stranger)
    assert queries.drafts(viewer=stranger) == []
    with pytest.raises(NotFound):
        queries.draft(viewer=stranger, draft_id=draft.id)
