"""The main navigation: five doors, each shown once its page exists."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from goldthread.organisation.profiles import Profile

#: section, the name of its page (web/kit/routes.py), the words; the board's are the profile's own.
DOORS = (
    ("board", "home", "board to ward"),
    ("decisions", "decisions", "My decisions"),
    ("ideas", "ideas", "Ideas"),
    ("say", "say", "Say something"),
    ("visits", "visits", "Visits"),
)


@dataclass(frozen=True)
class Door:
    """One item of the navigation."""

    section: str
    href: str
    words: str


def navigation(profile: Profile) -> list[Door]:
    """The doors whose pages are registered, in their order."""
    found = []
    for section, name, words in DOORS:
        try:
            found.append(Door(section, reverse(name), profile.word(words)))
        except NoReverseMatch:
            continue
    return found


def section_of(name: str) -> str:
    """Which door a page lies behind, by the start of its name: "idea_answer" is in "ideas"."""
    for section in ("board", "decision", "idea", "say", "visit"):
        if name.startswith(section):
            return {"decision": "decisions", "idea": "ideas", "visit": "visits"}.get(section, section)
    if name in ("raise", "map", "seat", "earn", "limit") or name.startswith("scheme"):
        return "decisions"
    return "board" if name in ("home", "units", "unit") or name.startswith(("measure", "tally")) else ""
