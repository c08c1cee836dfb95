"""The words of an installation: its levels, from the top down, and what things are called. Fixed when it is made."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """One kind of organisation. `levels` maps a level's key to the word people read."""

    slug: str
    title: str
    levels: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)

    def word(self, key: str) -> str:
        """The profile's own word for `key`, else the key itself."""
        return self.words.get(key, key)


NHS_ICS = Profile(
    slug="nhs-ics",
    title="Integrated care system",
    levels={
        "nation": "Nation",
        "region": "Region",
        "system": "Integrated care system",
        "place": "Place",
        "organisation": "Trust",
        "site": "Site",
        "division": "Division",
        "department": "Department",
        "team": "Ward or team",
    },
    words={"board to ward": "Board to ward", "staff": "staff", "team": "ward or team", "customer": "patient"},
)
COMPANY = Profile(
    slug="company",
    title="Company",
    levels={
        "nation": "Holding",
        "region": "Region",
        "system": "Group",
        "place": "Country",
        "organisation": "Company",
        "site": "Site",
        "division": "Division",
        "department": "Department",
        "team": "Team",
    },
    words={"board to ward": "Board to team", "staff": "colleagues", "team": "team", "customer": "customer"},
)
PROFILES = {profile.slug: profile for profile in (NHS_ICS, COMPANY)}


def profile_named(slug: str) -> Profile:
    """The profile called `slug`; ValueError names those there are."""
    try:
        return PROFILES[slug]
    except KeyError:
        raise ValueError(f"profile {slug!r} is not known; there are: {', '.join(PROFILES)}") from None
