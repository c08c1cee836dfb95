"""Response teams: people from different staff groups who decide on named subjects until a moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import slugify

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.practices.crisis.actions.common import authority_at, gives_authority, somebody_here
from goldthread.practices.crisis.actions.standing_down import end_team
from goldthread.practices.crisis.models import Team
from goldthread.record.actions.bodies import make_body, seat
from goldthread.record.actions.clocks import set_clock
from goldthread.record.actions.modes import delegate_to_body
from goldthread.record.actions.notices import tell
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Body
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text

GIVEN_BY = "unit_manager"
#: Never a team's: giving authority away, or changing who has it.
KEPT = ("crisis", "authority")


def ref_of(team: Team) -> Ref:
    """The team as other objects point at it."""
    return Ref("crisis", "team", team.id)


@transaction.atomic
def form_team(
    *, by: Viewer, at: datetime, unit: Unit, title: str, purpose: str, lead: Person, members: Sequence[Person],
    subjects: Sequence[str], until: datetime, deputy: Person | None = None,
) -> Team:  # fmt: skip
    """Form a response team and give it, until a moment, the decisions of the unit's manager on some subjects. It takes people from
    at least two staff groups; while temporary authority is in force the team ends with it at the latest.
    """
    if unit.organisation_id != by.organisation_id:
        raise NotFound("no such unit")
    if not gives_authority(by, unit):
        raise NotYours(f"Whoever manages {unit.name} or a unit above it can give its decisions to a team. Ask them.")
    people = _people(by, at, lead, deputy, members)
    declaration = authority_at(unit, at)
    if declaration is not None and until > declaration.ends_at:
        raise Invalid(
            "until", "The temporary delegated authority ends before that. Choose the same end or an earlier one."
        )
    if set(subjects) & set(KEPT):
        raise Invalid(
            "subjects",
            "A team cannot be given the power to declare authority or to change who has it. Choose other subjects.",
        )
    if until <= at:
        raise Invalid("until", "Choose an end in the future: a response team always has one.")
    text = clean_text(purpose, field="purpose", limit=4000)
    body = make_body(by=by, at=at, unit=unit, slug=_slug(by, title), title=title, kind="response_team", rights="decides",
                     purpose=text, ends_on=local_date(until) + timedelta(days=1))  # fmt: skip
    for person in people:
        place = "lead" if person.id == lead.id else "deputy" if deputy and person.id == deputy.id else "member"
        seat(by=by, at=at, body=body, person=person, place=place, profession=person.staff_group)
    given = delegate_to_body(
        by_person=by.person_id, at=at, unit=unit, role=GIVEN_BY, body=body, subjects=subjects, starts_at=at, ends_at=until,
        decision=declaration.decision if declaration else None,
    )  # fmt: skip
    team = Team.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, body=body, delegation=given, declaration=declaration, purpose=text,
        subjects=given.subjects, formed_by_id=by.person_id, formed_at=at, until=until,
    )  # fmt: skip
    set_clock(ref_of(team), organisation_id=by.organisation_id, purpose="team_ends", due_at=until)
    for person in people:
        tell(organisation_id=by.organisation_id, person_id=person.id, about=ref_of(team), kind="team_yours", at=at)
    leave("crisis.team_formed", by=by.acting_as(GIVEN_BY), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="team", object_id=team.id, unit=unit.key, body=body.id, members=len(people), until=until.isoformat())  # fmt: skip
    return team


@transaction.atomic
def stand_down(*, by: Viewer, at: datetime, team: Team, because: str) -> Team:
    """Stand a team down before its day. What it had still to decide goes back to whose it was."""
    rows = Team.objects.select_for_update(of=("self",)).select_related("unit", "delegation")
    found = rows.filter(organisation_id=by.organisation_id, id=team.id).first()
    if found is None:
        raise NotFound("no such team")
    if found.stood_down_at is not None:
        raise AlreadyEnded("This team has been stood down already. Nothing was changed.")
    if not gives_authority(by, found.unit):
        raise NotYours(f"Whoever manages {found.unit.name} or a unit above it can stand the team down. Ask them.")
    end_team(found, at=at, because=clean_text(because, field="because", limit=2000))
    leave("crisis.team_stood_down", by=by.acting_as(GIVEN_BY), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="team", object_id=found.id)  # fmt: skip
    return found


def _people(by: Viewer, at: datetime, lead: Person, deputy: Person | None, members: Sequence[Person]) -> list[Person]:
    if deputy is not None and deputy.id == lead.id:
        raise Invalid("deputy", "Choose somebody else as deputy: the lead cannot stand in for themselves.")
    found = {one.id: one for one in (lead, *([deputy] if deputy else []), *members)}
    if not all(somebody_here(by, one, at) for one in found.values()):
        raise Invalid("members", "Choose people who work in this organisation now.")
    groups = {one.staff_group for one in found.values()}
    if len(groups) < 2:
        raise Invalid("members", f"Everybody in this team belongs to one staff group ({groups.pop()}). "
                      "A response team needs at least two: add somebody who works differently.")  # fmt: skip
    return list(found.values())


def _slug(by: Viewer, title: str) -> str:
    name = f"team-{slugify(title)[:40]}".rstrip("-")
    taken = set(
        Body.objects.filter(organisation_id=by.organisation_id, slug__startswith=name).values_list("slug", flat=True)
    )
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)
