"""Public addresses of this room."""

from django.urls import path

from aid.views import in_kind, trail

urlpatterns = [
    path("give/in-kind/<str:tracking_code>/", in_kind.in_kind_status, name="in-kind-status"),
    path("trail/<str:tracking_code>/", trail.trail, name="trail"),
]
