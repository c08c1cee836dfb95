"""The demonstration system: invented, generated from a seed, dated relative to today."""

import random
from collections.abc import Callable

import numpy as np
from django.conf import settings
from django.db import transaction

from goldthread.cli.demonstration import figures, story, structure
from goldthread.cli.demonstration.structure import DOMAIN, OWNER, System
from goldthread.cli.demonstration.words import words_of
from goldthread.journal import clock
from goldthread.journal.clock import local_date
from goldthread.organisation.models import Account, Membership, Organisation

SEED = 41


def is_loaded() -> bool:
    """Whether this database holds a demonstration."""
    return Account.objects.filter(email__endswith=f"@{DOMAIN}").exists()


def is_empty() -> bool:
    """Whether this database holds no organisation at all."""
    return not Organisation.objects.exclude(id=0).exists()


def load(step: Callable[[str], None] = lambda what: None) -> System:
    """Generate the demonstration into an empty database.

    Structure and figures are one transaction of the owner, what people did one of the application's role in each trust. The
    accounts to sign in with come with the first; `finished` says whether the last was reached.
    """
    now = clock.now()
    system = System(local_date(now), words_of(settings.GOLDTHREAD_PROFILE), random.Random(SEED))  # noqa: S311  (not a secret)
    rng = np.random.default_rng(SEED)
    with transaction.atomic(using=OWNER):
        step("Units and people")
        structure.build(system)
        step("Three years of figures")
        figures.own_figures(system, rng)
        figures.published_figures(system, rng)
    step("Ideas, decisions, visits")
    story.tell(system, now)
    figures.analyse()
    return system


def people() -> list[str]:
    """The e-mail addresses to sign in with, as they were made."""
    rows = Membership.objects.filter(account__email__endswith=f"@{DOMAIN}").order_by("id")
    return list(rows.values_list("account__email", flat=True))
