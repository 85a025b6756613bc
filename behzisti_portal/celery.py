"""The Celery application. Messages carry ids only; the database holds every promise."""

import gc
import os

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "behzisti_portal.settings.local")

app = Celery("behzisti_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _keep_what_is_loaded(**_) -> None:
    """It stays: looking through all of it for garbage would only stop the process for a while."""
    gc.freeze()
