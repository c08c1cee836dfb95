"""The response under the scheme that is shipped for a trust, not one made for these tests."""

from datetime import timedelta

import pytest
from psycopg.types.range import DateRange

from goldthread.practices.crisis import actions, queries
from goldthread.record import schemes as shipped
from goldthread.record.actions import decisions, schemes
from goldthread.record.models import SchemeTerm
from tests.practices.crisis.conftest import AT


@pytest.fixture
def trust(stage):
    """The shipped scheme for a trust, in force; the bodies it names are not needed here."""

    def put(by, at):
        made = schemes.draft_scheme(by=by, at=at, title="Trust", text=shipped.text("nhs-trust"))
        SchemeTerm.objects.create(
            organisation_id=by.organisation_id, scheme=made, unit_id=stage.root.key, period=DateRange(at.date(), None)
        )

    stage.do(stage.chief, put)
    return stage


def test_a_wave_from_the_declaration_to_the_look_back(trust):
    proposed = trust.do(
        trust.manager,
        actions.declare,
        unit=trust.ward7,
        channel="Incident room",
        why="A wave",
        ends_at=AT + timedelta(days=3),
    )
    assert trust.kept(proposed).decision.decider_unit_id == trust.root.key
    dear = {"subject": "estate", "cost": 20_000}
    before = trust.raised(trust.nurse, title="Before", attributes=dear)
    trust.do(trust.chief, decisions.decide, decision=trust.kept(proposed).decision, outcome="declare", reason="Yes")
    during = trust.raised(trust.nurse, title="During", attributes=dear)
    assert trust.kept(before).decision.decider_unit_id != trust.ward7.key
    assert trust.kept(during).decision.decider_unit_id == trust.ward7.key
    trust.wait_until(AT + timedelta(days=3, seconds=1))
    assert trust.kept(during).decision.decider_unit_id == trust.kept(before).decision.decider_unit_id
    assert trust.kept(trust.kept(proposed)).look_back.decider_unit_id == trust.root.key


def test_what_can_be_chosen_is_in_the_words_of_the_scheme(trust):
    found = trust.read(trust.nurse, queries.subjects, unit=trust.ward7)
    assert found["practice"] == "Ways of working"
    assert not {"crisis", "authority", "idea"} & set(found)
    for subject in found:
        raised = trust.raised(trust.nurse, title=subject, attributes={"subject": subject})
        assert trust.kept(raised).decision.subject == subject


def test_a_team_decides_on_its_subjects_at_the_ward(trust):
    team = trust.do(trust.manager, actions.form_team, unit=trust.ward7, title="Beds", purpose="Beds", lead=trust.nurse, members=[trust.porter],
                    subjects=["practice"], until=AT + timedelta(days=5))  # fmt: skip
    small = trust.raised(trust.porter, attributes={"subject": "practice"})
    assert trust.kept(small).decision.body_id == team.body_id
