"""The Jinja environment, and the one way to answer with a page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from goldthread.organisation.profiles import Profile, profile_named
from goldthread.web.kit import words
from goldthread.web.kit.bound import MACRO_HELPERS
from goldthread.web.kit.navigation import navigation, section_of
from goldthread.web.kit.told import told


def environment(**options: Any) -> Environment:
    """Jinja with nhsuk-frontend's components (its macros need ChainableUndefined) and our own pages."""
    options["undefined"] = ChainableUndefined
    options["autoescape"] = True
    made = Environment(**options)  # noqa: S701  (autoescape is set above)
    made.loader = ChoiceLoader([made.loader, PackageLoader("nhsuk_frontend_jinja")])  # type: ignore[list-item]
    made.globals.update(
        static=static, url=address, navigation=navigation, plural=words.plural, percent=words.percent, **MACRO_HELPERS
    )
    made.filters.update(words.FILTERS)
    made.trim_blocks = made.lstrip_blocks = True
    return made


def address(name: str, **kwargs: Any) -> str:
    """Where a page is. Raises for a name that nobody registered: a broken link is a bug, not a link."""
    return reverse(name, kwargs=kwargs)


def profile() -> Profile:
    """The words of this installation."""
    return profile_named(settings.GOLDTHREAD_PROFILE)


def render(request: HttpRequest | None, page: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer with a page; every page knows the viewer, the profile's words and the way home. Asks the database nothing."""
    match = getattr(request, "resolver_match", None)
    common = {
        "profile": profile(),
        "viewer": getattr(request, "viewer", None),
        "organisation_name": getattr(request, "organisation_name", ""),
        "other_seats": getattr(request, "other_seats", False),
        "at": getattr(request, "at", None),
        "here": section_of(match.url_name or "") if match else "",
        "demo": settings.GOLDTHREAD_DEMO,
        "told": told(request) if status < 400 else "",
    }
    return HttpResponse(get_template(page).render({**common, **values}, request), status=status)
