"""Every write of governance: keyword-only, one transaction each, an event at the end, the object returned."""

from goldthread.practices.governance.actions.asking import ask_partner
from goldthread.practices.governance.actions.briefs import (
    say_understood,
    share_brief,
    understood_as_organisation,
    understood_as_partner,
    write_as_partner,
    write_brief,
)
from goldthread.practices.governance.actions.called_back import on_clock as on_clock
from goldthread.practices.governance.actions.called_back import on_decided as on_decided
from goldthread.practices.governance.actions.comments import answer_comment, comment_as_partner, comment_on
from goldthread.practices.governance.actions.drafts import (
    add_clause,
    adopt_draft,
    begin_draft,
    bind,
    consult,
    move_clause,
    rewrite,
    withdraw_draft,
)
from goldthread.practices.governance.actions.initiatives import (
    choose,
    drop,
    estimate,
    estimate_as_partner,
    join,
    propose_initiative,
    start_initiative,
    verify,
)
from goldthread.practices.governance.actions.matters import raise_matter, show_publicly
from goldthread.practices.governance.actions.meetings import (
    add_item,
    cancel_meeting,
    draw_agenda,
    hold_meeting,
    note_item,
    plan_meeting,
)
from goldthread.practices.governance.actions.pledges import (
    confirm_as_partner,
    confirm_received,
    pledge,
    say_ended,
    show_pledge,
)
from goldthread.practices.governance.actions.public import switch_public_page

__all__ = [
    "add_clause",
    "add_item",
    "adopt_draft",
    "answer_comment",
    "ask_partner",
    "begin_draft",
    "bind",
    "cancel_meeting",
    "choose",
    "comment_as_partner",
    "comment_on",
    "confirm_as_partner",
    "confirm_received",
    "consult",
    "draw_agenda",
    "drop",
    "estimate",
    "estimate_as_partner",
    "hold_meeting",
    "join",
    "move_clause",
    "note_item",
    "plan_meeting",
    "pledge",
    "propose_initiative",
    "raise_matter",
    "rewrite",
    "say_ended",
    "say_understood",
    "share_brief",
    "show_pledge",
    "show_publicly",
    "start_initiative",
    "switch_public_page",
    "understood_as_organisation",
    "understood_as_partner",
    "verify",
    "withdraw_draft",
    "write_as_partner",
    "write_brief",
]
