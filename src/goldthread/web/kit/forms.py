"""Forms that are declared, read and shown again: Django's own, with our words. No model forms.

class Say(forms.Form):
    words = forms.LongText("What could be better?", limit=4000, needed="Write what could be better, or what worries you")
    who = forms.Choice("Who should see this?", {"team": "My team", "safety": "The safety team"}, needed="Choose who should see this")

form = Say.read(request)               # empty on GET, filled on POST
if form.ready:                         # posted, and everything in it is good
    say(by=request.viewer, words=form.cleaned_data["words"])
    return redirect("ideas")
return answer(request, "voice/say.jinja", {}, form=form)   # 200 at first, 422 with an error summary afterwards
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from goldthread.web.kit import words
from goldthread.web.kit.templates import render

Choices = Mapping[str, str] | Callable[[], Mapping[str, str]]


class Form(forms.Form):
    """A form that can say what is wrong with it in one list."""

    template_name: ClassVar[str] = ""

    @classmethod
    def read(cls, request: HttpRequest, **options: Any) -> Self:
        """The form as posted; empty (or with `initial`) when nothing was posted."""
        if request.method == "POST":
            return cls(request.POST, request.FILES, **options)
        return cls(**options)

    @property
    def ready(self) -> bool:
        """Whether something was posted and all of it can be used: read `cleaned_data`."""
        return self.is_bound and self.is_valid()

    def refuse(self, message: str, field: str | None = None) -> None:
        """Say afterwards that something is wrong (an action refused it), at a field or for the whole form."""
        self.add_error(field, message)

    @property
    def summary(self) -> list[dict[str, str]]:
        """For the error summary: each problem with the address of the field to put right, in the order of the page."""
        if not self.is_bound:
            return []
        order = [name for name in self.fields if name in self.errors]
        first = next(iter(self.fields), "")
        rows = [{"text": text, "href": f"#{_focus(self[name])}"} for name in order for text in self.errors[name]]
        return [{"text": text, "href": f"#{_focus(self[first])}"} for text in self.non_field_errors()] + rows


def _focus(field: forms.BoundField) -> str:
    return f"{field.auto_id}-day" if isinstance(field.field, Day) else field.auto_id


def answer(
    request: HttpRequest, page: str, values: dict[str, Any], *, form: Form, status: int | None = None
) -> HttpResponse:
    """The page with its form: 200 as asked for, 422 when what was posted cannot be used (nothing is stored)."""
    wrong = form.is_bound and bool(form.errors)
    return render(request, page, {**values, "form": form}, status=status or (422 if wrong else 200))


class Text(forms.CharField):
    """One line of text. Refuses what cannot be stored, and text over `limit` characters, saying how much was written."""

    def __init__(self, label: str, *, limit: int = 200, needed: str = "", hint: str = "", **options: Any) -> None:
        self.limit = limit
        self.hint = hint
        options.setdefault("required", bool(needed))
        super().__init__(label=label, error_messages={"required": needed or f"Enter {lower_first(label)}"}, **options)
        self.validators: list[Any] = []  # Django's own refusal of NUL has other words

    def to_python(self, value: Any) -> str:
        """Text with the ends stripped and one kind of line end."""
        found = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return found.strip() if self.strip else found

    def validate(self, value: str) -> None:
        """Missing, unreadable, too long: one clear message each."""
        super().validate(value)
        if "\x00" in value:
            raise ValidationError(
                f"{self._called()} has a character in it that cannot be stored. Type it again or paste it as plain text."
            )
        if len(value) > self.limit:
            raise ValidationError(
                f"{self._called()} must be {self.limit:,} characters or fewer. You have written {len(value):,}."
            )

    def _called(self) -> str:
        label = str(self.label or "This").rstrip("?:. ")
        return f"Your answer to “{self.label}”" if str(self.label).endswith("?") else label


class LongText(Text):
    """Several lines of text."""

    def __init__(self, label: str, *, limit: int = 4000, needed: str = "", hint: str = "", **options: Any) -> None:
        super().__init__(label, limit=limit, needed=needed, hint=hint, **options)


class Email(Text):
    """An e-mail address, as loosely checked as it can be: the mail decides."""

    def __init__(
        self,
        label: str = "E-mail address",
        *,
        needed: str = "Enter your e-mail address",
        hint: str = "",
        **options: Any,
    ) -> None:
        super().__init__(label, limit=254, needed=needed, hint=hint, **options)

    def validate(self, value: str) -> None:
        """Looks like an address."""
        super().validate(value)
        name, at, host = value.rpartition("@")
        if value and not (name and at and host and " " not in value):
            raise ValidationError("Enter an e-mail address in the correct format, like name@example.org")


class Password(Text):
    """A password: never shown again, never trimmed."""

    def __init__(
        self, label: str = "Password", *, needed: str = "Enter your password", hint: str = "", **options: Any
    ) -> None:
        super().__init__(label, limit=1000, needed=needed, hint=hint, strip=False, **options)


class Number(Text):
    """A number as people write it ("1,234.5"); whole numbers only unless `decimals`. Gives int or float, None when empty."""

    def __init__(self, label: str, *, low: float | None = None, high: float | None = None, decimals: bool = False,
                 needed: str = "", hint: str = "", **options: Any) -> None:  # fmt: skip
        self.low, self.high, self.decimals = low, high, decimals
        super().__init__(label, limit=40, needed=needed, hint=hint, **options)

    def clean(self, value: Any) -> Any:
        """The number, or what was expected."""
        text = super().clean(value).replace(",", "").replace("−", "-")
        if not text:
            return None
        try:
            found: float = float(text) if self.decimals else int(text)
        except ValueError:
            raise ValidationError(
                f"{self._called()} must be a {'number' if self.decimals else 'whole number'}, like 12"
            ) from None
        if found != found or found in (float("inf"), float("-inf")) or abs(found) > 1e15:
            raise ValidationError(f"{self._called()} must be a number, like 12")
        if self.low is not None and found < self.low:
            raise ValidationError(f"{self._called()} must be {words.number(self.low)} or more")
        if self.high is not None and found > self.high:
            raise ValidationError(f"{self._called()} must be {words.number(self.high)} or less")
        return found


class Choice(forms.ChoiceField):
    """One of several: radios or a select. `choices` maps value to words; `hints` adds a line to some of them."""

    def __init__(self, label: str, choices: Choices, *, needed: str = "", hint: str = "",
                 hints: Mapping[str, str] | None = None, **options: Any) -> None:  # fmt: skip
        self.hint, self.hints = hint, dict(hints or {})
        wrong = needed or f"Choose an answer to “{label}”"
        options.setdefault("required", bool(needed))
        pairs = (lambda: list(choices().items())) if callable(choices) else list(choices.items())
        super().__init__(
            label=label, choices=pairs, error_messages={"required": wrong, "invalid_choice": wrong}, **options
        )


class Several(forms.MultipleChoiceField):
    """Any number of several: checkboxes."""

    def __init__(self, label: str, choices: Choices, *, needed: str = "", hint: str = "",
                 hints: Mapping[str, str] | None = None, **options: Any) -> None:  # fmt: skip
        self.hint, self.hints = hint, dict(hints or {})
        wrong = needed or f"Choose from the list for “{label}”"
        options.setdefault("required", bool(needed))
        pairs = (lambda: list(choices().items())) if callable(choices) else list(choices.items())
        super().__init__(
            label=label, choices=pairs,
            error_messages={"required": wrong, "invalid_choice": wrong, "invalid_list": wrong}, **options,
        )  # fmt: skip


class Tick(forms.BooleanField):
    """One checkbox; `needed` when it must be ticked."""

    def __init__(self, label: str, *, needed: str = "", hint: str = "", **options: Any) -> None:
        self.hint = hint
        options.setdefault("required", bool(needed))
        super().__init__(label=label, error_messages={"required": needed}, **options)


class _DayWidget(forms.Widget):
    """Three boxes (name-day, name-month, name-year), or one box called `name` with 2026-03-27 or 27/3/2026."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if data.get(name):
            return data.get(name)
        parts = tuple(str(data.get(f"{name}-{part}", "")).strip() for part in ("day", "month", "year"))
        return parts if any(parts) else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-day" not in data


class Day(forms.Field):
    """A calendar day; `earliest` and `latest` are inclusive. Gives a date, None when empty."""

    widget = _DayWidget

    def __init__(self, label: str, *, needed: str = "", hint: str = "", earliest: date | None = None,
                 latest: date | None = None, **options: Any) -> None:  # fmt: skip
        self.hint, self.earliest, self.latest = hint, earliest, latest
        options.setdefault("required", bool(needed))
        super().__init__(label=label, error_messages={"required": needed or f"Enter {lower_first(label)}"}, **options)

    def to_python(self, value: Any) -> date | None:
        """The day, or what was expected."""
        if value in (None, ""):
            return None
        if isinstance(value, date):
            return value
        found = words.read_day(value)
        if found is None:
            raise ValidationError(f"{str(self.label).rstrip('?')} must be a real date, like 27 3 2026")
        return found

    def validate(self, value: date | None) -> None:
        """Within its bounds."""
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise ValidationError(f"{str(self.label).rstrip('?')} must be {words.day(self.earliest)} or later")
        if value and self.latest and value > self.latest:
            raise ValidationError(f"{str(self.label).rstrip('?')} must be {words.day(self.latest)} or earlier")


class Upload(forms.FileField):
    """A file of at most `limit` bytes."""

    def __init__(self, label: str, *, needed: str = "", hint: str = "", limit: int = 4_000_000, **options: Any) -> None:
        self.hint, self.limit = hint, limit
        options.setdefault("required", bool(needed))
        wrong = needed or "Choose a file"
        super().__init__(label=label, error_messages={"required": wrong, "missing": wrong, "invalid": wrong,
                                                      "empty": "The file is empty"}, **options)  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, unless it is too large."""
        found = super().clean(data, initial)
        if found and found.size > self.limit:
            raise ValidationError(
                f"The file must be smaller than {words.size(self.limit)}. This one is {words.size(found.size)}."
            )
        return found


def asked(request: HttpRequest, name: str, *, limit: int = 200) -> str:
    """One value from the address (?q=…) as plain text: no unprintable characters, one line, at most `limit` characters."""
    kept = "".join(character if character.isprintable() else " " for character in request.GET.get(name, ""))
    return " ".join(kept.split())[:limit]


def read_id(text: str) -> UUID | None:
    """An id from an address or a form; None if it is none."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None


def lower_first(text: str) -> str:
    """The label as it reads inside a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or len(text) == 1 else text
