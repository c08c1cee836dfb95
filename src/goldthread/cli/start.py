"""Bringing up what commands stand on: the database, its roles, its migrations, Django."""

import os
from pathlib import Path

from goldthread.journal import database


def profile_file() -> Path:
    """Where an installation keeps the profile it was made with."""
    return database.home() / "profile"


def start(*, keep: bool = False, migrate: bool = True) -> None:
    """Start the embedded database if it is ours, prepare an empty one, migrate what is new, and set Django up.

    `keep` leaves the embedded database running when this process ends.
    """
    if profile_file().exists():
        os.environ.setdefault("GOLDTHREAD_PROFILE", profile_file().read_text(encoding="utf-8").strip())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldthread.project.settings")
    database.start(keep=keep)
    if migrate:
        database.prepare()
    import django

    django.setup()
    if migrate and unapplied():
        from django.core.management import call_command

        call_command("migrate", database="owner", verbosity=0)


def unapplied() -> list[str]:
    """Migrations that the database lacks."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
