"""Addresses of this room."""

from django.urls import path

from volunteers import views

urlpatterns = [
    path("volunteers/", views.index, name="volunteers"),
    path("volunteers/join/", views.join_network, name="volunteers-join"),
]
