"""How dates, durations, numbers and counts read in a sentence. Pure: values in, words out."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Where the installation is; web sets it once from the settings.
ZONE = ZoneInfo("Europe/London")


def _date(when: date) -> date:
    return when.astimezone(ZONE).date() if isinstance(when, datetime) and when.tzinfo else when


def day(when: date | None) -> str:
    """12 March 2026"""
    if when is None:
        return "no date"
    when = _date(when)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def short_day(when: date | None, today: date | None = None) -> str:
    """12 Mar; with the year (12 Mar 2024) where `today` is given and the year is another."""
    if when is None:
        return "no date"
    when = _date(when)
    year = f" {when.year}" if today is not None and _date(today).year != when.year else ""
    return f"{when.day} {MONTHS[when.month - 1][:3]}{year}"


def weekday(when: date) -> str:
    """Monday 12 March"""
    when = _date(when)
    return f"{WEEKDAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]}"


def month(when: date) -> str:
    """Oct 2026"""
    when = _date(when)
    return f"{MONTHS[when.month - 1][:3]} {when.year}"


def long_month(when: date) -> str:
    """October 2026"""
    when = _date(when)
    return f"{MONTHS[when.month - 1]} {when.year}"


def week_of(when: date) -> str:
    """week of 9 March 2026: the Monday, never finer"""
    when = _date(when)
    return f"week of {day(when - timedelta(days=when.weekday()))}"


def clock_time(when: datetime) -> str:
    """16:00"""
    return when.astimezone(ZONE).strftime("%H:%M")


def moment(when: datetime) -> str:
    """12 March 2026 at 16:00"""
    return f"{day(when)} at {clock_time(when)}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 idea, 5 ideas, no ideas"""
    amount = "no" if count == 0 else f"{count:,}"
    return f"{amount} {one if count == 1 else many or one + 's'}"


def spelled(count: int) -> str:
    """Counts at the start of a sentence: one to nine in words, then figures."""
    return _SMALL[count] if 0 <= count <= 9 else f"{count:,}"


def lower_first(text: str) -> str:
    """The text as it reads inside a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or len(text) == 1 else text


def capital(text: str) -> str:
    """The sentence with its first letter raised, the rest untouched."""
    return text[:1].upper() + text[1:]


def duration(length: timedelta | int) -> str:
    """A length of time (or a number of days) as people say it: 19 days, 3 weeks, 5 months, 2 years; 40 minutes, 6 hours."""
    length = timedelta(days=length) if isinstance(length, int) else abs(length)
    if length < timedelta(hours=1):
        return (
            plural(max(int(length.total_seconds() // 60), 0), "minute")
            if length >= timedelta(minutes=1)
            else "less than a minute"
        )
    if length < timedelta(days=1):
        return plural(int(length.total_seconds() // 3600), "hour")
    days = length.days
    if days < 21 and days % 7:
        return plural(days, "day")
    if days < 84:
        return plural(round(days / 7), "week")
    if days < 730:
        return plural(round(days / 30.44), "month")
    return plural(int(days / 365.25), "year")


def ago(when: date, now: date) -> str:
    """today, yesterday, 3 weeks ago"""
    days = (_date(now) - _date(when)).days
    if days < 0:
        return until(when, now)
    return "today" if days == 0 else "yesterday" if days == 1 else f"{duration(days)} ago"


def until(when: date, now: date) -> str:
    """today, tomorrow, in 4 days; 4 days late when it has passed"""
    days = (_date(when) - _date(now)).days
    if days < 0:
        return f"{duration(-days)} late"
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {duration(days)}"


def number(value: float | None, places: int | None = None) -> str:
    """1,234 or 4.1; at most three significant decimals unless `places` says; "–" for none."""
    if value is None or value != value:
        return "–"
    if places is None:
        size = abs(value)
        places = 0 if float(value).is_integer() or size >= 1000 else 1 if size >= 10 else 2 if size >= 0.1 else 3
        text = f"{value:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{places}f}"
    text = "0" if float(text.replace(",", "")) == 0 and places == 0 else text
    return text.replace("-", "−")


def percent(numerator: float, denominator: float, places: int = 0) -> str:
    """38% (19 of 50): never a percentage without what it is of. "none counted" where the denominator is nought."""
    if not denominator:
        return "none counted"
    return f"{100 * numerator / denominator:.{places}f}% ({number(numerator)} of {number(denominator)})"


def size(count: int) -> str:
    """4 MB, 120 kB"""
    return f"{count / 1_000_000:.0f} MB" if count >= 1_000_000 else f"{max(count // 1000, 1)} kB"


def listed(items: list[str] | tuple[str, ...], last: str = "and") -> str:
    """a, b and c"""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def read_day(value: Any) -> date | None:
    """A day as people type it: (day, month, year), 2026-03-27, 27/3/2026, 27 March 2026. None if it is no real date."""
    if isinstance(value, str):
        text = value.strip()[:40]
        parts = text.replace("/", " ").replace(".", " ").replace("-", " ").split()
        if len(parts) == 3 and len(parts[0]) == 4:
            parts.reverse()
    else:
        parts = [str(part).strip() for part in value]
    if len(parts) != 3:
        return None
    day_text, month_text, year_text = parts
    named = [
        at for at, name in enumerate(MONTHS, 1) if len(month_text) >= 3 and name.lower().startswith(month_text.lower())
    ]
    try:
        found = date(int(year_text), named[0] if named else int(month_text), int(day_text))
    except (ValueError, OverflowError):
        return None
    return found if 1900 <= found.year <= 2200 else None


FILTERS = {
    "day": day, "short_day": short_day, "weekday": weekday, "month": month, "long_month": long_month, "week_of": week_of,
    "clock_time": clock_time, "moment": moment, "duration": duration, "number": number, "spelled": spelled,
    "capital": capital, "ago": ago, "until": until, "listed": listed,
}  # fmt: skip
