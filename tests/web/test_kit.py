"""The kit: forms that explain themselves, safe downloads, plain words, calm errors."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from goldthread.web.kit import bound, forms, tables, words
from goldthread.web.kit.middleware import CONTENT_SECURITY_POLICY, calm_page
from goldthread.web.kit.templates import render
from goldthread.web.views import errors

DAY = date(2026, 3, 12)


class Everything(forms.Form):
    """One field of each kind."""

    what = forms.LongText("What could be better?", limit=100, needed="Write what could be better")
    title = forms.Text("Title", limit=20)
    who = forms.Choice("Who should see it?", {"team": "My team", "other": "Others"}, needed="Choose who should see it",
                       hints={"team": "an idea to try"})  # fmt: skip
    where = forms.Choice("Where?", {"": "", "w7": "Ward 7"})
    groups = forms.Several("Staff groups", {"nurse": "Nurses", "porter": "Porters"})
    on = forms.Day("Start day", needed="Enter the day it started", latest=date(2026, 12, 31))
    count = forms.Number("Falls", low=0, high=50)
    sure = forms.Tick("I have checked it", needed="Tick to say you have checked it")


GOOD = {
    "what": "Quieter nights",
    "who": "team",
    "on-day": "27",
    "on-month": "3",
    "on-year": "2026",
    "count": "1",
    "sure": "yes",
}


def filled(**changes):
    posted = QueryDict(mutable=True)
    posted.update({**GOOD, **changes})
    return Everything(posted)


def summary_of(form):
    return {row["text"]: row["href"] for row in form.summary}


def test_a_good_form_is_ready():
    form = filled(groups="porter")
    assert form.ready
    assert form.cleaned_data["on"] == date(2026, 3, 27)
    assert form.cleaned_data["count"] == 1
    assert form.cleaned_data["groups"] == ["porter"]
    assert form.summary == []
    assert Everything().summary == []


@pytest.mark.parametrize(
    ("changes", "message", "href"),
    [
        ({"what": "  "}, "Write what could be better", "#id_what"),
        ({"what": "a\x00b"}, "Your answer to “What could be better?” has a character in it that cannot be stored. "
         "Type it again or paste it as plain text.", "#id_what"),
        ({"what": "x" * 100_000}, "Your answer to “What could be better?” must be 100 characters or fewer. "
         "You have written 100,000.", "#id_what"),
        ({"title": "x" * 21}, "Title must be 20 characters or fewer. You have written 21.", "#id_title"),
        ({"who": "boss"}, "Choose who should see it", "#id_who"),
        ({"who": "\x00"}, "Choose who should see it", "#id_who"),
        ({"groups": "bird"}, "Choose from the list for “Staff groups”", "#id_groups"),
        ({"on-day": "31", "on-month": "2"}, "Start day must be a real date, like 27 3 2026", "#id_on-day"),
        ({"on-year": "99999999999999999999"}, "Start day must be a real date, like 27 3 2026", "#id_on-day"),
        ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the day it started", "#id_on-day"),
        ({"on-year": "2027"}, "Start day must be 31 December 2026 or earlier", "#id_on-day"),
        ({"count": "many"}, "Falls must be a whole number, like 12", "#id_count"),
        ({"count": "-1"}, "Falls must be 0 or more", "#id_count"),
        ({"count": "9" * 5000}, "Falls must be 40 characters or fewer. You have written 5,000.", "#id_count"),
        ({"sure": ""}, "Tick to say you have checked it", "#id_sure"),
    ],
)  # fmt: skip
def test_each_problem_is_said_once_and_leads_to_its_field(changes, message, href):
    assert summary_of(filled(**changes)) == {message: href}


@given(st.dictionaries(st.sampled_from(["what", "title", "who", "where", "groups", "on", "on-day", "on-month", "on-year", "count", "sure"]),
                       st.text(max_size=60)))  # fmt: skip
def test_whatever_is_posted_the_form_answers_and_shows_itself(posted):
    data = QueryDict(mutable=True)
    data.update(posted)
    form = Everything(data)
    assert form.ready or form.summary
    assert "\x00" not in "".join(map(bound.shown, form))
    bound.day_parts(form["on"])


def test_the_answer_is_422_once_something_is_wrong(rf):
    request = rf.post("/x", {})
    response = forms.answer(request, "sign_in/sign_in.jinja", {}, form=_sign_in(request))
    assert response.status_code == 422
    request = rf.get("/x")
    assert forms.answer(request, "sign_in/sign_in.jinja", {}, form=_sign_in(request)).status_code == 200


def _sign_in(request):
    from goldthread.web.views.sign_in import SignIn

    return SignIn.read(request)


MACROS = """{% extends "layout/base.jinja" %}{% from "kit/forms.jinja" import text_input, text_area, radios, checkboxes, checkbox, select,
date_input, submit, post_button %}{% block heading %}All fields{% endblock %}{% block content %}
{{ text_area(form.what) }}{{ text_input(form.title, width=20) }}{{ radios(form.who, conditional={"other": text_input(form.title)}) }}
{{ select(form.where) }}{{ checkboxes(form.groups) }}{{ date_input(form.on) }}{{ text_input(form.count, inputmode="numeric") }}
{{ checkbox(form.sure) }}{{ submit("Send") }}{{ post_button("/x", "Thank you", "") }}{% endblock %}"""


def test_the_macros_show_what_was_typed_and_what_is_wrong():
    from django.template import engines

    form = filled(what="<b>" + "x" * 100_000, who="boss", **{"on-day": "31", "on-month": "2"})
    assert not form.ready
    page = engines["jinja2"].from_string(MACROS).render({"form": form})
    assert page.count("nhsuk-error-message") >= 3
    assert "Error: All fields" in page
    assert "&lt;b&gt;xxx" in page
    assert "<b>xxx" not in page
    assert 'data-maxlength="100"' in page
    assert 'id="id_on-day"' in page
    assert "an idea to try" in page


def test_a_spreadsheet_runs_nothing():
    cells = [
        "=1+1",
        "+44 20",
        "-2+3",
        "@sum",
        "\t=1",
        " =1",
        "plain",
        "-3.5",
        "+2%",
        -3.5,
        None,
        True,
        DAY,
        "a\x00b",
        "＝1",
    ]
    response = tables.csv_answer("Falls: Ward 7", ["x"], [[cell] for cell in cells])
    assert response.headers["Content-Disposition"] == 'attachment; filename="falls-ward-7.csv"'
    rows = [row[0] if row else "" for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig")))][1:]
    assert rows == ["'=1+1", "'+44 20", "'-2+3", "'@sum", "'\t=1", "' =1", "plain", "-3.5", "+2%", "-3.5", "", "yes",
                    "2026-03-12", "ab", "'＝1"]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "number"),
    [("1", 1), ("3", 3), ("99", 4), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("", 1), ("9" * 40, 1)],
)
def test_any_page_number_leads_to_a_page(asked, number):
    request = RequestFactory().get("/list", {"page": asked, "q": "ward"})
    page = tables.page_of(request, list(range(80)), size=25)
    assert page.number == number
    assert page.pages == 4
    assert page.rows[0] == (number - 1) * 25
    assert all("q=ward" in item["href"] for item in page.links["items"] if "href" in item)


def test_an_empty_list_has_one_empty_page():
    page = tables.page_of(RequestFactory().get("/list"), [])
    assert (page.rows, page.number, page.pages, page.first, page.last, page.links) == ([], 1, 1, 0, 0, {})


def test_dates_read_as_they_are_said():
    assert words.day(DAY) == "12 March 2026"
    assert words.short_day(DAY) == "12 Mar"
    assert words.short_day(DAY, date(2027, 1, 1)) == "12 Mar 2026"
    assert words.month(date(2026, 10, 1)) == "Oct 2026"
    assert words.week_of(DAY) == "week of 9 March 2026"
    assert words.moment(datetime(2026, 6, 15, 15, 30, tzinfo=UTC)) == "15 June 2026 at 16:30"
    assert words.day(datetime(2026, 6, 15, 23, 30, tzinfo=UTC)) == "16 June 2026"


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, "less than a minute"), (1, "1 day"), (7, "1 week"), (19, "19 days"), (20, "20 days"), (21, "3 weeks"), (80, "11 weeks"),
     (84, "3 months"), (152, "5 months"), (729, "24 months"), (731, "2 years"), (timedelta(minutes=40), "40 minutes"),
     (timedelta(hours=6), "6 hours")],
)  # fmt: skip
def test_durations_are_said_in_their_own_unit(length, expected):
    assert words.duration(length) == expected


def test_days_before_and_after():
    assert [words.ago(DAY - timedelta(days=n), DAY) for n in (0, 1, 19)] == ["today", "yesterday", "19 days ago"]
    assert [words.until(DAY + timedelta(days=n), DAY) for n in (0, 1, 4, -4)] == [
        "today",
        "tomorrow",
        "in 4 days",
        "4 days late",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "–"), (float("nan"), "–"), (4.1, "4.1"), (1234567, "1,234,567"), (-3, "−3"), (0.0512, "0.051"), (12.34, "12.3"), (0, "0"),
     (38.0, "38"), (-0.0, "0")],
)  # fmt: skip
def test_numbers(value, expected):
    assert words.number(value) == expected


def test_a_percentage_always_says_of_what():
    assert words.percent(19, 50) == "38% (19 of 50)"
    assert words.percent(0, 0) == "none counted"
    assert [words.plural(n, "idea") for n in (0, 1, 5)] == ["no ideas", "1 idea", "5 ideas"]
    assert words.listed(["a", "b", "c"]) == "a, b and c"


@given(st.text(max_size=50))
def test_any_text_is_a_day_or_none(text):
    found = words.read_day(text)
    assert found is None or 1900 <= found.year <= 2200


@pytest.mark.parametrize(
    "typed", ["2026-03-27", "27/3/2026", "27.03.2026", "27 March 2026", "27 mar 2026", ("27", "3", "2026")]
)
def test_a_day_may_be_typed_in_many_ways(typed):
    assert words.read_day(typed) == date(2026, 3, 27)


def test_error_pages_need_no_database():
    # Without the `db` fixture every query raises: these pages ask none.
    request = RequestFactory().get("/x")
    for view, status in (
        (errors.not_found, 404),
        (errors.not_allowed, 403),
        (errors.bad_request, 400),
        (errors.csrf_failure, 403),
    ):
        assert view(request).status_code == status
    assert errors.server_error(request).status_code == 500
    resting = calm_page(OperationalError("gone"))
    assert resting.status_code == 503
    assert "resting" in resting.content.decode()
    assert calm_page(ValueError()) is None


def test_a_database_lost_outside_a_view_is_calm_too():
    try:
        raise OperationalError("the session could not be read")
    except OperationalError:
        assert errors.server_error(RequestFactory().get("/x")).status_code == 503


def test_pages_carry_the_headers_that_keep_them_safe(client, small_system):
    headers = client.get("/sign-in").headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_no_page_has_a_style_or_script_of_its_own():
    from pathlib import Path

    import goldthread.web

    for file in (Path(goldthread.web.__file__).parent / "pages").rglob("*.jinja"):
        text = file.read_text(encoding="utf-8")
        for forbidden in (" style=", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:"):
            assert forbidden not in text, f"{file.name} has {forbidden!r}"


def test_a_sentence_is_told_once(client, small_system, rf):
    from goldthread.web.kit.told import tell, told

    request = rf.get("/x")
    request.session = client.session
    tell(request, "Thank you: Ward 7 has your idea.")
    assert told(request) == "Thank you: Ward 7 has your idea."
    assert told(request) == ""
    assert told(None) == ""


def signed_in(client, account_email):
    from goldthread.organisation.models import Account

    client.force_login(Account.objects.get(email=account_email))
    return client


def test_units_are_browsed_and_found(client, small_system):
    signed_in(client, "nurse@example.org")
    assert "Medicine" in client.get("/units").content.decode()
    page = client.get(f"/units/{small_system.division.id}").content.decode()
    assert "Ward 7" in page
    assert "Ward 9" in page
    assert client.get("/units", {"under": small_system.division.id}).url == f"/units/{small_system.division.id}"
    own = client.get("/units", {"q": "ward"}).content.decode()
    assert "Ward 7" in own
    assert "Ashdown" not in own
    assert "Ashdown" in client.get("/units", {"q": "ward", "where": "all"}).content.decode()
    assert "Ward 7" in client.get("/units", {"q": "w7"}).content.decode()


@pytest.mark.parametrize("asked", ["\x00", "%", "_", "'; drop table x; --", "x" * 100_000, "ward\n7", "﷽"])
def test_any_search_is_answered(client, small_system, asked):
    signed_in(client, "nurse@example.org")
    assert client.get("/units", {"q": asked, "page": "\x00", "under": asked[:50]}).status_code in (200, 302)


def test_an_unknown_unit_is_not_found(client, small_system):
    signed_in(client, "nurse@example.org")
    response = client.get("/units/01999999-0000-7000-8000-000000000000")
    assert response.status_code == 404
    assert "nothing at this address" in response.content.decode()
    assert client.get("/units/not-a-unit").status_code == 404


def test_units_take_few_queries_however_many_there_are(client, small_system, django_assert_max_num_queries):
    signed_in(client, "nurse@example.org")
    client.get("/units")
    with django_assert_max_num_queries(14):  # two are the savepoint that stands for the transaction here
        client.get("/units")
    with django_assert_max_num_queries(14):
        client.get("/units", {"q": "ward"})


def test_home_is_the_board_of_where_i_work(client, small_system):
    signed_in(client, "nurse@example.org")
    assert client.get("/").url == f"/unit/{small_system.ward7.id}"


def test_the_layout_asks_the_database_nothing(small_system, rf, django_assert_num_queries):
    request = rf.get("/x")
    request.viewer = small_system.viewer(small_system.manager)
    request.organisation_name = "Northmoor Hospitals"
    with django_assert_num_queries(0):
        page = render(request, "about/cookies.jinja", {}).content.decode()
    assert "Beth Okafor" in page
