"""The pages of governance; importing them registers them."""

from goldthread.web.views.governance import (  # noqa: F401
    bodies,
    briefs,
    drafts,
    forums,
    initiatives,
    partner,
    partner_asked,
    pledges,
    promised,
)
