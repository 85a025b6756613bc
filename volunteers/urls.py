"""Addresses of this room."""

from django.urls import path

from volunteers import views

urlpatterns = [
    path("volunteers/", views.index, name="volunteers"),
    path("volunteers/join/", views.join_network, name="volunteers-join"),
    path("volunteers/join/sign-in/", views.sign_in, name="join-sign-in"),
    path("volunteers/join/code/", views.enter_code, name="join-code"),
    path("volunteers/join/pause/", views.pause, name="join-pause"),
    path("volunteers/join/step/<slug:step>/", views.join_step, name="join-step"),
]
