"""How governance's objects appear in a thread."""

from collections.abc import Sequence
from typing import Any

from goldthread.journal.clock import local_date
from goldthread.organisation.access import Viewer
from goldthread.practices.governance.models import (
    BriefReceived,
    Draft,
    Initiative,
    Matter,
    Meeting,
    PartnerBrief,
    Pledge,
    PledgeReceived,
    PublicPage,
)
from goldthread.record.models import LimitProposal, Scheme
from goldthread.record.practice import Described
from goldthread.record.refs import Ref

DRAFT_STATES = {
    "drafting": "being written",
    "consulting": "open for comments",
    "adopted": "adopted",
    "withdrawn": "not taken further",
}
PLEDGE_STATES = {"promised": "promised", "kept": "said to be kept", "not_kept": "not kept", "withdrawn": "taken back"}
INITIATIVE_STATES = {
    "proposed": "proposed",
    "chosen": "chosen, not started",
    "under_way": "under way",
    "verified": "seen to work after ninety days",
    "not_verified": "not seen to work after ninety days",
    "dropped": "dropped",
}
MEETING_STATES = {"planned": "planned", "held": "held", "cancelled": "called off"}


def describe(refs: Sequence[Ref], viewer: Viewer, *, using: str = "default") -> dict[Ref, Described | None]:
    """Governance's objects in the viewer's organisation; one query for each kind that is asked for."""
    asked: dict[str, dict[Any, Ref]] = {}
    for ref in refs:
        asked.setdefault(ref.kind, {})[ref.id] = ref
    found: dict[Ref, Described | None] = {}
    for kind, by_id in asked.items():
        if kind in _KINDS:
            model, related, one = _KINDS[kind]
            rows = model.objects.using(using).select_related(*related)
            for row in rows.filter(organisation_id=viewer.organisation_id, id__in=list(by_id)):
                found[by_id[row.id]] = one(by_id[row.id], row)
    return found


def _matter(ref: Ref, row: Matter) -> Described:
    detail = "decided" if row.decision is not None and row.decision.state == "decided" else "waiting for a decision"
    return Described(
        ref, f"Question from {row.unit.name}", row.title, local_date(row.raised_at), "voice", row.raised_by.name, detail
    )


def _draft(ref: Ref, row: Draft) -> Described:
    return Described(
        ref, "Draft", row.title, row.adopted_on or row.begun_on, "change", row.owner.name, DRAFT_STATES[row.state]
    )


def _meeting(ref: Ref, row: Meeting) -> Described:
    return Described(ref, "Meeting", f"{row.body.title} meets", row.on, "listening", "", MEETING_STATES[row.state])


def _brief(ref: Ref, row: PartnerBrief) -> Described:
    whose = row.partner.name if row.partner is not None else "our organisation"
    return Described(ref, "Brief", f"Brief of {whose}, version {row.number}", local_date(row.at), "voice")


def _brief_received(ref: Ref, row: BriefReceived) -> Described:
    title = f"Brief of {row.from_organisation.name}, version {row.number}"
    return Described(
        ref,
        "Brief",
        title,
        local_date(row.received_at),
        "voice",
        "",
        "said back" if row.understood_at else "to be read",
    )


def _initiative(ref: Ref, row: Initiative) -> Described:
    on = row.verified_on or row.started_on or row.proposed_on
    return Described(ref, "Joint work", row.title, on, "change", row.lead.name, INITIATIVE_STATES[row.state])


def _pledge(ref: Ref, row: Pledge) -> Described:
    to = row.to_organisation or row.to_partner
    detail = "kept and confirmed" if row.confirmed else PLEDGE_STATES[row.state]
    return Described(
        ref,
        f"Promise to {to.name if to else ''}",
        row.text[:200],
        row.due_on,
        "commitment",
        row.promised_by.name,
        detail,
    )


def _received(ref: Ref, row: PledgeReceived) -> Described:
    detail = "kept and confirmed" if row.confirmed else PLEDGE_STATES[row.state]
    return Described(
        ref, f"Promise of {row.from_organisation.name}", row.text[:200], row.due_on, "commitment", "", detail
    )


def _public(ref: Ref, row: PublicPage) -> Described:
    return Described(
        ref,
        "Public page",
        f"The public page was switched {'on' if row.on else 'off'}",
        local_date(row.at),
        "decision",
        row.by.name,
    )


def _scheme(ref: Ref, row: Scheme) -> Described:
    by = row.made_by.name if row.made_by else ""
    return Described(
        ref, "Scheme of delegation", f"{row.title}, version {row.version}", local_date(row.made_at), "decision", by
    )


def _limit(ref: Ref, row: LimitProposal) -> Described:
    return Described(ref, f"Raised limit for {row.unit.name}", f"{row.rule}: {row.attribute} up to {row.up_to}",
                     local_date(row.asked_at), "decision", row.asked_by.name)  # fmt: skip


_KINDS: dict[str, tuple[Any, tuple[str, ...], Any]] = {
    "matter": (Matter, ("unit", "raised_by", "decision"), _matter),
    "draft": (Draft, ("owner",), _draft),
    "meeting": (Meeting, ("body",), _meeting),
    "brief": (PartnerBrief, ("partner",), _brief),
    "brief_received": (BriefReceived, ("from_organisation",), _brief_received),
    "initiative": (Initiative, ("lead",), _initiative),
    "pledge": (Pledge, ("promised_by", "to_organisation", "to_partner"), _pledge),
    "pledge_received": (PledgeReceived, ("from_organisation",), _received),
    "public_page": (PublicPage, ("by",), _public),
    "scheme": (Scheme, ("made_by",), _scheme),
    "limit": (LimitProposal, ("unit", "asked_by"), _limit),
}
