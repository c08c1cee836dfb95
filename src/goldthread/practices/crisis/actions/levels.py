"""The incident level: how serious it is. It gives nobody authority; a declaration does."""

from datetime import datetime

from django.db import transaction

from goldthread.journal.events import leave
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.practices.crisis.actions.common import CHANNEL, require_lead
from goldthread.practices.crisis.models import IncidentLevel
from goldthread.record.errors import Invalid
from goldthread.record.text import clean_text


@transaction.atomic
def set_level(
    *, by: Viewer, at: datetime, unit: Unit, level: int, channel: str, since: datetime | None = None, note: str = ""
) -> IncidentLevel:
    """Record that an incident stands at a level, or was stood down (0), since when and through which channel it came. Who decides
    what stays as it was.
    """
    require_lead(by, unit)
    if not 0 <= level <= 4:
        raise Invalid("level", "Choose a level from 1 to 4, or stood down.")
    if since is not None and since > at:
        raise Invalid("since", "A level is recorded once it holds: now or earlier.")
    made = IncidentLevel.objects.create(
        organisation_id=by.organisation_id, unit_id=unit.key, level=level, since=since or at, by_id=by.person_id, at=at,
        channel=clean_text(channel, field="channel", limit=CHANNEL), note=clean_text(note, field="note", limit=2000, required=False),
    )  # fmt: skip
    leave("crisis.level_set", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="crisis",
          object_kind="level", object_id=made.id, unit=unit.key, level=level)  # fmt: skip
    return made
