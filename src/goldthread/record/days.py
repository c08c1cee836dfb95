"""Calendar days: due days end at local midnight."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from goldthread.journal.clock import local_date


def end_of_day(day: date) -> datetime:
    """The moment at which a calendar day is over where the installation is."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))


def start_of_day(at: datetime) -> datetime:
    """The local midnight before `at`: all that is kept of the time of something anonymous."""
    return datetime.combine(local_date(at), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))


def due_in(at: datetime, days: int) -> datetime:
    """The end of the calendar day `days` after the day of `at`."""
    return end_of_day(local_date(at) + timedelta(days=days))
