"""Finding a unit: down the tree, or by name. Structure is public within an installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from goldthread.journal import clock
from goldthread.organisation import access, tree
from goldthread.organisation.models import Unit
from goldthread.organisation.profiles import Profile
from goldthread.web.kit import forms, tables, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.templates import profile, render


@dataclass(frozen=True)
class Row:
    """A unit as a list shows it."""

    name: str
    level: str
    board: str
    below: int
    browse: str
    where: str = ""

    @property
    def below_words(self) -> str:
        """How many units are directly below."""
        return words.plural(self.below, "unit") + " below" if self.below else ""


@page("", name="home")
def home(request: HttpRequest) -> HttpResponse:
    """The board of the unit where the viewer works."""
    unit = Unit.objects.filter(key=request.viewer.unit_key).first()  # type: ignore[attr-defined]
    if unit is None:
        return redirect("units")
    return redirect(board_of(unit) or reverse("units"))


def board_of(unit: Unit) -> str:
    """The address of a unit's board; empty while that page does not exist."""
    try:
        return reverse("board", kwargs={"unit_id": unit.id})
    except NoReverseMatch:
        return ""


@page("units", name="units")
def units(request: HttpRequest) -> HttpResponse:
    """The viewer's organisation from its top; with ?under=, from that unit; with ?q=, every unit whose name or code matches."""
    search = forms.asked(request, "q", limit=100)
    if search:
        return _found(request, search)
    under = forms.read_id(request.GET.get("under", ""))
    if under:
        return redirect("units_under", unit_id=under)
    return _under(request, tree.root_of(request.viewer.organisation_id))  # type: ignore[attr-defined]


@page("units/<uuid:unit_id>", name="units_under")
def units_under(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """What lies directly below a unit."""
    return _under(request, access.unit_for(request.viewer, unit_id))  # type: ignore[attr-defined]


def _under(request: HttpRequest, unit: Unit) -> HttpResponse:
    day, names = clock.local_date(request.at), profile()  # type: ignore[attr-defined]
    children = tree.children(unit, day)
    below = _below(children, day)
    rows = [_row(child, names, below) for child in children]
    above = [one for one in tree.breadcrumb(unit) if one.key != unit.key]
    values = {
        "unit": unit,
        "level": names.levels.get(unit.level, unit.level),
        "board": board_of(unit),
        "page": tables.page_of(request, rows, size=100),
        "crumbs": [{"text": one.name, "href": reverse("units_under", kwargs={"unit_id": one.id})} for one in above],
    }
    return render(request, "units/under.jinja", values)


def _found(request: HttpRequest, search: str) -> HttpResponse:
    viewer, day, names = request.viewer, clock.local_date(request.at), profile()  # type: ignore[attr-defined]
    rows = Unit.objects.filter(Q(name__icontains=search) | Q(code__iexact=search), _existing(day))
    own = request.GET.get("where") != "all"
    if own:
        rows = rows.filter(organisation_id=viewer.organisation_id)
    found = tables.page_of(request, rows.select_related("organisation").order_by("name", "key"), size=50)
    below = _below(found.rows, day)
    places = _places(found.rows)
    shown = [_row(unit, names, below, places[unit.key]) for unit in found.rows]
    return render(request, "units/found.jinja", {"search": search, "own": own, "page": found, "rows": shown})


def _existing(day: date) -> Q:
    return (Q(valid_to__isnull=True) | Q(valid_to__gt=day)) & (Q(valid_from__isnull=True) | Q(valid_from__lte=day))


def _below(units: Sequence[Unit], day: date) -> dict[object, int]:
    """How many units exist directly below each of these, in one query."""
    rows = Unit.objects.filter(_existing(day), parent__in=[unit.id for unit in units])
    return dict(rows.values_list("parent").annotate(count=Count("id")))


def _places(units: Sequence[Unit]) -> dict[int, str]:
    """Where each unit is, in words, in one query."""
    keys = {key for unit in units for key in unit.path}
    names = dict(Unit.objects.filter(key__in=keys).values_list("key", "name"))
    return {unit.key: " › ".join(names[key] for key in unit.path[:-1] if key in names) for unit in units}


def _row(unit: Unit, names: Profile, below: dict[object, int], where: str = "") -> Row:
    browse = reverse("units_under", kwargs={"unit_id": unit.id})
    level = names.levels.get(unit.level, unit.level)
    return Row(unit.name, level, board_of(unit), below.get(unit.id, 0), browse, where)
