"""Tables and constraints of the record; one subject per file."""

from goldthread.record.models.bodies import Body, BodySeat, Partner
from goldthread.record.models.changes import Change
from goldthread.record.models.clocks import Clock
from goldthread.record.models.commitments import Commitment
from goldthread.record.models.decisions import Decision
from goldthread.record.models.hearings import Hearing, Party, SealedView, Submission
from goldthread.record.models.links import Claim, Link
from goldthread.record.models.measures import (
    LimitDecision,
    Measure,
    MeasureVersion,
    Point,
    PublishedMeasure,
    PublishedPoint,
)
from goldthread.record.models.outbox import Notice
from goldthread.record.models.schemes import Delegation, EarnedLimit, LimitProposal, Mode, Scheme, SchemeTerm
from goldthread.record.models.together import (
    Ballot,
    BallotPaper,
    Clarification,
    Integration,
    Position,
    Recusal,
    Reevaluation,
    Round,
    Seat,
)

__all__ = [
    "Ballot",
    "BallotPaper",
    "Body",
    "BodySeat",
    "Change",
    "Claim",
    "Clarification",
    "Clock",
    "Commitment",
    "Decision",
    "Delegation",
    "EarnedLimit",
    "Hearing",
    "Integration",
    "LimitDecision",
    "LimitProposal",
    "Link",
    "Measure",
    "MeasureVersion",
    "Mode",
    "Notice",
    "Partner",
    "Party",
    "Point",
    "Position",
    "PublishedMeasure",
    "PublishedPoint",
    "Recusal",
    "Reevaluation",
    "Round",
    "Scheme",
    "SchemeTerm",
    "SealedView",
    "Seat",
    "Submission",
]
