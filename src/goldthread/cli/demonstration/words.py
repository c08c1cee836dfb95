"""The words of a demonstration, read from TOML beside this file."""

import random
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def words_of(profile: str) -> dict[str, Any]:
    """The invented system of a profile."""
    return tomllib.loads((HERE / f"{profile}.toml").read_text(encoding="utf-8"))


def name_maker(rng: random.Random) -> Any:
    """A function that gives one invented name after another."""
    lists = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))
    return lambda: f"{rng.choice(lists['first'])} {rng.choice(lists['last'])}"
