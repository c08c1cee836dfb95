"""All pages. A practice's pages register by being imported here: the second half of the seam."""

from goldthread.web.kit import routes
from goldthread.web.views import (  # noqa: F401  (importing registers their pages)
    about,
    board,
    changes,
    crisis,
    decisions,
    errors,
    governance,
    measure,
    schemes,
    sign_in,
    tally,
    thread,
    units,
    voice,
)

urlpatterns = routes.urlpatterns()
handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.server_error
