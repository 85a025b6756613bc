"""Public addresses of this room."""

from django.urls import path

from aid import public_views

urlpatterns = [
    path("give/in-kind/<str:tracking_code>/", public_views.in_kind_status, name="in-kind-status"),
]
