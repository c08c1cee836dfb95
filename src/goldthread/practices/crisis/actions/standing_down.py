"""Standing a response team down: by somebody, by its day, or because the authority behind it ended. For people and jobs."""

from datetime import date, datetime

from goldthread.journal.clock import local_date
from goldthread.journal.events import SYSTEM, leave
from goldthread.practices.crisis.actions.common import under
from goldthread.practices.crisis.models import Declaration, Team
from goldthread.record.actions.clocks import stop_clock
from goldthread.record.actions.modes import end_delegation
from goldthread.record.models import Body
from goldthread.record.refs import Ref


def end_team(team: Team, *, at: datetime, because: str, using: str = "default") -> int:
    """Its decisions go back to whose they were; returns how many were open. A team that has been stood down stays so."""
    if team.stood_down_at is not None:
        return 0
    team.stood_down_at, team.stood_down_because = at, because
    team.save(using=using, update_fields=["stood_down_at", "stood_down_because"])
    stop_clock(Ref("crisis", "team", team.id), organisation_id=team.organisation_id, purpose="team_ends", using=using)
    returned = end_delegation(delegation=team.delegation, at=at, using=using) if team.delegation.ended_at is None else 0
    body = Body.objects.using(using).get(id=team.body_id)
    last = max(local_date(at), body.starts_on + date.resolution)
    if body.ends_on is None or last < body.ends_on:
        body.ends_on = last
        body.save(using=using, update_fields=["ends_on"])
    leave("crisis.team_ended", by=SYSTEM, at=at, organisation_id=team.organisation_id, practice="crisis", object_kind="team",
          object_id=team.id, returned=returned, using=using)  # fmt: skip
    return returned


def stand_down_all(declaration: Declaration, *, at: datetime, because: str, using: str) -> None:
    """Every team formed under a declaration, or under one that it extends, ends with it."""
    rows = Team.objects.using(using).select_related("delegation").filter(stood_down_at__isnull=True)
    for team in rows.filter(declaration_id__in=under(declaration, using=using)):
        end_team(team, at=at, because=because, using=using)
