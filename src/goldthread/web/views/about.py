"""Two short pages at the foot of every page."""

from django.http import HttpRequest, HttpResponse

from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import render


@page("cookies", name="cookies", public=True)
def cookies(request: HttpRequest) -> HttpResponse:
    """Which cookies there are, and why there is no banner."""
    return render(request, "about/cookies.jinja", {})


@page("accessibility", name="accessibility", public=True)
def accessibility(request: HttpRequest) -> HttpResponse:
    """What you can expect, and what to do when it is not so."""
    return render(request, "about/accessibility.jinja", {})
