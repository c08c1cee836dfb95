"""Signing in: the right people come in, nobody is sent elsewhere, and nothing that is typed breaks it."""

from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.contrib.auth.hashers import make_password

PASSWORD = "a long enough phrase"


@pytest.fixture
def account(small_system, client):
    """Beth's account, with a password."""
    from goldthread.organisation.models import Account

    Account.objects.filter(email="manager@example.org").update(password=make_password(PASSWORD))
    return Account.objects.get(email="manager@example.org")


@pytest.fixture
def as_owner(migrated):
    """Runs statements that the application role may not, committed; undone at the end by the statements added to `undo`."""
    from goldthread.journal.database.connection import OWNER, parameters

    undo = []

    def run(statement, values, undone_by):
        connection.execute(statement, values)
        undo.append((undone_by, values[:1]))

    with psycopg.connect(**parameters(OWNER), autocommit=True) as connection:
        yield run
        for statement, values in reversed(undo):
            connection.execute(statement, values)


def sign_in(client, email="manager@example.org", password=PASSWORD, **more):
    return client.post("/sign-in", {"email": email, "password": password, **more})


def test_the_right_password_lets_in_and_goes_home(client, account):
    response = sign_in(client)
    assert response.status_code == 302
    assert response.url == "/"
    page = client.get("/units").content.decode()
    assert "Beth Okafor" in page
    assert "Northmoor Hospitals" in page


@pytest.mark.parametrize(
    ("email", "password"),
    [("manager@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("MANAGER@example.org ", "wrong")],
)
def test_a_wrong_answer_says_the_same_whoever_it_is(client, account, email, password):
    response = sign_in(client, email, password)
    assert response.status_code == 422
    page = response.content.decode()
    assert "do not match an account here" in page
    assert "Error: " in page.split("</title>")[0]
    assert password not in page


@pytest.mark.parametrize(
    ("email", "password", "expected"),
    [
        ("", "", "Enter your e-mail address"),
        ("no-at-sign", "x", "in the correct format"),
        ("a\x00b@example.org", "x", "cannot be stored"),
        ("manager@example.org", "x\x00", "cannot be stored"),
        ("a" * 100_000, "x", "254 characters or fewer. You have written 100,000"),
        ("manager@example.org", "x" * 100_000, "1,000 characters or fewer"),
    ],
)
def test_bad_input_gets_a_clear_message(client, account, email, password, expected):
    response = sign_in(client, email, password)
    assert response.status_code == 422
    page = response.content.decode()
    assert expected in page
    assert 'href="#id_email"' in page or 'href="#id_password"' in page
    assert "\x00" not in page


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\nSet-Cookie: a=b",
               "http:///evil.example", "/sign-in", "/" + "a" * 5000]
)  # fmt: skip
def test_nobody_is_sent_elsewhere(client, account, wanted):
    assert sign_in(client, next=wanted).url == "/"


def test_the_way_on_is_kept(client, account):
    refused = client.get("/units?q=Ward")
    assert refused.status_code == 302
    assert parse_qs(urlsplit(refused.url).query) == {"next": ["/units?q=Ward"]}
    assert 'value="/units?q=Ward"' in client.get(refused.url).content.decode()
    assert sign_in(client, next="/units?q=Ward").url == "/units?q=Ward"


@pytest.mark.parametrize("address", ["/", "/units", "/acting-for"])
def test_whoever_is_not_signed_in_is_asked_to(client, account, address):
    assert client.get(address).url.startswith("/sign-in?next=")


def test_an_account_without_an_organisation_is_told_so(client, account, as_owner):
    as_owner(
        "insert into organisation_account (email, password, is_active) values (%s, %s, true)",
        ["new@example.org", make_password(PASSWORD)],
        "delete from organisation_account where email = %s",
    )
    assert "not linked to an organisation" in sign_in(client, "new@example.org").content.decode()


def test_signing_out_takes_a_button(client, account):
    sign_in(client)
    assert client.get("/sign-out").url == "/"
    assert client.get("/units").status_code == 200
    assert "You are signed out" in client.post("/sign-out", follow=True).content.decode()
    assert client.get("/units").status_code == 302


def test_another_organisation_cannot_be_chosen(client, account, small_system):
    sign_in(client)
    assert client.post("/acting-for", {"organisation": small_system.other.id}).status_code == 404
    assert client.post("/acting-for", {"organisation": "\x00"}).status_code == 404
    assert "Northmoor Hospitals" in client.get("/units").content.decode()


def test_one_account_may_act_for_two(client, account, small_system, as_owner):
    as_owner(
        "insert into organisation_membership (person_id, account_id, organisation_id) values (%s, %s, %s)",
        [small_system.stranger.id, account.id, small_system.other.id],
        "delete from organisation_membership where person_id = %s and account_id <> (select id from organisation_account"
        " where email = 'stranger@example.org')",
    )
    sign_in(client)
    assert "Southvale Care" in client.get("/acting-for").content.decode()
    assert client.post("/acting-for", {"organisation": small_system.other.id}).url == "/"
    page = client.get("/units").content.decode()
    assert "You now act for Southvale Care" in page
    assert "Hugh Lane" in page
    assert "Beth Okafor" not in page


@pytest.fixture
def demo_account(account):
    """Beth as the demonstration lists her."""
    from goldthread.organisation.models import Account

    Account.objects.filter(pk=account.pk).update(email="beth@demo.goldthread.example")
    return account


def test_the_demonstration_lists_people_and_lets_them_in(client, demo_account, settings):
    from goldthread.organisation.models import Membership

    settings.GOLDTHREAD_DEMO = True
    page = client.get("/sign-in").content.decode()
    assert "Beth Okafor" in page
    assert "Manager, Ward 7" in page
    assert "Hugh Lane" not in page
    seat = Membership.objects.get(account=demo_account).pk
    assert client.post("/sign-in", {"seat": seat}).url == "/"
    assert "Beth Okafor" in client.get("/units").content.decode()


def test_outside_the_demonstration_nobody_is_listed_or_let_in(client, demo_account, settings):
    from goldthread.organisation.models import Membership

    settings.GOLDTHREAD_DEMO = False
    assert "Beth Okafor" not in client.get("/sign-in").content.decode()
    client.post("/sign-in", {"seat": Membership.objects.get(account=demo_account).pk})
    assert client.get("/units").status_code == 302


@pytest.mark.parametrize("seat", ["0", "-1", "x", "\x00", "9" * 40])
def test_a_seat_that_is_none_lets_nobody_in(client, demo_account, settings, seat):
    settings.GOLDTHREAD_DEMO = True
    assert client.post("/sign-in", {"seat": seat}).status_code == 200
    assert client.get("/units").status_code == 302


def test_accounts_that_are_not_of_the_demonstration_have_no_seat_there(client, account, settings):
    from goldthread.organisation.models import Membership

    settings.GOLDTHREAD_DEMO = True
    client.post("/sign-in", {"seat": Membership.objects.get(account=account).pk})
    assert client.get("/units").status_code == 302
