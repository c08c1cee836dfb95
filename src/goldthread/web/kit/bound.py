"""What the macros of pages/kit/forms.jinja ask of a field with what was typed into it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from goldthread.web.kit import words


def shown(field: forms.BoundField) -> str:
    """The field's present value as text; characters that no page may carry are left out."""
    value = field.value()
    return "" if value is None else str(value).replace("\x00", "")


def problem(field: forms.BoundField) -> dict[str, str] | None:
    """The field's first error as nhsuk-frontend wants it."""
    return {"text": field.errors[0]} if field.errors else None


def hinted(field: forms.BoundField, hint: str) -> dict[str, str] | None:
    """The hint given here, else the field's own."""
    text = hint or getattr(field.field, "hint", "")
    return {"text": text} if text else None


def choices(
    field: forms.BoundField, hints: Mapping[str, str] | None = None, conditional: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The items of radios and checkboxes."""
    value = field.value()
    chosen = (
        {str(one) for one in value} if isinstance(value, list | tuple | set) else {"" if value is None else str(value)}
    )
    lines = {**getattr(field.field, "hints", {}), **(hints or {})}
    return [
        {
            "value": key,
            "text": text,
            "checked": str(key) in chosen,
            "hint": {"text": lines[key]} if key in lines else None,
            "conditional": {"html": conditional[key]} if conditional and key in conditional else None,
        }
        for key, text in field.field.choices  # type: ignore[attr-defined]
    ]


def options(field: forms.BoundField) -> list[dict[str, Any]]:
    """The options of a select."""
    value = field.value()
    return [
        {"value": key, "text": text, "selected": str(key) == ("" if value is None else str(value))}
        for key, text in field.field.choices  # type: ignore[attr-defined]
    ]


def ticked(field: forms.BoundField) -> bool:
    """Whether a single checkbox is ticked."""
    return bool(field.value())


def day_parts(field: forms.BoundField) -> dict[str, str]:
    """Day, month and year as they stand in the boxes."""
    value = field.value()
    if isinstance(value, tuple):
        return dict(zip(("day", "month", "year"), (part.replace("\x00", "") for part in value), strict=True))
    found = value if isinstance(value, date) else words.read_day(value) if value else None
    return (
        {"day": str(found.day), "month": str(found.month), "year": str(found.year)}
        if found
        else {"day": "", "month": "", "year": ""}
    )


MACRO_HELPERS = {f.__name__: f for f in (shown, problem, hinted, choices, options, ticked, day_parts)}
