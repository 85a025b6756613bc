"""What the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "behzisti_portal.settings.local")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  loads every room
# What was loaded stays: looking through all of it for garbage would stop every thread of the process for a while.
gc.collect()
gc.freeze()
# A request leaves few circles behind: looked for after 700 new objects, as usual, they cost 2 % of its time.
gc.set_threshold(20_000, 20, 20)
