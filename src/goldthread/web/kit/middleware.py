"""One request, one transaction, one viewer; and calm pages when something is wrong."""

import logging
from collections.abc import Callable

from django.contrib.auth import logout
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal import clock
from goldthread.organisation import access
from goldthread.web.kit.templates import render

log = logging.getLogger(__name__)


class CalmErrors:
    """When the database does not answer, say so calmly: nothing that was acknowledged is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say that the system rests."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A lost database is a page of its own, with what to do."""
        return calm_page(error)


def calm_page(error: Exception) -> HttpResponse | None:
    """The page for a database that does not answer; None for any other error."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    log.error("database unavailable: %s", type(error).__name__)
    return render(None, "errors/database.jinja", {}, status=503)


class ActingFor:
    """Opens the request's transaction, reads the time once, and enters the scope of the organisation the viewer acts for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request inside one transaction, undone when the answer is an error."""
        request.viewer = None  # type: ignore[attr-defined]
        if request.path.startswith("/static/"):
            return self.get_response(request)
        try:
            with transaction.atomic():
                request.at = clock.now()  # type: ignore[attr-defined]
                self._find_viewer(request)
                response = self.get_response(request)
                if response.status_code >= 400 or getattr(request, "failed", False):
                    transaction.set_rollback(True)
        except (OperationalError, InterfaceError) as error:
            calm = calm_page(error)
            assert calm is not None  # noqa: S101  (the types are the ones calm_page answers)
            return calm
        return response

    def _find_viewer(self, request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            return
        viewer = access.viewer_for(request.user, request.session.get("organisation"), request.at)  # type: ignore[arg-type, attr-defined]
        if viewer is None:
            logout(request)
        request.viewer = viewer  # type: ignore[attr-defined]

    def process_view(self, request: HttpRequest, view: Callable, args: list, kwargs: dict) -> HttpResponse | None:
        """Refuse pages that need a viewer to whoever is not signed in."""
        if getattr(view, "goldthread_public", False) or request.viewer is not None:  # type: ignore[attr-defined]
            return None
        return redirect(f"/sign-in?next={request.path}")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Undo the transaction; a refusal becomes a page that says who may, an unknown thing "not found"."""
        request.failed = True  # type: ignore[attr-defined]
        if isinstance(error, access.NotFound | Http404):
            return render(request, "errors/not_found.jinja", {}, status=404)
        if isinstance(error, access.NotAllowed):
            return render(request, "errors/not_allowed.jinja", {"why": str(error)}, status=403)
        return calm_page(error)
