"""Addresses of this room at the desk."""

from django.urls import path

from volunteers import desk_views

urlpatterns = [
    path("", desk_views.volunteer_list, name="volunteers-desk"),
    path("<int:volunteer_id>/", desk_views.volunteer, name="volunteer-desk"),
    path("documents/<int:document_id>/", desk_views.document, name="volunteer-document"),
    path("shown-numbers/", desk_views.shown, name="shown-numbers"),
]
