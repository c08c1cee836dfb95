"""The manifest of governance. Read this file first."""

from goldthread.practices.governance import deciding, evidence, measures
from goldthread.practices.governance.actions import on_clock, on_decided
from goldthread.practices.governance.describe import describe
from goldthread.record.practice import DecisionKind, ObjectKind, Practice

PRACTICE = Practice(
    slug="governance",
    title="Forums and partners",
    describe=describe,
    points=measures.points,
    claims=evidence.claims,
    on_decided=on_decided,
    on_clock=on_clock,
    decisions=(
        DecisionKind(
            "matter",
            "Decide a question that somebody raised",
            outcomes={"approved": "Yes", "approved_changed": "Yes, with changes", "declined": "No"},
            positive=frozenset({"approved", "approved_changed"}),
        ),
        DecisionKind(
            "adopt_draft",
            "Adopt a strategy or policy",
            outcomes={"adopted": "Adopt it as it stands", "changes_wanted": "Back for changes", "declined": "No"},
            positive=frozenset({"adopted"}),
            facts={"subject": "policy"},
        ),
        DecisionKind(
            "approve_scheme",
            "Approve a scheme of delegation",
            outcomes={"approved": "Approve it, from tomorrow", "declined": "No"},
            positive=frozenset({"approved"}),
            facts={"subject": "authority", "scope": "organisation"},
        ),
        DecisionKind(
            "raise_limit",
            "Raise a limit by a step",
            outcomes={"approved": "Yes, with the coach and what would end it", "declined": "No"},
            positive=frozenset({"approved"}),
            facts={"subject": "authority"},
        ),
    ),
    measures=(*deciding.KINDS, *measures.KINDS),
    objects=(
        ObjectKind("matter", "Question", "voice"),
        ObjectKind("scheme", "Scheme of delegation", "decision"),
        ObjectKind("limit", "Raised limit", "decision"),
        ObjectKind("draft", "Draft", "change"),
        ObjectKind("meeting", "Meeting", "listening"),
        ObjectKind("brief", "Brief", "voice"),
        ObjectKind("brief_received", "Brief of another organisation", "voice"),
        ObjectKind("initiative", "Joint work", "change"),
        ObjectKind("pledge", "Promise to another organisation", "commitment"),
        ObjectKind("pledge_received", "Promise of another organisation", "commitment"),
        ObjectKind("public_page", "Public page", "decision"),
    ),
    docs="explanation/governance.md",
    events=frozenset(
        f"governance.{name}"
        for name in (
            "matter_raised", "matter_public", "matter_decided", "draft_begun", "draft_binds", "clause_added",
            "clause_rewritten", "clause_moved", "draft_consulting", "draft_put", "draft_withdrawn", "draft_decided",
            "commented", "comment_answered", "meeting_planned", "agenda_drawn", "agenda_item_added", "agenda_item_noted",
            "meeting_held", "meeting_cancelled", "pledge_made", "pledge_ended", "pledge_received",
            "pledge_received_confirmed", "pledge_confirmed", "pledge_public", "pledge_overdue", "brief_written",
            "brief_shared", "brief_received", "brief_understood", "brief_said_back", "initiative_proposed",
            "initiative_joined", "initiative_estimated", "initiative_chosen", "initiative_started", "initiative_looked_at",
            "initiative_dropped", "initiative_due", "public_page_switched", "partner_asked", "scheme_proposed", "scheme_approved", "limit_proposed", "limit_given",
        )
    ),
)  # fmt: skip
