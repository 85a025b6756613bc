"""One machine: development and the demo."""

from behzisti_portal.settings.base import *  # noqa: F403
from behzisti_portal.settings.base import env

DEBUG = env.bool("PORTAL_DEBUG", default=False)
DEMO = env.bool("PORTAL_DEMO", default=False)
SECRET_KEY = env("SECRET_KEY", default="local-only-not-a-secret")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
FIELD_ENCRYPTION_KEYS = env(
    "FIELD_ENCRYPTION_KEYS", default="k1:bG9jYWwtb25seS1ub3QtYS1zZWNyZXQtMzItYnl0ZSE="
)
FIELD_HASH_KEY = env("FIELD_HASH_KEY", default="bG9jYWwtb25seS1ub3QtYS1zZWNyZXQtMzItYnl0ZSE=")

# Files are served from their sources: a start needs no collectstatic.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
