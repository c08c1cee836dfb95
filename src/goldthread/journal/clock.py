"""What time it is, asked of the database once per request or job and passed down as `at`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections


def now(*, using: str = "default") -> datetime:
    """The database's time, shifted only where its owner shifted it. Call it in web, cli and jobs; pass the answer down."""
    with connections[using].cursor() as cursor:
        cursor.execute("select goldthread_now()")
        found: datetime = cursor.fetchone()[0]
    return found


def local_date(at: datetime) -> date:
    """The calendar day of `at` where the installation is (Europe/London by default)."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
