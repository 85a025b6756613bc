"""The Celery application. Messages carry ids only; the database holds every promise."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "behzisti_portal.settings.local")

app = Celery("behzisti_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
