"""The page of promises that anybody may read: switched on and off by the organisation, with who and why."""

from datetime import datetime

from django.db import transaction

from goldthread.organisation.access import Viewer
from goldthread.practices.governance.actions.common import leave, speak_for_all
from goldthread.practices.governance.models import PublicPage
from goldthread.record.errors import AlreadyEnded
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


@transaction.atomic
def switch_public_page(*, by: Viewer, at: datetime, on: bool, because: str) -> PublicPage:
    """Switch the page on or off for the whole organisation. It takes effect at once."""
    speak_for_all(by)
    now = PublicPage.objects.filter(organisation_id=by.organisation_id).order_by("-at", "-id").first()
    if (now is not None and now.on) == on:
        raise AlreadyEnded(f"The page is {'on' if on else 'off'} already.")
    made = PublicPage.objects.create(organisation_id=by.organisation_id, on=on, by_id=by.person_id, at=at,
                                     because=clean_text(because, field="because", limit=1000))  # fmt: skip
    leave(
        "governance.public_page_switched",
        by.acting_as(),
        at,
        by.organisation_id,
        Ref("governance", "public_page", made.id),
        on=on,
    )
    return made
