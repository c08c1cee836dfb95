"""Deciding by vote: enough take part, more are for than against; a secret vote leads back to nobody."""

from datetime import timedelta

import pytest

from goldthread.journal.models import Event
from goldthread.record.actions import decisions, rounds
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Ballot, BallotPaper, Position, Round
from goldthread.record.queries import decisions as reading
from tests.record.stage import everything

VOTE = 'decider = "forum", method = "majority", within_days = 10'


def by_vote(stage, more="", **body):
    """Five vote: the chief executive in the chair, the head, the coach, the porter and the nurse."""
    stage.forum(stage.chief, stage.head, stage.coach, stage.porter, stage.nurse, **body)
    stage.in_force(everything(VOTE + more))
    return stage.raised()


def vote(stage, decision, choices):
    """The five vote in turn, for F, against A, abstaining -; those with a blank stay silent. Returns what it came to last."""
    people = (stage.chief, stage.head, stage.coach, stage.porter, stage.nurse)
    said = {"F": "for", "A": "against", "-": "abstain"}
    result = ""
    for person, choice in zip(people, choices, strict=True):
        if choice != " ":
            result = stage.says(person, decision, said[choice])
    return result


@pytest.mark.parametrize(
    ("choices", "result"),
    [("FFFFF", "carried"), ("FFFAA", "carried"), ("FFAAA", "lost"), ("FFAA-", "lost"), ("FFA--", "carried"), ("-----", "lost"), ("F----", "carried")],
)  # fmt: skip
def test_more_for_than_against_carries_and_a_tie_is_lost(stage, choices, result):
    decision = by_vote(stage)
    made = stage.put(stage.chief, decision)
    assert vote(stage, decision, choices) == result
    assert stage.kept(made).result == result
    assert stage.kept(decision).state == ("decided" if result == "carried" else "open")
    assert stage.decided == ([(decision.id, "agreed")] if result == "carried" else [])


@pytest.mark.parametrize(
    ("more", "choices", "result"),
    [
        ("", "FF   ", "inquorate"),  # without a number, more than half take part
        ("", "FF-  ", "carried"),  # who abstains takes part
        ("", "FA-  ", "lost"),
        (", quorum = 4", "FFF  ", "inquorate"),
        (", quorum = 4", "FF-- ", "carried"),
        (", quorum = 2", "FF   ", "carried"),
        ("", "     ", "inquorate"),
    ],
)
def test_enough_take_part_by_the_close_or_nothing_is_decided(stage, more, choices, result):
    decision = by_vote(stage, more)
    made = stage.put(stage.chief, decision, days=3)
    assert vote(stage, decision, choices) in ("open", "")
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(decision).state) == (
        result,
        "decided" if result == "carried" else "open",
    )


def test_the_bodys_own_quorum_holds_where_the_scheme_names_none(stage):
    decision = by_vote(stage, quorum=4)
    made = stage.put(stage.chief, decision, days=3)
    vote(stage, decision, "FFF  ")
    stage.wait(to=made.closes_at)
    assert stage.kept(made).result == "inquorate"


def test_nothing_is_decided_before_all_have_voted_or_the_time_is_up(stage):
    decision = by_vote(stage)
    stage.put(stage.chief, decision, days=3)
    assert vote(stage, decision, "FFFF ") == "open"
    assert stage.kept(decision).state == "open"


def test_a_vote_that_is_lost_may_be_followed_by_another(stage):
    decision = by_vote(stage)
    stage.put(stage.chief, decision)
    vote(stage, decision, "AAAFF")
    assert stage.told("round_lost", decision) == {stage.chief.id}
    second = stage.put(stage.chief, decision, text="We buy one")
    assert second.number == 2
    assert vote(stage, decision, "FFFAA") == "carried"


def test_nobody_votes_twice_and_an_open_vote_may_be_taken_back(stage):
    decision = by_vote(stage)
    stage.put(stage.chief, decision)
    stage.says(stage.head, decision, "for")
    with pytest.raises(AlreadyEnded, match="taken a position already"):
        stage.says(stage.head, decision, "for")
    stage.do(stage.head, rounds.withdraw_position, seat=stage.seat_of(stage.head, decision))
    assert stage.says(stage.head, decision, "against") == "open"
    assert vote(stage, decision, "F FFF") == "carried"


def test_only_the_words_of_a_vote_are_taken_and_only_from_members(stage):
    decision = by_vote(stage)
    stage.put(stage.chief, decision)
    for said in ("consent", "object", "voted", "FOR"):
        with pytest.raises(Invalid):
            stage.says(stage.head, decision, said)
    with pytest.raises(NotYours):
        stage.do(stage.manager, rounds.take_position, seat=stage.seat_of(stage.head, decision), said="for")
    with pytest.raises(Refused, match="decided by a vote"):
        stage.decide(stage.chief, decision)


def test_who_left_or_stepped_back_counts_neither_for_the_quorum_nor_for_the_vote(stage):
    decision = by_vote(stage)
    made = stage.put(stage.chief, decision, days=3)
    vote(stage, decision, "FAF A")
    stage.do(stage.nurse, decisions.recuse, decision=decision, interest="It was my idea")
    stage.leaves(stage.porter)
    stage.wait(to=made.closes_at)
    assert stage.kept(made).result == "carried"  # two for, one against, of three seats


SECRET = ', ballot = "secret"'


def test_a_secret_vote_is_counted(stage):
    decision = by_vote(stage, SECRET)
    made = stage.put(stage.chief, decision)
    assert vote(stage, decision, "FFFA-") == "carried"
    whole = stage.read(stage.manager, reading.whole, row=decision)
    assert whole.ballots == {made.id: {"for": 3, "against": 1, "abstain": 1}}


@pytest.mark.parametrize(("choices", "result"), [("FFAA-", "lost"), ("FFFAA", "carried"), ("AAAFF", "lost")])
def test_a_secret_vote_has_the_same_majority(stage, choices, result):
    decision = by_vote(stage, SECRET)
    stage.put(stage.chief, decision)
    assert vote(stage, decision, choices) == result
    assert sorted(stage.all(Ballot).values_list("choice", flat=True)) == sorted(
        {"F": "for", "A": "against", "-": "abstain"}[one] for one in choices
    )
    assert not stage.all(BallotPaper).exists()


def test_the_quorum_of_a_secret_vote_is_who_took_part(stage):
    decision = by_vote(stage, SECRET)
    made = stage.put(stage.chief, decision, days=3)
    vote(stage, decision, "FF   ")
    stage.wait(to=made.closes_at)
    assert stage.kept(made).result == "inquorate"


def test_the_box_stays_shut_until_the_close(stage):
    decision = by_vote(stage, SECRET)
    made = stage.put(stage.chief, decision, days=3)
    vote(stage, decision, "FFAA ")
    assert (stage.all(BallotPaper).count(), stage.all(Ballot).count()) == (4, 0)
    stage.refuses("select goldthread_empty_ballot_box(%s)", made.id, match="stays shut until the round closes")
    assert stage.read(stage.chief, reading.whole, row=decision).ballots == {}
    stage.says(stage.nurse, decision, "against")
    assert (stage.all(BallotPaper).count(), stage.all(Ballot).count()) == (0, 5)
    assert stage.kept(decision).state == "open"


def test_only_the_functions_touch_the_box(stage):
    decision = by_vote(stage, SECRET)
    made = stage.put(stage.chief, decision)
    stage.says(stage.head, decision, "for")
    for sql in (
        "select * from record_ballotpaper",
        "delete from record_ballotpaper",
        "update record_ballotpaper set choice = 'against'",
    ):
        stage.refuses(sql, match="permission denied")
    for table in ("ballotpaper", "ballot"):
        stage.refuses(f"insert into record_{table} (id, organisation_id, round_id, choice) values (gen_random_uuid(), %s, %s, 'for')",
                      stage.trust.id, made.id, match="permission denied")  # fmt: skip
    vote(stage, decision, "F FFF")
    for sql in ("delete from record_ballot", "update record_ballot set choice = 'against'"):
        stage.refuses(sql, match="permission denied")


def test_there_are_never_more_votes_than_voters(stage):
    decision = by_vote(stage, SECRET)
    made = stage.put(stage.chief, decision)
    stage.refuses("select goldthread_cast(%s, 'for')", made.id, match="one vote for each who takes part")
    stage.says(stage.head, decision, "for")
    stage.refuses("select goldthread_cast(%s, 'for')", made.id, match="one vote for each who takes part")
    with pytest.raises(AlreadyEnded, match="taken a position already"):
        stage.says(stage.head, decision, "against")
    stage.refuses("select goldthread_cast(%s, 'for')", made.id, match="no such round", organisation=stage.other)


def test_a_secret_vote_cannot_be_taken_back(stage):
    decision = by_vote(stage, SECRET)
    stage.put(stage.chief, decision)
    stage.says(stage.head, decision, "for", "Because I like it")
    with pytest.raises(Refused, match="cannot be taken back"):
        stage.do(stage.head, rounds.withdraw_position, seat=stage.seat_of(stage.head, decision))


def test_no_column_leads_from_a_vote_to_a_voter(stage):
    """Everything that the database knows of a vote once the box is emptied: a random id, the round, the choice."""
    decision = by_vote(stage, SECRET)
    stage.put(stage.chief, decision)
    vote(stage, decision, "FFAA-")
    columns = {
        name
        for (name,) in stage.sql(
            "select column_name from information_schema.columns where table_name = 'record_ballot'"
        )
    }
    assert columns == {"id", "organisation_id", "round_id", "choice"}
    votes = stage.owner("select id, xmin::text, ctid::text, choice from record_ballot order by ctid")
    assert all(one[0].version == 4 for one in votes)
    assert len({one[1] for one in votes}) == 1  # all written in one transaction, after the last vote
    positions = stage.owner("select * from record_position order by at")
    words = str([[str(one) for one in row] for row in positions])
    assert {row.said for row in stage.all(Position)} == {"voted"}
    assert {row.reason for row in stage.all(Position)} == {""}
    assert not any(choice in words for choice in ("for'", "against", "abstain"))
    known = {str(one) for row in positions for one in row}
    for row in stage.owner("select * from record_ballot"):
        assert {str(one) for one in row} & known <= {str(stage.trust.id), str(stage.one(Round).id)}
    journal = str(stage.owner("select data::text from journal_event"))
    assert "against" not in journal
    assert "abstain" not in journal


def test_the_order_of_the_votes_is_lost(stage):
    """Twelve questions, each voted on in the same order by the same five: the stored order is not always the same."""
    decision = by_vote(stage, SECRET)
    orders = set()
    for number in range(12):
        decision = decision if number == 0 else stage.raised()
        made = stage.put(stage.chief, decision)
        vote(stage, decision, "FFAA-")
        orders.add(
            tuple(
                one
                for (one,) in stage.owner("select choice from record_ballot where round_id = %s order by ctid", made.id)
            )
        )
    assert len(orders) > 1


def test_before_the_close_nobody_sees_who_has_voted_and_afterwards_never_what(stage):
    decision = by_vote(stage, SECRET)
    stage.put(stage.chief, decision)
    stage.says(stage.head, decision, "for")

    def seen_to_vote(viewer):
        table = stage.read(viewer, reading.whole, row=stage.kept(decision)).table
        assert {row["said"] for row in table} == {row["reason"] for row in table} == {None}
        return {row["label"] for row in table if row["round_id"] is not None}

    assert seen_to_vote(stage.chief) == seen_to_vote(stage.manager) == set()
    assert seen_to_vote(stage.head) == {"Dilys Morgan"}
    assert [one.answered for one in stage.read(stage.head, reading.my_seats)] == [True]
    vote(stage, decision, "F FAA")
    assert len(seen_to_vote(stage.manager)) == 5


def test_the_journal_says_only_that_somebody_voted(stage):
    decision = by_vote(stage, SECRET)
    stage.put(stage.chief, decision)
    stage.says(stage.head, decision, "against", "I do not like it")
    assert stage.one(Event, kind="record.position_taken", object_id=decision.id).data["said"] == "voted"
    assert stage.one(Position).reason == ""


def test_a_secret_round_that_is_over_takes_no_more_votes_even_if_nothing_sweeps(stage):
    decision = by_vote(stage, SECRET)
    made = stage.put(stage.chief, decision, days=3)
    vote(stage, decision, "FFAA ")
    stage.wait(to=made.closes_at + timedelta(minutes=1), sweep=False)
    with pytest.raises(AlreadyEnded, match="time to answer this proposal is over"):
        stage.says(stage.nurse, decision, "for")
    stage.refuses("select goldthread_cast(%s, 'for')", made.id, match="one vote for each who takes part")
    assert stage.all(BallotPaper).count() == 4


def test_nobody_learns_how_an_open_ballot_stands(stage):
    """Neither by asking what it would come to now, nor from another organisation; seats are not listed to strangers."""
    for statement in (
        "select goldthread_round_result(gen_random_uuid(), true)",
        "select * from goldthread_active_seats(gen_random_uuid())",
    ):
        stage.refuses(statement, match="does not exist|permission denied")
