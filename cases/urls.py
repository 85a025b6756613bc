"""Addresses of this room, below /desk/cases/."""

from django.urls import path, re_path

from cases import views

urlpatterns = [
    path("", views.case_list, name="cases"),
    path("give/", views.give_cases, name="cases-give"),
    re_path(r"^cases\.(?P<form>csv|xlsx)$", views.cases_file, name="cases-file"),
    path("<int:case_id>/", views.case, name="case"),
]
