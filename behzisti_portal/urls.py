"""Every address of the portal, room by room."""

from django.urls import path

urlpatterns: list = []
