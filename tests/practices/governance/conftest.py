"""A forum, a partner and two organisations, as the tests of governance need them."""

from types import SimpleNamespace

import pytest

from goldthread.record.actions import bodies


@pytest.fixture
def chief(small_system):
    """Whoever manages the whole of the first trust looks."""
    return small_system.viewer(small_system.chief)


@pytest.fixture
def practice_nurse(small_system, chief, at):
    """A partner without an account."""
    return bodies.add_partner(by=chief, at=at, name="Harbour Practice", kind="practice", contact_name="Ines Okoro")


@pytest.fixture
def forum(small_system, chief, at):
    """A forum for nurses and managers, led by the head of Medicine, with the ward manager as a member."""
    body = bodies.make_body(
        by=chief, at=at, unit=small_system.root, slug="professional-leadership-forum", title="Professional leadership forum",
        kind="forum", rights="advises", purpose="Professions advise on what changes their work.",
    )  # fmt: skip
    group = "Nursing and midwifery registered"
    seats = [
        bodies.seat(by=chief, at=at, body=body, person=small_system.head, place="chair", profession=group),
        bodies.seat(by=chief, at=at, body=body, person=small_system.manager, profession=group),
    ]
    return SimpleNamespace(body=body, seats=seats)
