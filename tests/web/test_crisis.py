"""Crisis pages through Django's client: who sees and may do what, what an address gives away, what is refused and how."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goldthread.journal.clock import local_date, now
from goldthread.organisation.models import Account, Person
from goldthread.practices.crisis import actions
from goldthread.practices.crisis.models import CheckIn, Declaration, Reconfiguration, SituationUpdate
from goldthread.web.views.crisis.patients import public_link


def client_of(name):
    client = Client()
    client.force_login(Account.objects.get(email=f"{name}@example.org"))
    return client


@pytest.fixture
def response(small_system):
    """Ward 7 with an update, a reconfiguration, an area and somebody in it; made by its manager now."""
    at = now()
    made = small_system
    made.at = at
    by = small_system.viewer(small_system.manager, at)
    today = local_date(at)
    made.update = actions.write_update(by=by, at=at, unit=made.ward7, known="Twelve cases", not_known="Where from", doing="Testing",
                                       for_patients="Visiting is closed", next_at=at + timedelta(hours=6))  # fmt: skip
    made.plan = actions.raise_reconfiguration(
        by=by, at=at, unit=made.ward7, title="Two <bays> become one", need="Beds", need_on=today
    )
    made.area = actions.open_area(by=by, at=at, unit=made.ward7, title="Red bay", most_days_running=1)
    actions.assign(by=by, at=at, area=made.area, person=made.nurse, day=today)
    return made


def pages(made):
    ward = made.ward7.id
    return {
        "board": f"/crisis/{ward}", "version": f"/crisis/{ward}/version", "level": f"/crisis/{ward}/level",
        "declare": f"/crisis/{ward}/declare", "update": f"/situation/{made.update.id}", "patients": f"/situation/{made.update.id}/patients",
        "write": f"/crisis/{ward}/update", "team": f"/crisis/{ward}/team", "reconfigure": f"/crisis/{ward}/reconfigure",
        "reconfiguration": f"/reconfiguration/{made.plan.id}", "ethics": f"/reconfiguration/{made.plan.id}/ethics",
        "area": f"/area/{made.area.id}", "area_new": f"/crisis/{ward}/area", "check_in": "/check-in",
    }  # fmt: skip


LED = {"level", "declare", "write", "team", "area_new", "ethics"}


@pytest.mark.parametrize(("who", "refused"), [
    ("manager", set()), ("head", {"ethics"}), ("deputy", {"team"}), ("nurse", LED), ("porter", LED), ("coach", LED),
])  # fmt: skip
def test_who_may_open_which_page(response, who, refused):
    client = client_of(who)
    found = {name for name, address in pages(response).items() if client.get(address).status_code == 403}
    others = {name: client.get(address).status_code for name, address in pages(response).items() if name not in found}
    assert found == refused
    assert set(others.values()) == {200}, others


def test_another_organisation_learns_nothing_not_even_that_it_exists(response):
    client = client_of("stranger")
    for name, address in pages(response).items():
        if name != "check_in":
            assert client.get(address).status_code == 404, name
    answers = [client.get(f"/reconfiguration/{one}").content.decode() for one in (uuid4(), response.plan.id)]
    hidden, absent = (re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text) for text in answers)
    assert hidden == absent


def test_nobody_comes_in_without_signing_in_except_with_a_link(response):
    for name, address in pages(response).items():
        assert Client().get(address).status_code == 302, name
    link = public_link(response.update)
    path = link[link.index("/for-patients/") :]
    text = Client().get(path).content.decode()
    assert "Visiting is closed" in text
    for secret in ("Twelve cases", "Where from", "Testing", "Beth Okafor", str(response.manager.id)):
        assert secret not in text
    assert Client().get(path[:-3]).status_code == 404


def test_the_board_says_level_and_authority_apart_and_escapes_what_people_typed(response):
    text = client_of("nurse").get(pages(response)["board"]).content.decode()
    assert "Ward 7 works as usual: no incident, no temporary delegated authority" in text
    assert "Two &lt;bays&gt; become one" in text
    assert "<bays>" not in text


def test_names_of_tired_people_are_for_those_who_plan(response):
    assert "Amina Yusuf: 1 day running" in client_of("manager").get(pages(response)["board"]).content.decode()
    for who in ("porter", "coach"):
        text = client_of(who).get(pages(response)["board"]).content.decode()
        assert "1 person of 1 should be elsewhere tomorrow" in text
        assert "Amina Yusuf" not in text
        assert "Amina Yusuf" not in client_of(who).get(pages(response)["area"]).content.decode()


def test_declaring_now_by_somebody_else_says_whose_it_is_and_changes_nothing(response):
    answer = client_of("head").post(pages(response)["declare"], {
        "why": "A wave", "channel": "Bleep", "ends_on": (local_date(response.at) + timedelta(days=3)).isoformat(), "ends_time": "12:00",
        "act": "now"})  # fmt: skip
    assert answer.status_code == 422
    assert "This is for the manager of Ward 7" in answer.content.decode()
    response.viewer(response.manager, response.at)
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("act", ["live", "sustain", "abandon", "again", "nonsense", ""])
def test_an_empty_or_early_step_is_refused_in_words(response, act):
    answer = client_of("manager").post(pages(response)["reconfiguration"], {"act": act})
    assert answer.status_code in (200, 422)
    response.viewer(response.manager, response.at)
    found = Reconfiguration.objects.get()
    assert (found.live_on, found.sustained_on, found.abandoned_on) == (None, None, None)


@pytest.mark.parametrize(("time", "good"), [("14:00", True), ("9", True), ("0930", True), ("9.30", True), ("24:00", False), ("nine", False), ("12:75", False), ("²", False)])  # fmt: skip
def test_times_of_day_as_people_write_them(response, time, good):
    answer = client_of("manager").post(pages(response)["write"], {
        "known": "a", "not_known": "b", "doing": "c", "next_on": (local_date(response.at) + timedelta(days=2)).isoformat(), "next_time": time})  # fmt: skip
    assert answer.status_code == (303 if good else 422)
    response.viewer(response.manager, response.at)
    assert SituationUpdate.objects.count() == (2 if good else 1)


def test_a_check_in_of_somebody_else_cannot_be_answered_through_the_page(response):
    at = response.at
    mine = actions.ask_for_check_in(by=response.viewer(response.nurse, at), at=at, area=response.area)
    for act in ("held", "decline"):
        answer = client_of("manager").post("/check-in", {"act": act, "which": str(mine.id)})
        assert answer.status_code == 404
    assert client_of("manager").post("/check-in", {"act": "held", "which": "' or 1=1"}).status_code == 404
    response.viewer(response.nurse, at)
    assert CheckIn.objects.get(id=mine.id).held_on is None
    assert client_of("nurse").post("/check-in", {"act": "held", "which": str(mine.id)}).status_code == 303


def test_the_open_board_learns_that_it_is_out_of_date(response):
    client, address = client_of("nurse"), pages(response)["version"]
    before = client.get(address).content
    assert client.get(address).content == before
    at = response.at + timedelta(seconds=1)
    by = response.viewer(response.manager, at)
    actions.abandon(by=by, at=at, reconfiguration=response.plan, because="Not needed")
    assert client.get(address).content != before


def test_the_dates_can_be_taken_away(response):
    answer = client_of("nurse").get(f"{pages(response)['board']}?format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "Two <bays> become one" in answer.content.decode()


def test_the_board_asks_no_more_the_more_there_is(response):
    client, address = client_of("nurse"), pages(response)["board"]

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    before = asked()
    at, today = response.at, local_date(response.at)
    by = response.viewer(response.manager, at)
    for n in range(5):
        made = actions.raise_reconfiguration(
            by=by, at=at, unit=response.ward7, title=f"Plan {n}", need="Beds", need_on=today
        )
        actions.abandon(by=by, at=at, reconfiguration=made, because="Not needed")
        area = actions.open_area(by=by, at=at, unit=response.ward7, title=f"Bay {n}", most_days_running=3)
        actions.assign(by=by, at=at, area=area, person=Person.objects.get(id=response.porter.id), day=today)
    assert asked() == before
