"""Prepares an empty PostgreSQL: the database, the four roles, and who may do what in the schema."""

import psycopg
from psycopg import sql

from goldthread.journal.database.connection import APP, DEFINER, JOBS, OWNER, parameters

ROLES = {OWNER: "NOLOGIN", APP: "LOGIN", JOBS: "LOGIN", DEFINER: "NOLOGIN"}


def prepare() -> None:
    """Create what is missing: database, roles, ownership. Needs the right to create roles; safe to repeat."""
    target = parameters(None)
    _create_database(str(target["dbname"]))
    with psycopg.connect(**target) as connection:
        # Two installations preparing on one server at once would race for the cluster-wide roles.
        connection.execute("select pg_advisory_xact_lock(hashtext('goldthread.prepare'))")
        existing = {row[0] for row in connection.execute("select rolname from pg_roles")}
        for role, login in ROLES.items():
            if role not in existing:
                connection.execute(sql.SQL("create role {} " + login).format(sql.Identifier(role)))
        me = connection.execute("select current_user").fetchone()[0]  # type: ignore[index]
        if me != OWNER and not _is_superuser(connection):
            for role in ROLES:
                connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(me)))
        for statement in (
            "grant {definer} to {owner}",
            "alter database {database} owner to {owner}",
            "revoke all on schema public from public",
            "grant all on schema public to {owner}",
            "grant usage on schema public to {app}, {jobs}",
            # A function's owner must be allowed to create in its schema; the role cannot log in.
            "grant usage, create on schema public to {definer}",
        ):
            connection.execute(
                sql.SQL(statement).format(
                    owner=sql.Identifier(OWNER),
                    app=sql.Identifier(APP),
                    jobs=sql.Identifier(JOBS),
                    definer=sql.Identifier(DEFINER),
                    database=sql.Identifier(str(target["dbname"])),
                )
            )


def _create_database(name: str) -> None:
    server = parameters(None, database="postgres")
    with psycopg.connect(**server, autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            connection.execute(
                sql.SQL("create database {} encoding 'UTF8' template template0").format(sql.Identifier(name))
            )


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    return bool(row and row[0])
