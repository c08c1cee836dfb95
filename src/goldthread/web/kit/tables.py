"""Long lists in pages, and every table as a file that a spreadsheet opens safely."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")


def wants_csv(request: HttpRequest) -> bool:
    """Whether the table was asked for as a file (?format=csv)."""
    return request.GET.get("format") == "csv"


def csv_address(request: HttpRequest) -> str:
    """This very list, as a file: the same filters, all pages."""
    return _with(request, format="csv", page=None)


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A download called `name`.csv. Text that a spreadsheet would run as a formula is kept as text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    # The mark at the start makes Excel read names with accents rightly.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "table"
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.csv"'
    return response


def safe_cell(value: Any) -> Any:
    """A cell as the file holds it: dates as 2026-03-12, nothing for None, an apostrophe before what would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        clean = value.replace("\x00", "")
        runs = clean.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(clean.strip())
        return f"'{clean}" if runs else clean
    return value


@dataclass(frozen=True)
class Page:
    """Some rows of a longer list. `links` is what nhsuk-frontend's pagination wants (pages/kit/tables.jinja: pager)."""

    rows: Sequence[Any]
    number: int
    pages: int
    total: int
    size: int
    links: dict[str, Any]

    @property
    def first(self) -> int:
        """The place of the first row shown, from one."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1 if self.total else 0


def page_of(request: HttpRequest, rows: Any, *, size: int = 25) -> Page:
    """The page of `rows` (a list, or a query set with an order of its own) that ?page= names; the nearest one for nonsense."""
    total = len(rows) if isinstance(rows, list | tuple) else rows.count()
    pages = max(1, -(-total // size))
    asked = request.GET.get("page", "1")
    number = min(max(int(asked), 1), pages) if re.fullmatch(r"[0-9]{1,9}", asked) else 1
    found = list(rows[(number - 1) * size : number * size])
    return Page(found, number, pages, total, size, _links(request, number, pages))


def after_cursor(request: HttpRequest, name: str = "after") -> str:
    """For lists too long to count: the key after which to go on (rows with a greater key); empty at the start."""
    return request.GET.get(name, "").replace("\x00", "")[:80]


def cursor_links(request: HttpRequest, next_key: str | None, name: str = "after") -> dict[str, Any]:
    """Pagination for such a list: on to the next rows, and back to the start."""
    links: dict[str, Any] = {}
    if request.GET.get(name):
        links["previous"] = {"href": _with(request, **{name: None}), "label": "The start of the list"}
    if next_key:
        links["next"] = {"href": _with(request, **{name: next_key}), "label": "More"}
    return links


def _with(request: HttpRequest, **changes: str | None) -> str:
    kept = [(key, value) for key, values in request.GET.lists() if key not in changes for value in values]
    query = urlencode(kept + [(key, value) for key, value in changes.items() if value is not None])
    return f"{request.path}?{query}" if query else request.path


def _links(request: HttpRequest, number: int, pages: int) -> dict[str, Any]:
    if pages < 2:
        return {}
    shown = sorted({1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)})
    items: list[dict[str, Any]] = []
    for at, this in enumerate(shown):
        if at and this - shown[at - 1] > 1:
            items.append({"ellipsis": True})
        items.append({"number": this, "href": _with(request, page=str(this)), "current": this == number})
    links: dict[str, Any] = {"items": items}
    if number > 1:
        links["previous"] = {"href": _with(request, page=str(number - 1))}
    if number < pages:
        links["next"] = {"href": _with(request, page=str(number + 1))}
    return links
