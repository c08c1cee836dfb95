"""What people see when something went wrong: calm, short, and saying what to do."""

import sys

from django.http import HttpRequest, HttpResponse

from goldthread.web.kit.middleware import calm_page
from goldthread.web.kit.templates import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing you may know of."""
    return render(request, "errors/not_found.jinja", {}, status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """You may see it but not do it."""
    return render(request, "errors/not_allowed.jinja", {"why": ""}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The browser sent something that cannot be read."""
    return render(request, "errors/bad_request.jinja", {}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault; unless the database went away outside a view (a session read or stored), which is its own page."""
    return calm_page(sys.exc_info()[1]) or render(request, "errors/server_error.jinja", {}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form had lain open too long, or came from elsewhere."""
    return render(request, "errors/stale_form.jinja", {}, status=403)
