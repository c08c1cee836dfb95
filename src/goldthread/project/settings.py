"""Settings: wiring only. What differs between installations comes from the environment or the installation's folder."""

import os
from pathlib import Path

from goldthread.journal import database

PACKAGE = Path(__file__).resolve().parent.parent

#: Which words and levels this installation uses; fixed when it is made (organisation/profiles.py).
GOLDTHREAD_PROFILE = os.environ.get("GOLDTHREAD_PROFILE", "nhs-ics")
#: Groups smaller than this are never shown.
GOLDTHREAD_FLOOR = int(os.environ.get("GOLDTHREAD_FLOOR", "11"))
#: The sign-in chooser is only for demonstrations.
GOLDTHREAD_DEMO = os.environ.get("GOLDTHREAD_DEMO", "") == "1"
#: Where links in messages lead.
GOLDTHREAD_ADDRESS = os.environ.get("GOLDTHREAD_ADDRESS", "http://127.0.0.1:8000")

SECRET_KEY = os.environ.get("GOLDTHREAD_SECRET_KEY") or database.secret("django")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("GOLDTHREAD_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "goldthread.journal",
    "goldthread.organisation",
    "goldthread.record",
    "goldthread.practices.voice",
    "goldthread.practices.governance",
    "goldthread.practices.crisis",
    "goldthread.web",
    "goldthread.project",
]
AUTH_USER_MODEL = "organisation.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "goldthread.web.kit.middleware.CalmErrors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "goldthread.web.kit.middleware.ActingFor",
]
ROOT_URLCONF = "goldthread.project.urls"
ASGI_APPLICATION = "goldthread.project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "pages"],
        "OPTIONS": {"environment": "goldthread.web.kit.templates.environment"},
    },
]

DATABASES = {
    "default": database.django_database(database.APP, pooled=os.environ.get("GOLDTHREAD_POOL") == "1"),
    "jobs": database.django_database(database.JOBS),
    "owner": database.django_database(database.OWNER),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("GOLDTHREAD_TIME_ZONE", "Europe/London")
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATIC_ROOT = database.home() / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 3600

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "goldthread.web.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_https = GOLDTHREAD_ADDRESS.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
CSRF_TRUSTED_ORIGINS = [GOLDTHREAD_ADDRESS] if _https else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("GOLDTHREAD_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("GOLDTHREAD_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("GOLDTHREAD_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GOLDTHREAD_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("GOLDTHREAD_SMTP_TLS", "") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("GOLDTHREAD_FROM", "goldthread@localhost")
if not EMAIL_HOST:
    # Without a mail server the outbox writes its messages where the operator can read them.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = database.home() / "outbox"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GOLDTHREAD_LOG", "WARNING")},
}
