"""Signing in and out, and choosing for which organisation to act."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from goldthread.journal import clock, scope
from goldthread.organisation import access
from goldthread.organisation.models import Account, Membership, Person, RoleHeld
from goldthread.organisation.roles import ROLES
from goldthread.web.kit import forms, words
from goldthread.web.kit.routes import page
from goldthread.web.kit.told import tell

DEMO_DOMAIN = "@demo.goldthread.example"
DEMO_PEOPLE = 18
_BACKEND = "django.contrib.auth.backends.ModelBackend"
NO_MATCH = "That e-mail address and password do not match an account here. Check both and try again."
NO_SEAT = "Your account is not linked to an organisation yet. Ask your organisation's administrator to link it."


class SignIn(forms.Form):
    """The two things that everybody who may sign in knows."""

    email = forms.Email()
    password = forms.Password()


@page("sign-in", name="sign_in", public=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the ways in; with a good answer, go where the person was going."""
    onward = safe_next(request)
    if request.viewer is not None and request.method != "POST":  # type: ignore[attr-defined]
        return HttpResponseRedirect(onward)
    chosen = _demo_seat(request)
    if chosen is not None:
        return _enter(request, chosen.account, chosen.organisation_id, onward)
    form = SignIn() if "seat" in request.POST else SignIn.read(request)
    if form.ready:
        account = _authenticate(request, form.cleaned_data["email"], form.cleaned_data["password"])
        if account is not None and access.seats(account):
            return _enter(request, account, None, onward)
        form.refuse(NO_MATCH if account is None else NO_SEAT)
    people = demo_people(request) if settings.GOLDTHREAD_DEMO else []
    return forms.answer(request, "sign_in/sign_in.jinja", {"groups": people, "next": onward, "viewer": None}, form=form)


@page("sign-out", name="sign_out", public=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; only by pressing the button, never by following a link."""
    if request.method != "POST":
        return redirect("home")
    logout(request)
    tell(request, "You are signed out.")
    return redirect("sign_in")


@page("acting-for", name="acting_for")
def acting_for(request: HttpRequest) -> HttpResponse:
    """Choose among the organisations this account may act for."""
    seats = access.seats(request.user)  # type: ignore[arg-type]
    if request.method == "POST":
        wanted = request.POST.get("organisation", "")
        seat = next((seat for seat in seats if str(seat.organisation_id) == wanted), None)
        if seat is None:
            raise access.NotFound("no such seat")
        request.session["organisation"] = seat.organisation_id
        tell(request, f"You now act for {seat.organisation.name}.")
        return redirect("home")
    return forms.render(request, "sign_in/acting_for.jinja", {"seats": seats})


def safe_next(request: HttpRequest) -> str:
    """Where the person was going, if that is here; otherwise home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    here = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=secure
    )
    readable = all(character.isprintable() for character in wanted) and len(wanted) <= 2000
    return wanted if here and readable and not wanted.startswith(("/sign-in", "/sign-out")) else "/"


def _authenticate(request: HttpRequest, email: str, password: str) -> Account | None:
    for spelling in dict.fromkeys((email, email.lower())):
        found = authenticate(request, username=spelling, password=password)
        if found is not None:
            return found  # type: ignore[return-value]
    return None


def _enter(request: HttpRequest, account: Account, organisation_id: int | None, onward: str) -> HttpResponse:
    login(request, account, backend=_BACKEND)
    if organisation_id is None:
        request.session.pop("organisation", None)
    else:
        request.session["organisation"] = organisation_id
    return HttpResponseRedirect(onward)


# The demonstration's chooser.


@dataclass(frozen=True)
class DemoPerson:
    """One person to try goldthread as."""

    seat: int
    name: str
    role: str
    unit: str


def _demo_seats() -> list[Membership]:
    rows = Membership.objects.filter(account__email__endswith=DEMO_DOMAIN, account__is_active=True)
    return list(rows.select_related("account", "organisation").order_by("organisation__name", "account__email")[:200])


def _demo_seat(request: HttpRequest) -> Membership | None:
    wanted = request.POST.get("seat", "") if settings.GOLDTHREAD_DEMO else ""
    return next((seat for seat in _demo_seats() if str(seat.pk) == wanted), None) if wanted else None


def demo_people(request: HttpRequest) -> list[tuple[str, list[DemoPerson]]]:
    """At most twelve people with a role, by organisation; as many kinds of role as possible in each."""
    day = clock.local_date(request.at)  # type: ignore[attr-defined]
    seats: dict[int, list[Membership]] = {}
    for seat in _demo_seats():
        seats.setdefault(seat.organisation_id, []).append(seat)
    groups: list[tuple[str, list[DemoPerson]]] = []
    for number, (organisation_id, members) in enumerate(seats.items()):
        others = sum(len(rows) for rows in list(seats.values())[number + 1 :])
        left = DEMO_PEOPLE - sum(len(people) for _, people in groups)
        # Everybody, where they all fit; else an equal share of the room for each organisation.
        room = max(left - others, -(-left // (len(seats) - number)))
        scope.enter(organisation_id)  # names are readable only from inside
        people = _people_with_roles(organisation_id, members, day)[:room]
        if people:
            groups.append((members[0].organisation.name, people))
    return groups


def _people_with_roles(organisation_id: int, members: list[Membership], day: object) -> list[DemoPerson]:
    persons = Person.objects.filter(organisation_id=organisation_id, id__in=[seat.person_id for seat in members])
    names = dict(persons.values_list("id", "name"))
    units = dict(persons.values_list("id", "unit__name"))
    held: dict[object, list[RoleHeld]] = {}
    rows = RoleHeld.objects.filter(organisation_id=organisation_id, person_id__in=names, period__contains=day)
    for row in rows.select_related("unit").order_by("role"):
        held.setdefault(row.person_id, []).append(row)
    ranked = []
    seen: dict[str, int] = {}
    for seat in members:
        roles = [row for row in held.get(seat.person_id, []) if row.role in ROLES]
        if not roles:
            plain = DemoPerson(seat.pk, names[seat.person_id], "Member of staff", units[seat.person_id])
            ranked.append((seen.setdefault("", 0), plain))
            continue
        # A leader is shown as one, even if she also manages a unit.
        main = next((row for row in roles if row.role == "leader"), roles[0])
        titles = list(dict.fromkeys(ROLES[row.role].title for row in [main, *roles] if row.unit_id == main.unit_id))
        seen[main.role] = seen.get(main.role, 0) + 1
        person = DemoPerson(
            seat.pk, names[seat.person_id], words.listed([titles[0], *map(str.lower, titles[1:])]), main.unit.name
        )
        ranked.append((seen[main.role], person))
    return [person for _, person in sorted(ranked, key=lambda item: item[0])]
