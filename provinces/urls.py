"""Addresses of this room: the door for staff."""

from django.urls import path

from provinces import views

urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("staff/", views.staff_home, name="staff-home"),
    path("staff/password/", views.change_password, name="staff-password"),
    path("staff/reminders/", views.own_reminders, name="staff-reminders"),
]
