"""Every page registers here with its address, its name and who may ask for it at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Route:
    """One address. `public` pages need no sign-in; everything else is refused by the middleware before the view runs."""

    address: str
    name: str
    view: View
    public: bool


ROUTES: list[Route] = []


def page(address: str, *, name: str, public: bool = False) -> Callable[[View], View]:
    """Register a view at an address (Django's path syntax, no leading slash)."""

    def register(view: View) -> View:
        if any(route.name == name for route in ROUTES):
            raise ValueError(f"two pages are called {name!r}")
        view.goldthread_public = public  # type: ignore[attr-defined]
        ROUTES.append(Route(address, name, view, public))
        return view

    return register


def urlpatterns() -> list[URLPattern]:
    """Django's patterns for all registered pages."""
    return [path(route.address, _plain(route.view), name=route.name) for route in ROUTES]


def _plain(view: View) -> Any:
    return view
