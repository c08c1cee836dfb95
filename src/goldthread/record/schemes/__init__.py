"""Schemes of delegation that are shipped as a start: their limits are examples, to be replaced by one's own."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def titles() -> dict[str, str]:
    """The shipped schemes: name and title."""
    from goldthread.methods.rights import read_policy

    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        policy = read_policy(path.read_text(encoding="utf-8")).policy
        found[path.stem] = policy.title if policy else path.stem
    return found


def text(name: str) -> str:
    """The text of a shipped scheme."""
    if name not in titles():
        raise LookupError(f"no shipped scheme {name!r}; there are: {', '.join(titles())}")
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
