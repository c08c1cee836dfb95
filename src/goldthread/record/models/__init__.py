"""Tables and constraints of the record; one subject per file."""

from goldthread.record.models.changes import Change
from goldthread.record.models.clocks import Clock
from goldthread.record.models.commitments import Commitment
from goldthread.record.models.decisions import Decision
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

__all__ = [
    "Change",
    "Claim",
    "Clock",
    "Commitment",
    "Decision",
    "LimitDecision",
    "Link",
    "Measure",
    "MeasureVersion",
    "Notice",
    "Point",
    "PublishedMeasure",
    "PublishedPoint",
]
