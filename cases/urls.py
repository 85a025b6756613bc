"""Addresses of this room, below /desk/cases/."""

from django.urls import path

from cases import views

urlpatterns = [
    path("", views.case_list, name="cases"),
    path("<int:case_id>/", views.case, name="case"),
]
