"""Public addresses of this room."""

from django.urls import path

from aid.views import trail

urlpatterns = [
    path("trail/<str:tracking_code>/", trail.trail, name="trail"),
]
