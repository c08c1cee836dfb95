"""What the forms of crisis share: a time of day beside a day, people and places to choose from, and saying why not."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.record.errors import Refused
from goldthread.web.kit import forms, words

Done = TypeVar("Done")
#: People offered in a list at once; a response is led by those who are near.
MOST = 400


class Time(forms.Text):
    """A time of day as people write it: 14:00, 14.00, 1400 or 9."""

    def __init__(self, label: str, *, needed: str = "", hint: str = "For example, 14:00", **options: Any) -> None:
        super().__init__(label, limit=8, needed=needed, hint=hint, **options)

    def clean(self, value: Any) -> Any:
        """Hours and minutes, or what was expected."""
        text = super().clean(value).replace(".", ":").replace(" ", "")
        if not text:
            return None
        hours, _, minutes = (
            text.partition(":") if ":" in text else (text[:-2], "", text[-2:]) if len(text) > 2 else (text, "", "0")
        )
        if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
            raise ValidationError(f"{str(self.label).rstrip('?')} must be a time of day, like 14:00")
        return int(hours), int(minutes)


def moment(day: date, time: tuple[int, int]) -> datetime:
    """That time on that day, where the installation is."""
    return datetime(day.year, day.month, day.day, *time, tzinfo=words.ZONE)


def attempt(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """Do it; where it is refused, say so at the field it names, or for the whole form. Nothing was changed then."""
    try:
        return act()
    except Refused as refusal:
        field = getattr(refusal, "field", None)
        form.refuse(str(refusal), field if field in form.fields else None)
        return None


def bound(form: forms.Form, kind: type[forms.Form]) -> forms.Form:
    """A form that can say what is wrong, even where nothing was filled in."""
    return form if form.is_bound else kind({})


def people(viewer: Viewer, unit: Unit) -> dict[str, str]:
    """People to choose from: of the unit and below, then of the units above it; name and staff group."""
    near = {*tree.subtree_keys(unit), *unit.path}
    rows = Person.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=local_date(viewer.at)), organisation_id=viewer.organisation_id
    )
    found = list(rows.filter(unit_id__in=near).order_by("name", "id")[:MOST])
    return {str(one.id): f"{one.name} ({one.staff_group})" for one in found}


def person(viewer: Viewer, value: str) -> Person | None:
    """The person that was chosen."""
    wanted = forms.read_id(value)
    return Person.objects.filter(organisation_id=viewer.organisation_id, id=wanted).first() if wanted else None


def chosen(viewer: Viewer, values: list[str]) -> list[Person]:
    """The people that were chosen, in the order of the list."""
    ids: list[UUID | None] = [forms.read_id(one) for one in values]
    rows = {
        one.id: one
        for one in Person.objects.filter(organisation_id=viewer.organisation_id, id__in=[one for one in ids if one])
    }
    return [rows[one] for one in ids if one in rows]


def offer(form: forms.Form, choices: dict[str, dict[str, str]]) -> None:
    """Fill the lists of a form."""
    for name, values in choices.items():
        form.fields[name].choices = list(values.items())  # type: ignore[attr-defined]
