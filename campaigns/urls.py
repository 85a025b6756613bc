"""Addresses of this room: where a printed QR leads."""

from django.urls import path

from campaigns import views

urlpatterns = [path("q/<str:code>/", views.scan, name="scan")]
