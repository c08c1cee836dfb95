"""Tables and constraints of governance. State order is in triggers (migration 0002); what is append-only there too."""

from goldthread.practices.governance.models.briefs import BriefReceived, BriefShared, BriefUnderstood, PartnerBrief
from goldthread.practices.governance.models.drafts import Clause, ClauseVersion, Comment, Draft, DraftBinds
from goldthread.practices.governance.models.initiatives import Initiative, InitiativeEstimate, InitiativePartner
from goldthread.practices.governance.models.matters import Matter
from goldthread.practices.governance.models.meetings import AgendaItem, Meeting
from goldthread.practices.governance.models.pledges import Pledge, PledgeReceived, PublicPage

__all__ = [
    "AgendaItem",
    "BriefReceived",
    "BriefShared",
    "BriefUnderstood",
    "Clause",
    "ClauseVersion",
    "Comment",
    "Draft",
    "DraftBinds",
    "Initiative",
    "InitiativeEstimate",
    "InitiativePartner",
    "Matter",
    "Meeting",
    "PartnerBrief",
    "Pledge",
    "PledgeReceived",
    "PublicPage",
]
