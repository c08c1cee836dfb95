"""Briefs: written by whoever they are about, kept in every version, and said back in one's own words."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from goldthread.organisation.access import NotAllowed, NotFound
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.models import BriefReceived, PartnerBrief
from goldthread.record.errors import AlreadyEnded, Invalid

TEXTS = {"aims": "See people at home first", "limits": "No beds and two cars", "incentives": "Paid for each visit"}
OWN = "They are paid by the visit, so they will not want longer ones"


@pytest.fixture
def ours(small_system, chief, at):
    return actions.write_brief(by=chief, at=at, **TEXTS)


@pytest.fixture
def spoken_for(small_system, at):
    """Looks as whoever speaks for the other organisation."""
    from datetime import date

    from psycopg.types.range import DateRange

    from goldthread.journal import scope
    from goldthread.organisation.models import RoleHeld

    def look():
        scope.enter(small_system.other.id)
        RoleHeld.objects.get_or_create(
            organisation=small_system.other, person=small_system.stranger, unit=small_system.other_root, role="unit_manager",
            defaults={"period": DateRange(date(2024, 1, 1), None)},
        )  # fmt: skip
        return small_system.viewer(small_system.stranger)

    return look


def test_a_new_version_leaves_the_older_one_as_it_was(ours, chief, at):
    second = actions.write_brief(by=chief, at=at, **{**TEXTS, "limits": "No beds and three cars"})
    assert second.number == 2
    found = queries.brief(viewer=chief)
    assert [one.limits for one in found.versions] == ["No beds and two cars", "No beds and three cars"]
    with pytest.raises(DatabaseError), transaction.atomic():
        PartnerBrief.objects.filter(id=ours.id).update(limits="None")


def test_all_three_are_asked_for(chief, at):
    with pytest.raises(Invalid):
        actions.write_brief(by=chief, at=at, aims="Much", limits="", incentives="Money")


def test_only_who_speaks_for_the_organisation_writes_its_brief(small_system, at):
    with pytest.raises(NotAllowed):
        actions.write_brief(by=small_system.viewer(small_system.manager), at=at, **TEXTS)


def test_a_partner_writes_its_own_and_we_say_it_back(small_system, chief, practice_nurse, at):
    brief = actions.write_as_partner(by=practice_nurse, at=at, **TEXTS)
    assert (brief.partner_id, brief.written_by_id) == (practice_nurse.id, None)
    nurse = small_system.viewer(small_system.nurse)
    actions.say_understood(by=nurse, at=at, brief=brief, in_own_words=OWN)
    with pytest.raises(AlreadyEnded):
        actions.say_understood(by=nurse, at=at, brief=brief, in_own_words=OWN)
    said = queries.brief(viewer=nurse, partner_id=practice_nurse.id).understood
    assert [one.in_own_words for one in said] == [OWN]


@pytest.mark.parametrize("words", ["Yes", "See people at home first"])
def test_a_tick_or_their_own_sentence_is_not_understanding(small_system, practice_nurse, chief, at, words):
    brief = actions.write_as_partner(by=practice_nurse, at=at, **TEXTS)
    with pytest.raises(Invalid):
        actions.say_understood(by=chief, at=at, brief=brief, in_own_words=words)


def test_whoever_wrote_it_does_not_confirm_it(ours, chief, at):
    with pytest.raises(Invalid, match="You wrote"):
        actions.say_understood(by=chief, at=at, brief=ours, in_own_words=OWN)


def test_another_organisation_reads_its_own_copy_and_says_it_back(small_system, ours, chief, spoken_for, at):
    actions.share_brief(by=chief, at=at, brief=ours, with_organisation=small_system.other)
    with pytest.raises(AlreadyEnded):
        actions.share_brief(by=chief, at=at, brief=ours, with_organisation=small_system.other)
    viewer = spoken_for()
    row = queries.briefs_received(viewer=viewer)[0]
    assert (row.aims, row.from_organisation) == (TEXTS["aims"], small_system.trust)
    assert PartnerBrief.objects.count() == 0
    actions.understood_as_organisation(by=viewer, at=at, received=row, in_own_words=OWN)
    with pytest.raises(AlreadyEnded):
        actions.understood_as_organisation(by=viewer, at=at, received=row, in_own_words=OWN)
    with pytest.raises(DatabaseError), transaction.atomic():
        BriefReceived.objects.filter(id=row.id).update(in_own_words="Other")
    back = queries.brief(viewer=small_system.viewer(small_system.chief)).understood
    assert [(one.by_organisation, one.in_own_words) for one in back] == [(small_system.other, OWN)]


def test_nobody_says_it_back_for_another_organisation(small_system, ours, chief, at):
    from goldthread.practices.governance.models import BriefUnderstood

    with pytest.raises(DatabaseError), transaction.atomic():
        BriefUnderstood.objects.create(organisation_id=chief.organisation_id, brief=ours, by_organisation=small_system.other,
                                       in_own_words=OWN, at=at)  # fmt: skip


def test_a_partner_says_back_only_what_was_sent_to_it(ours, chief, practice_nurse, at):
    with pytest.raises(NotFound):
        actions.understood_as_partner(by=practice_nurse, at=at, brief=ours, in_own_words=OWN)
    actions.share_brief(by=chief, at=at, brief=ours, with_partner=practice_nurse)
    actions.understood_as_partner(by=practice_nurse, at=at, brief=ours, in_own_words=OWN)


def test_understanding_is_measured_among_those_it_was_sent_to(small_system, ours, chief, practice_nurse, at):
    from goldthread.practices.governance.measures import points
    from goldthread.record.practice import Scope

    actions.share_brief(by=chief, at=at, brief=ours, with_partner=practice_nurse)
    actions.share_brief(by=chief, at=at, brief=ours, with_organisation=small_system.other)
    actions.understood_as_partner(by=practice_nurse, at=at, brief=ours, in_own_words=OWN)
    span = (at.date(), at.date() + timedelta(days=1))
    found = {one.measure: one for one in points(chief, Scope(small_system.root), *span)}["governance.understood"]
    assert (found.numerator, found.denominator) == (1, 2)
    assert "governance.understood" not in {one.measure for one in points(chief, Scope(small_system.ward7), *span)}
