"""Board to ward, measure, decisions and thread pages, through Django's client, as real people see them."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goldthread.organisation.models import Account
from goldthread.record.actions.measures import Definition, NewPoint, define_measure, record_points


@pytest.fixture
def signed_in(small_system):
    """A client signed in as the ward manager of Ward 7."""
    client = Client()
    client.force_login(Account.objects.get(email="manager@example.org"))
    return client


def months(count, start=date(2024, 1, 1)):
    total = start.year * 12 + start.month - 1
    return [date((total + n) // 12, (total + n) % 12 + 1, 1) for n in range(count)]


@pytest.fixture
def falls(small_system, at):
    """Falls on Ward 7: steady for seventeen months, then seven lower ones."""
    viewer = small_system.viewer(small_system.coach)
    definition = Definition(title="Falls per 1,000 bed days", kind="rate", direction="down", numerator="Falls", denominator="Bed days",
                            multiply=1000, targets=((date(2024, 1, 1), 5.0),))  # fmt: skip
    measure = define_measure(by=viewer, at=at, unit=small_system.root, code="falls", definition=definition)
    high, low = [6, 8, 7, 5, 9, 7, 6, 8, 5, 7, 9, 6, 8, 7, 6, 7, 8], [3, 2, 4, 3, 2, 3, 4]
    points = [NewPoint(day, numerator=n, denominator=1000) for day, n in zip(months(24), high + low, strict=True)]
    viewer = small_system.viewer(small_system.coach)
    record_points(by=viewer, at=at, measure=measure, unit=small_system.ward7, points=points)
    small_system.viewer(small_system.manager)
    return measure


def test_the_heading_says_what_changed(signed_in, small_system, falls):
    answer = signed_in.get(f"/unit/{small_system.ward7.id}")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "One measure has been better" in text
    assert "Seven months below average" in text
    assert "would show a signal by chance alone; 1 does" in text


def test_a_division_adds_up_its_wards(signed_in, small_system, falls, at):
    viewer = small_system.viewer(small_system.coach)
    record_points(by=viewer, at=at, measure=falls, unit=small_system.ward9,
                  points=[NewPoint(months(24)[-1], numerator=17, denominator=1000)])  # fmt: skip
    small_system.viewer(small_system.manager)
    text = signed_in.get(f"/unit/{small_system.division.id}/measure/own.{falls.id}").content.decode()
    assert "21 of 2,000" in text


def test_an_empty_unit_says_what_would_fill_it(signed_in, small_system):
    text = signed_in.get(f"/unit/{small_system.ward9.id}").content.decode()
    assert "Nothing is measured here yet" in text
    assert "A measure appears here as soon as it has a value" in text


def test_the_number_of_queries_does_not_grow_with_wards(signed_in, small_system, falls, at):
    """Twelve at most for the page; the sign-in's own (session, account, person, roles) come on top."""

    def asked():
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(f"/unit/{small_system.root.id}")
        signing_in = ("django_session", "organisation_account", "organisation_membership", "organisation_roleheld",
                      'FROM "organisation_person"', "set_config", "goldthread_now()", "SAVEPOINT")  # fmt: skip
        return [one["sql"] for one in queries if not any(word in one["sql"] for word in signing_in)]

    before = asked()
    viewer = small_system.viewer(small_system.coach)
    points = [NewPoint(day, numerator=3, denominator=1000) for day in months(24)]
    record_points(by=viewer, at=at, measure=falls, unit=small_system.ward9, points=points)
    small_system.viewer(small_system.manager)
    after = asked()
    assert len(before) == len(after) <= 12


def test_the_measure_page_shows_numbers_and_how_sure(signed_in, small_system, falls):
    answer = signed_in.get(f"/unit/{small_system.ward7.id}/measure/own.{falls.id}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "24 values." in text
    assert "Bed days" in text
    table = signed_in.get(f"/unit/{small_system.ward7.id}/measure/own.{falls.id}?format=csv")
    body = b"".join(table.streaming_content) if table.streaming else table.content
    assert b"2025-12-01,3" in body or b"2025-12-01,4" in body


def test_another_organisation_cannot_see_inside(small_system, falls):
    client = Client()
    client.force_login(Account.objects.get(email="stranger@example.org"))
    assert client.get(f"/unit/{small_system.ward7.id}/measure/own.{falls.id}").status_code == 404
    board = client.get(f"/unit/{small_system.ward7.id}")
    assert b"Falls per 1,000" not in board.content
    assert client.get(f"/thread/record/measure/{falls.id}").status_code == 404


def test_limits_change_only_with_a_reason(small_system, falls):
    client = Client()
    client.force_login(Account.objects.get(email="coach@example.org"))
    address = f"/unit/{small_system.ward7.id}/measure/own.{falls.id}/limits"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"kind": "recalculate", "from_period": "2025-06-01", "reason": ""})
    assert refused.status_code == 422
    assert b"limits are never redrawn without a reason" in refused.content
    done = client.post(
        address, {"kind": "recalculate", "from_period": "2025-06-01", "reason": "Hourly rounding since 2 June"}
    )
    assert done.status_code == 302
    assert "Hourly rounding since 2 June" in client.get(done["Location"]).content.decode()
