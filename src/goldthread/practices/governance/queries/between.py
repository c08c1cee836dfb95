"""Reading what is between organisations: promises given and received, briefs, and the public page."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Organisation
from goldthread.practices.governance.models import (
    BriefReceived,
    BriefShared,
    BriefUnderstood,
    Matter,
    PartnerBrief,
    Pledge,
    PledgeReceived,
    PublicPage,
)
from goldthread.record.models import Partner


def given(*, viewer: Viewer) -> list[Pledge]:
    """What this organisation promised others: open ones first, the soonest due first."""
    rows = Pledge.objects.select_related("to_organisation", "to_partner", "promised_by", "unit")
    found = rows.filter(organisation_id=viewer.organisation_id).order_by("due_on", "id")[:500]
    return sorted(found, key=lambda row: (row.state != "promised", row.confirmed is not None))


def received(*, viewer: Viewer) -> list[PledgeReceived]:
    """What others promised this organisation: those waiting for its word first."""
    rows = PledgeReceived.objects.select_related("from_organisation", "confirmed_by")
    found = rows.filter(organisation_id=viewer.organisation_id).order_by("due_on", "id")[:500]
    return sorted(found, key=lambda row: (row.confirmed is not None, row.state != "kept"))


def pledge(*, viewer: Viewer, pledge_id: UUID) -> Pledge:
    """One promise this organisation gave. Raises NotFound."""
    rows = Pledge.objects.select_related("to_organisation", "to_partner", "promised_by", "unit")
    found = rows.filter(organisation_id=viewer.organisation_id, id=pledge_id).first()
    if found is None:
        raise NotFound("no such promise")
    return found


def pledge_received(*, viewer: Viewer, received_id: UUID) -> PledgeReceived:
    """One promise this organisation was given. Raises NotFound."""
    rows = PledgeReceived.objects.select_related("from_organisation", "confirmed_by")
    found = rows.filter(organisation_id=viewer.organisation_id, id=received_id).first()
    if found is None:
        raise NotFound("no such promise")
    return found


@dataclass(frozen=True)
class BriefRead:
    """The brief of a partner, or our own (no partner), as it stands: the versions before it, who has it, who said it back."""

    partner: Partner | None
    versions: tuple[PartnerBrief, ...]
    shared: tuple[BriefShared, ...]
    understood: tuple[BriefUnderstood, ...]

    @property
    def now(self) -> PartnerBrief | None:
        """The version that stands; None while nothing has been written."""
        return self.versions[-1] if self.versions else None


def briefs(*, viewer: Viewer) -> list[BriefRead]:
    """Our own brief first, then each partner's by name, written or not."""
    partners = Partner.objects.filter(organisation_id=viewer.organisation_id, ended_on__isnull=True).order_by("name")
    return _read(viewer, [None, *partners])


def brief(*, viewer: Viewer, partner_id: UUID | None = None) -> BriefRead:
    """One partner's brief, or our own. Raises NotFound."""
    partner = None
    if partner_id is not None:
        partner = Partner.objects.filter(organisation_id=viewer.organisation_id, id=partner_id).first()
        if partner is None:
            raise NotFound("no such partner")
    return _read(viewer, [partner])[0]


def _read(viewer: Viewer, partners: list[Partner | None]) -> list[BriefRead]:
    mine = {"organisation_id": viewer.organisation_id}
    versions: dict[UUID | None, list[PartnerBrief]] = defaultdict(list)
    for row in PartnerBrief.objects.select_related("written_by").filter(**mine).order_by("number"):
        versions[row.partner_id].append(row)
    standing = {rows[-1].id for rows in versions.values()}
    shared: dict[UUID, list[BriefShared]] = defaultdict(list)
    for one in (
        BriefShared.objects.select_related("to_organisation", "to_partner")
        .filter(**mine, brief_id__in=standing)
        .order_by("at")
    ):
        shared[one.brief_id].append(one)
    understood: dict[UUID, list[BriefUnderstood]] = defaultdict(list)
    said = BriefUnderstood.objects.select_related("person", "partner", "by_organisation").filter(
        **mine, brief_id__in=standing
    )
    for back in said.order_by("at"):
        understood[back.brief_id].append(back)
    found = []
    for partner in partners:
        rows = versions[partner.id if partner else None]
        key = rows[-1].id if rows else None
        found.append(
            BriefRead(partner, tuple(rows), tuple(shared[key]) if key else (), tuple(understood[key]) if key else ())
        )
    return found


def briefs_received(*, viewer: Viewer) -> list[BriefReceived]:
    """Briefs of other organisations: the newest version of each, those not said back first."""
    newest: dict[int, BriefReceived] = {}
    rows = BriefReceived.objects.select_related("from_organisation", "understood_by")
    for row in rows.filter(organisation_id=viewer.organisation_id).order_by("number"):
        newest[row.from_organisation_id] = row
    return sorted(newest.values(), key=lambda row: (row.understood_at is not None, row.from_organisation.name))


def brief_received(*, viewer: Viewer, received_id: UUID) -> BriefReceived:
    """One brief of another organisation. Raises NotFound."""
    found = BriefReceived.objects.select_related("from_organisation").filter(
        organisation_id=viewer.organisation_id, id=received_id
    ).first()  # fmt: skip
    if found is None:
        raise NotFound("no such brief")
    return found


def other_organisations(*, viewer: Viewer) -> list[Organisation]:
    """The organisations of this installation that exist today and are not ours, by name."""
    rows = Organisation.objects.filter(valid_to__isnull=True).exclude(id__in=(0, viewer.organisation_id))
    return list(rows.order_by("name"))


@dataclass(frozen=True)
class Public:
    """What anybody may read: promises and decided questions that the organisation marked so."""

    pledges: tuple[Pledge, ...]
    matters: tuple[Matter, ...]


def switch(*, viewer: Viewer) -> PublicPage | None:
    """The switch of the public page as it stands, with who and why; None while it was never touched."""
    rows = PublicPage.objects.select_related("by").filter(organisation_id=viewer.organisation_id)
    return rows.order_by("-at", "-id").first()


def public_page(*, viewer: Viewer) -> Public | None:
    """The page as it is now; None while it is off."""
    now = switch(viewer=viewer)
    return shown(viewer=viewer) if now is not None and now.on else None


def shown(*, viewer: Viewer) -> Public:
    """What is marked for the page, on or off: open promises first, the soonest due first; the latest decisions first."""
    mine = {"organisation_id": viewer.organisation_id, "public": True}
    pledges = Pledge.objects.select_related("to_organisation", "to_partner").filter(**mine).exclude(state="withdrawn")
    matters = Matter.objects.select_related("decision").filter(**mine, decision__state="decided")
    return Public(
        tuple(sorted(pledges.order_by("due_on", "id")[:300], key=lambda row: row.state != "promised")),
        tuple(matters.order_by("-decision__decided_at", "id")[:300]),
    )
