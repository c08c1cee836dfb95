"""Everything in this folder kills something, and says so with its marker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation, installation


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def own() -> Iterator[Installation]:
    """An installation of one's own, with the small system in it, whose database may be killed."""
    with installation() as made:
        yield made
