"""Tests: real PostgreSQL and Valkey, quick password hashes."""

from behzisti_portal.settings.base import *  # noqa: F403
from behzisti_portal.settings.base import env

SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
FIELD_ENCRYPTION_KEYS = "k1:dGVzdHMtb25seS1ub3QtYS1zZWNyZXQtMzItYnl0ZXM="
FIELD_HASH_KEY = "dGVzdHMtb25seS1ub3QtYS1zZWNyZXQtMzItYnl0ZXM="
DEMO = env.bool("PORTAL_DEMO", default=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
SMS_BACKEND = "core.sms.console.ConsoleBackend"
