"""Addresses of donors' matters: the donor's pages, the desk and headquarters' task force."""

from django.urls import path

from cases import care_desk_views, care_views

urlpatterns = [
    path("care/", care_views.write, name="care"),
    path("care/<str:code>/", care_views.status, name="care-status"),
    path("desk/care/", care_desk_views.care_list, name="care-desk"),
    path("desk/care/new/", care_desk_views.care_new, name="care-desk-new"),
    path("desk/care/<int:case_id>/", care_desk_views.care_one, name="care-desk-one"),
    path("hq/care/", care_desk_views.task_force, name="hq-care"),
]
