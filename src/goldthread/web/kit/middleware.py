"""One request, one transaction, one viewer; and calm pages when something is wrong."""

import logging
from collections.abc import Callable
from urllib.parse import quote

from django.contrib.auth import logout
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from goldthread.journal import clock
from goldthread.organisation import access
from goldthread.web.kit.templates import render

log = logging.getLogger(__name__)

#: Nothing from elsewhere, nothing inline. Charts are SVG with classes or presentation attributes.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)


class CalmErrors:
    """Puts the security headers on every answer; when the database does not answer, says so calmly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a page about a person or a place is kept by no cache."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A lost database is a page of its own, with what to do."""
        return calm_page(error)


def calm_page(error: BaseException | None) -> HttpResponse | None:
    """The page for a database that does not answer; None for any other error."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    log.error("database unavailable: %s", type(error).__name__)
    response = render(None, "errors/database.jinja", {}, status=503)
    response.headers["Retry-After"] = "30"
    return response


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
            request.viewer = None  # type: ignore[attr-defined]
            calm = calm_page(error)
            assert calm is not None  # noqa: S101  (the types are the ones calm_page answers)
            return calm
        return response

    def _find_viewer(self, request: HttpRequest) -> None:
        """Say who is looking: in the organisation they chose, else in the first where they still work."""
        if not request.user.is_authenticated:
            return
        seats = access.seats(request.user)  # type: ignore[arg-type]
        chosen = request.session.get("organisation")
        for seat in sorted(seats, key=lambda seat: seat.organisation_id != chosen):
            viewer = access.viewer_of(seat.organisation_id, seat.person_id, request.at, account_id=request.user.id)  # type: ignore[attr-defined]
            if viewer is not None:
                request.viewer = viewer  # type: ignore[attr-defined]
                request.organisation_name = seat.organisation.name  # type: ignore[attr-defined]
                request.other_seats = len(seats) > 1  # type: ignore[attr-defined]
                return
        logout(request)

    def process_view(self, request: HttpRequest, view: Callable, args: list, kwargs: dict) -> HttpResponse | None:
        """Refuse pages that need a viewer to whoever is not signed in."""
        if getattr(view, "goldthread_public", False) or request.viewer is not None:  # type: ignore[attr-defined]
            return None
        # A form that was posted is not kept across signing in: come back to the page, not to its answer.
        wanted = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
        return redirect(f"/sign-in?next={quote(wanted)}")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Undo the transaction; a refusal becomes a page that says who may, an unknown thing "not found"."""
        request.failed = True  # type: ignore[attr-defined]
        if isinstance(error, access.NotFound | Http404):
            return render(request, "errors/not_found.jinja", {}, status=404)
        if isinstance(error, access.NotAllowed):
            return render(request, "errors/not_allowed.jinja", {"why": str(error)}, status=403)
        return calm_page(error)
