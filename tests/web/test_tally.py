"""A team's own measure: tapped, typed, pasted; every wrong paste refused whole."""

import pytest
from django.test import Client

from goldthread.organisation.models import Account
from goldthread.record.models import Measure, Point


@pytest.fixture
def nurse(small_system):
    client = Client()
    client.force_login(Account.objects.get(email="nurse@example.org"))
    client.post(
        f"/unit/{small_system.ward7.id}/start-measure", {"title": "Falls", "period": "week", "direction": "down"}
    )
    small_system.viewer(small_system.nurse)
    client.address = f"/unit/{small_system.ward7.id}/tally/{Measure.objects.get().id}"
    return client


def values(small_system):
    small_system.viewer(small_system.nurse)
    return sorted(Point.objects.values_list("period_start", "value"))


def test_a_tap_counts_and_a_slip_is_taken_back(nurse, small_system):
    for step in (1, 1, -1, -1, -1):
        assert nurse.post(nurse.address, {"step": step}).status_code == 302
    assert [value for _, value in values(small_system)][-1] is not None
    text = nurse.get(nurse.address).content.decode()
    assert "Falls this week: 0" in text


def test_lines_can_be_pasted_from_a_spreadsheet(nurse, small_system):
    answer = nurse.post(nurse.address, {"lines": "2026-05-04\t3\n2026-05-11\t2\n2026-05-18\t4"})
    assert answer.status_code == 302
    assert [value for _, value in values(small_system)] == [3, 2, 4]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("2026-05-04,3\n11/05/2026,2", "two formats"),
        ("2026-05-04,3\n2026-05-11,-2", "cannot be negative"),
        ("2026-05-04,3\n2026-05-04,2", "twice"),
        ("2026-05-04,3\n2026-05-11,many", "many"),
        ("2026-02-31,3", "no such date"),
        ("1,3\n2,4", "days or months"),
    ],
)
def test_a_wrong_paste_is_refused_whole_and_says_where(nurse, small_system, lines, says):
    answer = nurse.post(nurse.address, {"lines": lines})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert values(small_system) == []


@pytest.mark.parametrize("text", ["a\x00b", "x" * 100_000, "\u202eabc", "😀" * 10])
def test_no_text_is_a_server_error(nurse, small_system, text):
    for address, data in (
        (nurse.address, {"lines": text}),
        ("/say", {"text": text, "unit": str(small_system.ward7.id), "audience": "team", "identity": "named"}),
        (f"/unit/{small_system.ward7.id}/start-measure", {"title": text, "period": "week", "direction": "up"}),
        ("/what-became", {"code": text}),
        ("/listening", {"title": text}),
    ):
        assert nurse.post(address, data).status_code < 500
    assert nurse.get("/ideas", {"unit": text, "show": text}).status_code < 500
    assert nurse.get("/units", {"q": text}).status_code < 500


def test_a_colleague_of_another_ward_cannot_count_here(nurse, small_system):
    porter = Client()
    porter.force_login(Account.objects.get(email="porter@example.org"))
    assert porter.get(nurse.address).status_code == 403
    stranger = Client()
    stranger.force_login(Account.objects.get(email="stranger@example.org"))
    assert stranger.get(nurse.address).status_code == 404
