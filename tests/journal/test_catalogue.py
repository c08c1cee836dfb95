"""The database's own catalogue: which tables are guarded, which belong to nobody, and what each role may do."""

import pytest
from django.db import DatabaseError, connection

#: Belong to no organisation, or are public within an installation. Whoever adds a table here says why in the design.
UNSCOPED = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "goldthread_time_shift",
    "organisation_account",
    "organisation_grouping",
    "organisation_groupingmember",
    "organisation_membership",
    "organisation_organisation",
    "organisation_unit",
    "organisation_unitplace",
    "record_publishedmeasure",
    "record_publishedpoint",
}
APPEND_ONLY = {
    "crisis_ethicsrequest",
    "crisis_incidentlevel",
    "crisis_situationupdate",
    "crisis_updateread",
    "governance_briefshared",
    "governance_briefunderstood",
    "governance_clauseversion",
    "governance_initiativeestimate",
    "governance_partnerbrief",
    "governance_publicpage",
    "journal_event",
    "journal_eventseal",
    "record_ballot",
    "record_claim",
    "record_integration",
    "record_limitdecision",
    "record_link",
    "record_measureversion",
    "record_point",
    "record_publishedpoint",
    "record_recusal",
    "record_reevaluation",
    "record_scheme",
    "voice_answer",
}
ROLES = ("goldthread_app", "goldthread_jobs", "goldthread_definer", "goldthread_owner")

pytestmark = pytest.mark.usefixtures("small_system")


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def column(sql, *values):
    return [row[0] for row in rows(sql, *values)]


def tables():
    return set(column("select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"))  # fmt: skip


def test_every_table_is_guarded_or_listed_here():
    guarded = set(column("select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
                         " and relrowsecurity and relforcerowsecurity"))  # fmt: skip
    assert tables() - guarded == UNSCOPED


def test_row_level_security_is_never_half_done():
    assert not column(
        "select relname from pg_class where relkind in ('r', 'p') and relrowsecurity <> relforcerowsecurity"
    )


def test_every_table_with_an_organisation_is_guarded_or_listed_here():
    owned = set(column("select table_name from information_schema.columns c join information_schema.tables using (table_schema, table_name)"
                       " where table_schema = 'public' and column_name = 'organisation_id' and table_type = 'BASE TABLE'"))  # fmt: skip
    unguarded = set(column("select relname from pg_class where relkind in ('r', 'p') and not relrowsecurity"))
    assert owned & unguarded == {"organisation_grouping", "organisation_membership", "organisation_unit"}
    assert len(owned - unguarded) > 20


def test_every_policy_for_the_application_asks_for_the_scope():
    found = rows(
        """
        select tablename, policyname, coalesce(qual, ''), coalesce(with_check, '') from pg_policies
        where schemaname = 'public' and ('goldthread_app' = any(roles) or 'public' = any(roles))
        """
    )
    assert found
    for table, policy, sees, writes in found:
        for condition in filter(None, (sees, writes)):
            assert "goldthread.organisation" in condition, f"{table}: {policy}"


def test_a_scope_that_is_not_set_is_an_error_in_every_policy():
    """current_setting('…', true) would answer null, so no rows, where an error is wanted."""
    text = " ".join(column("select coalesce(qual, '') || coalesce(with_check, '') from pg_policies where schemaname = 'public'"))  # fmt: skip
    assert "goldthread.organisation'::text, true" not in text


def test_views_do_not_go_round_the_guard():
    assert (
        column("select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace")
        == []
    )


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("role", ["goldthread_app", "goldthread_jobs"])
def test_append_only_tables_can_only_be_added_to(table, role):
    allowed = [p for p in ("update", "delete", "truncate") if rows("select has_table_privilege(%s, %s, %s)", role, table, p)[0][0]]  # fmt: skip
    assert allowed == []


def test_every_append_only_table_has_both_triggers():
    found = rows("select c.relname, t.tgname, t.tgenabled from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgname ~ '_(append_only|no_truncate)$'")  # fmt: skip
    assert {table for table, _, _ in found} == APPEND_ONLY
    assert len(found) == 2 * len(APPEND_ONLY)
    assert {enabled for _, _, enabled in found} == {"O"}


def test_the_application_truncates_nothing_and_owns_nothing():
    for table in sorted(tables()):
        for role in ("goldthread_app", "goldthread_jobs"):
            assert not rows("select has_table_privilege(%s, %s, 'truncate')", role, table)[0][0], table
            assert not rows("select has_table_privilege(%s, %s, 'trigger')", role, table)[0][0], table
    owners = column("select distinct rolname from pg_class c join pg_roles r on r.oid = c.relowner where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')")  # fmt: skip
    assert owners == ["goldthread_owner"]


def test_no_role_is_above_the_rules():
    for role, superuser, bypass, creates_roles, creates_databases in rows(
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = any(%s)", list(ROLES)
    ):  # fmt: skip
        assert (superuser, creates_roles, creates_databases) == (False, False, False), role
        assert not bypass or role == "goldthread_definer", role


def test_the_application_is_a_member_of_nothing():
    for role in ("goldthread_app", "goldthread_jobs"):
        for other in (*ROLES, "postgres", "pg_write_all_data", "pg_read_all_data"):
            if other != role:
                assert not rows("select pg_has_role(%s, %s, 'member')", role, other)[0][0], f"{role} in {other}"


def test_this_connection_is_the_application():
    assert rows("select current_user, session_user") == [("goldthread_app", "goldthread_app")]


@pytest.mark.parametrize("statement", [
    "set local role goldthread_owner", "set local role postgres", "alter table journal_event disable trigger all",
    "alter table journal_event disable row level security", "drop policy scope on journal_event", "create table own (x int)",
    "set local session_replication_role = replica", "copy (select 1) to program 'true'",
])  # fmt: skip
def test_the_application_cannot_climb(statement):
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner|cannot|must be"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_functions_that_cross_organisations_are_closed_to_everybody_else():
    """A security-definer function runs as the definer role, with a fixed search path, never for PUBLIC."""
    for name, owner, settings, public in rows(
        """
        select p.proname, r.rolname, coalesce(array_to_string(p.proconfig, ','), ''),
               exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
        from pg_proc p join pg_roles r on r.oid = p.proowner
        where p.pronamespace = 'public'::regnamespace and p.prosecdef
        """
    ):
        assert owner == "goldthread_definer", name
        assert "search_path" in settings, name
        assert not public, name
