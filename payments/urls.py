"""Addresses of this room, below /pay/."""

from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("<str:tracking_code>/", views.start, name="start"),
    path("<str:gateway>/callback/", views.callback, name="callback"),
]
