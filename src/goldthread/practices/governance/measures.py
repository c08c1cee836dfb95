"""What governance measures about itself: comments answered, pledges kept and confirmed, joint work seen to work, briefs said back."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.methods.survival import Curve, kaplan_meier
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.practices.governance import deciding
from goldthread.practices.governance.models import BriefShared, BriefUnderstood, Comment, Initiative, Pledge
from goldthread.record.days import end_of_day
from goldthread.record.practice import MeasureKind, Scope, YieldedPoint

KINDS = (
    MeasureKind(
        "comments_answered",
        "Comments on drafts that have an answer",
        "proportion",
        "up",
        "Comments with an answer and a reason",
        "All comments made in the period",
    ),
    MeasureKind(
        "comments_in_14",
        "Comments answered within 14 days (open ones counted)",
        "value",
        "up",
        "Kaplan–Meier share answered by day 14",
    ),
    MeasureKind(
        "pledges_kept",
        "Promises between organisations kept and confirmed",
        "proportion",
        "up",
        "Kept, and confirmed by the receiver",
        "Promises due in the period and not taken back",
    ),
    MeasureKind(
        "initiatives_verified",
        "Joint work seen to work after ninety days",
        "proportion",
        "up",
        "Seen to work by somebody other than its lead",
        "Joint work whose ninety days ended in the period, whether anybody looked or not",
    ),
    MeasureKind(
        "understood",
        "Briefs said back by those they were sent to",
        "proportion",
        "up",
        "Said back in their own words",
        "Partners and organisations a brief was sent to in the period",
    ),
)


def comments_of(viewer: Viewer, unit: Unit, start: date, end: date) -> list[Comment]:
    """Comments made on drafts of a unit and below, from `start` up to but not on `end`."""
    rows = Comment.objects.filter(
        organisation_id=viewer.organisation_id, draft__unit_id__in=tree.subtree_keys(unit), at__gte=_midnight(start),
        at__lt=_midnight(end),
    )  # fmt: skip
    return list(rows.order_by("at", "id"))


def answered(comments: list[Comment], today: date) -> Curve | None:
    """Days until an answer, open comments counted for as long as they have been open. None without comments."""
    if not comments:
        return None
    days = [
        float((((one.answered_at and local_date(one.answered_at)) or today) - local_date(one.at)).days)
        for one in comments
    ]
    return kaplan_meier(days, [one.answered_at is not None for one in comments])


def pledges_due(viewer: Viewer, unit: Unit, start: date, end: date) -> list[Pledge]:
    """Promises to others, of a unit and below, that were due in the period and whose day has passed or that have ended.

    Those taken back are left out; one whose day is still to come counts only when it has ended.
    """
    rows = Pledge.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit), due_on__gte=start, due_on__lt=end
    ).exclude(state="withdrawn")
    today = local_date(viewer.at)
    return [row for row in rows.order_by("due_on", "id") if row.due_on < today or row.state != "promised"]


def initiatives_due(viewer: Viewer, unit: Unit, start: date, end: date) -> list[Initiative]:
    """Joint work of a unit and below whose ninety days ended in the period and have passed; dropped work too."""
    rows = Initiative.objects.filter(
        organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit), verify_on__gte=start, verify_on__lt=end,
        verify_on__lte=local_date(viewer.at),
    )  # fmt: skip
    return list(rows.order_by("verify_on", "id"))


def briefs_sent(viewer: Viewer, start: date, end: date) -> list[tuple[BriefShared, bool]]:
    """Our briefs sent in the period, each with whether that reader has said it back."""
    sent = list(BriefShared.objects.filter(organisation_id=viewer.organisation_id, at__gte=_midnight(start),
                                           at__lt=_midnight(end)).order_by("at", "id"))  # fmt: skip
    said: set[tuple[UUID, UUID | None, int | None]] = set(
        BriefUnderstood.objects.filter(organisation_id=viewer.organisation_id, brief_id__in=[one.brief_id for one in sent])
        .values_list("brief_id", "partner_id", "by_organisation_id")
    )  # fmt: skip
    return [(one, (one.brief_id, one.to_partner_id, one.to_organisation_id) in said) for one in sent]


def points(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedPoint]:
    """One point of each measure that has something to count, as known at the viewer's moment. Briefs are the whole organisation's."""
    unit = scope.unit

    def share(slug: str, numerator: int, denominator: int) -> Iterable[YieldedPoint]:
        if denominator:
            yield YieldedPoint(
                f"governance.{slug}", unit.key, start, end, numerator / denominator, numerator, denominator
            )

    yield from deciding.points(viewer, scope, start, end)
    comments = comments_of(viewer, unit, start, end)
    yield from share("comments_answered", sum(one.answered_at is not None for one in comments), len(comments))
    curve = answered(comments, local_date(viewer.at))
    by_14 = curve.by(14) if curve else None
    if by_14 is not None:
        yield YieldedPoint("governance.comments_in_14", unit.key, start, end, by_14.value)
    due = pledges_due(viewer, unit, start, end)
    yield from share("pledges_kept", sum(bool(one.confirmed) for one in due), len(due))
    work = initiatives_due(viewer, unit, start, end)
    yield from share("initiatives_verified", sum(one.state == "verified" for one in work), len(work))
    if unit.key == tree.root_of(viewer.organisation_id).key:
        sent = briefs_sent(viewer, start, end)
        yield from share("understood", sum(back for _, back in sent), len(sent))


def _midnight(day: date) -> object:
    """The moment at which a day begins."""
    return end_of_day(day - date.resolution)
