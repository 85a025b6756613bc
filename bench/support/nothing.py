"""A Django that does nothing: one address, no middleware, no database. The server's own ceiling."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="no secret", MIDDLEWARE=[])

urlpatterns = [path("", lambda request: HttpResponse(b"ok", content_type="text/plain"))]
application = get_wsgi_application()
