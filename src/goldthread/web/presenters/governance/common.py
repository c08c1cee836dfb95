"""A line of a list, and the words that several pages share."""

from dataclasses import dataclass

from goldthread.practices.governance import queries

COMMENT_KINDS = {"concern": "A concern", "suggestion": "A suggestion", "question": "A question", "support": "Support"}
OUTCOMES = {"taken_in": "Taken in", "partly": "Taken in partly", "not_taken": "Not taken in", "answered": "Answered"}
EFFORT = {"1": "1 – very little", "2": "2 – little", "3": "3 – some", "4": "4 – much", "5": "5 – very much"}
BENEFIT = EFFORT
RIGHTS = {"advises": "gives advice", "consents": "must consent", "decides": "decides"}
PLACES = {"chair": "Chair", "lead": "Lead", "deputy": "Deputy", "member": "Member"}
WHY = queries.WHY


@dataclass(frozen=True)
class Line:
    """One row of a list: words, where they lead, the time, and what is to be added."""

    words: str
    href: str = ""
    time: str = ""
    more: str = ""
    late: bool = False
    tag: str = ""
