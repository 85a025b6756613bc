"""Settings every environment shares. Secrets come from the environment and nowhere else."""

import os
from pathlib import Path

import environ

from behzisti_portal.schedule import BEAT_SCHEDULE

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
DEMO = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
PORTAL_BASE_URL = env("PORTAL_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]

INSTALLED_APPS = [
    "unfold_farsi",  # before unfold: its templates go first
    "unfold.apps.BasicAppConfig",  # the plain one: the admin site is our own
    "unfold.contrib.filters",
    "provinces.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_jalali",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "provinces",
    "campaigns",
    "ledger",
    "donations",
    "volunteers",
    "partnerships",
    "aid",
    "payments",
    "cases",
    "dashboards",
]

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many of our own stand in front
MIDDLEWARE = [
    "core.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # above WhiteNoise: files without a compressed twin go out small too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "core.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.middleware.AuthenticationMiddleware",
    "core.middleware.OTPMiddleware",
    "provinces.middleware.StaffSessionMiddleware",
    "provinces.middleware.ScopeMiddleware",
    "core.middleware.MessageMiddleware",
    "core.middleware.KeptQueryMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ANONYMOUS_ROOMS = {"give", "pay", "q", "me", "api", "healthz"}  # no session, no sign-in, no messages
ROOMS_THAT_KNOW_STAFF = {"q"}  # a box's code leads whoever looks after boxes to its card

ROOT_URLCONF = "behzisti_portal.urls"
WSGI_APPLICATION = "behzisti_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.portal",
            ],
        },
    },
]

# --- database: PostgreSQL only; safe behind PgBouncer in transaction mode --------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://portal@127.0.0.1:5432/portal")}
KEPT_OPEN = {
    "ENGINE": "core.postgresql",
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
}
DATABASES["default"] |= KEPT_OPEN
if env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = env.db("DATABASE_REPLICA_URL") | KEPT_OPEN | {"TEST": {"MIRROR": "default"}}
# Backups: pg_dump needs a session of its own, so not through PgBouncer. Empty BACKUP_DIR: none is taken at night.
BACKUP_DATABASE_URL = env("BACKUP_DATABASE_URL", default=env("DATABASE_URL", default=""))
BACKUP_DIR = env("BACKUP_DIR", default="")
BACKUP_KEEP = env.int("BACKUP_KEEP", default=14)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "staff-home"
LOGOUT_REDIRECT_URL = "home"
OTP_TOTP_ISSUER = "Behzisti"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_WHITELIST_CALLABLE = "provinces.services.knocks.is_own_browser"
AXES_LOCKOUT_CALLABLE = "provinces.views.locked_out"
AXES_SENSITIVE_PARAMETERS = ["password", "code"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a lock ends when it was said to end
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in the audit trail
AXES_ENABLE_ADMIN = False  # provinces.admin shows the attempts
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=10)  # then one signs in again, however busy
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=60)
STAFF_MOST_SESSIONS = max(1, env.int("STAFF_MOST_SESSIONS", default=5))  # open at once
INVITATION_HOURS = env.int("INVITATION_HOURS", default=72)
SESSION_COOKIE_AGE = 60 * 60 * STAFF_SESSION_HOURS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

FIELD_ENCRYPTION_KEYS = env("FIELD_ENCRYPTION_KEYS", default="")
FIELD_HASH_KEY = env("FIELD_HASH_KEY", default="")

# --- language and time -----------------------------------------------------------------------------------
LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tehran"

# --- static files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "core.staticfiles.AppFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "media")))

# --- cache, broker ---------------------------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}
# Long jobs live under a prefix of their own, so that a short visibility timeout never hands them out twice.
BROKER_KEY_PREFIXES = {"celery": "quick:", "long": "long:"}
CELERY_LONG = env.bool("CELERY_LONG", default=False)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "long" if CELERY_LONG else "celery"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1 if CELERY_LONG else 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": BROKER_KEY_PREFIXES[CELERY_TASK_DEFAULT_QUEUE],
    "visibility_timeout": 6 * 3600 if CELERY_LONG else 120,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_TIMEZONE = "Asia/Tehran"

# --- giving ----------------------------------------------------------------------------------------------
SANDBOX_BANK_URL = env("SANDBOX_BANK_URL", default="").rstrip("/")
GATEWAY_CONNECT_TIMEOUT = env.float("GATEWAY_CONNECT_TIMEOUT", default=3.0)
GATEWAY_READ_TIMEOUT = env.float("GATEWAY_READ_TIMEOUT", default=10.0)
GATEWAY_MOST_WAITING = env.int("GATEWAY_MOST_WAITING", default=4)  # threads of a process waiting for one bank
STATEMENT_MOST_BYTES = env.int("STATEMENT_MOST_BYTES", default=512 * 1024 * 1024)  # of one file
STATEMENTS_INBOX_DIR = env(
    "STATEMENTS_INBOX_DIR", default=""
)  # <source key>/ inside; empty: no folder is watched
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    env("EMAIL_HOST_USER", default=""),
    env("EMAIL_HOST_PASSWORD", default=""),
)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")
SMS_BACKEND = env("SMS_BACKEND", default="core.sms.console.ConsoleBackend")
CHANNEL_STALE_AFTER_DAYS = env.int("CHANNEL_STALE_AFTER_DAYS", default=30)  # unless somebody checks it again
NEED_LEAST_PERSONS = env.int("NEED_LEAST_PERSONS", default=5)  # a need of fewer people is never shown
NEED_COUNTY_PERSONS = env.int("NEED_COUNTY_PERSONS", default=20)  # its county is shown from this number on
PARTNER_CLOCK_WINDOW_SECONDS = env.int("PARTNER_CLOCK_WINDOW_SECONDS", default=300)
PARTNER_OLDEST_DAYS = env.int("PARTNER_OLDEST_DAYS", default=45)  # what is older comes by a file
PARTNER_MOST_RIAL = env.int("PARTNER_MOST_RIAL", default=10_000_000_000)  # a larger line is a mistake of unit
PARTNER_REQUESTS_A_MINUTE = env.int("PARTNER_REQUESTS_A_MINUTE", default=1_200)  # of one key
PARTNER_LINES_A_MINUTE = env.int("PARTNER_LINES_A_MINUTE", default=120_000)
IN_KIND_SECOND_APPRAISAL_RIAL = env.int(
    "IN_KIND_SECOND_APPRAISAL_RIAL", default=500_000_000
)  # above it, two people
PROMISE_REMIND_BEFORE_DAYS = env.int("PROMISE_REMIND_BEFORE_DAYS", default=3)
PROMISE_ESCALATE_AFTER_DAYS = env.int(
    "PROMISE_ESCALATE_AFTER_DAYS", default=14
)  # headquarters hears of it too
STOCK_EXPIRY_WARNING_DAYS = env.int("STOCK_EXPIRY_WARNING_DAYS", default=30)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- security --------------------------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"  # banks look at the Referer of the hand-over
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb")}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

# --- API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.handle_exception",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Behzisti portal",
    "DESCRIPTION": "Giving, totals and reference data. Money is always whole rials.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "ERROR"}, "urllib3": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}

UNFOLD = {
    "SITE_TITLE": "مدیریت سامانهٔ مشارکت‌های مردمی",
    "SITE_HEADER": "سامانهٔ مشارکت‌های مردمی",
    "SITE_SUBHEADER": "سازمان بهزیستی کشور",
    "SITE_URL": "/",
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": ["provinces.admin_site.farsi_styles", "provinces.admin_site.own_styles"],
    "SCRIPTS": ["provinces.admin_site.farsi_script", "provinces.admin_site.own_script"],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "provinces.admin_site.mark"}],
    "SIDEBAR": {"navigation": "provinces.admin_site.navigation"},
    "COLORS": {
        "primary": {
            "50": "240 248 246",
            "100": "226 240 236",
            "200": "190 222 214",
            "300": "141 196 185",
            "400": "79 160 148",
            "500": "31 122 112",
            "600": "13 95 88",
            "700": "12 79 74",
            "800": "11 64 60",
            "900": "9 50 47",
            "950": "5 32 30",
        }
    },
}
