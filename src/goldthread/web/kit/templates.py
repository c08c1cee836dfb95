"""The Jinja environment, and the one way to answer with a page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from goldthread.organisation.profiles import profile_named


def environment(**options: Any) -> Environment:
    """Jinja with nhsuk-frontend's components (its macros need ChainableUndefined) and our own pages."""
    options["undefined"] = ChainableUndefined
    options["autoescape"] = True
    made = Environment(**options)  # noqa: S701  (autoescape is set above)
    made.loader = ChoiceLoader([made.loader, PackageLoader("nhsuk_frontend_jinja")])  # type: ignore[list-item]
    made.globals.update(static=static, url=lambda name, **kwargs: reverse(name, kwargs=kwargs))
    made.trim_blocks = made.lstrip_blocks = True
    return made


def render(request: HttpRequest | None, page: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer with a page; every page knows the viewer, the profile's words and the way home."""
    common = {
        "profile": profile_named(settings.GOLDTHREAD_PROFILE),
        "viewer": getattr(request, "viewer", None),
        "demo": settings.GOLDTHREAD_DEMO,
    }
    return HttpResponse(get_template(page).render({**common, **values}, request), status=status)
