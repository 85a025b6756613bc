"""Addresses of this room at the desk."""

from django.urls import path

from volunteers import desk_views, group_views, registry_views, shift_views

urlpatterns = [
    path("", desk_views.volunteer_list, name="volunteers-desk"),
    path("<int:volunteer_id>/", desk_views.volunteer, name="volunteer-desk"),
    path("documents/<int:document_id>/", desk_views.document, name="volunteer-document"),
    path("groups/", group_views.group_list, name="groups-desk"),
    path("groups/new/", group_views.group_new, name="group-new"),
    path("groups/<int:group_id>/", group_views.group, name="group-desk"),
    path("opportunities/", shift_views.opportunity_list, name="opportunities-desk"),
    path("opportunities/new/", shift_views.opportunity_new, name="opportunity-new"),
    path("opportunities/<int:opportunity_id>/", shift_views.opportunity, name="opportunity-desk"),
    path("opportunities/<int:opportunity_id>/edit/", shift_views.opportunity_edit, name="opportunity-edit"),
    path("shifts/<int:shift_id>/", shift_views.shift, name="shift-desk"),
    path("attend/<str:code>/", shift_views.check_in, name="volunteer-check-in"),
    path("registries/", registry_views.registry_list, name="registries-desk"),
    path("registries/<int:registry_id>/", registry_views.registry, name="registry-desk"),
    path(
        "registries/<int:registry_id>/progress.json",
        registry_views.registry_progress,
        name="registry-progress",
    ),
    path("registries/<int:registry_id>/report.csv", registry_views.registry_report, name="registry-report"),
    path("duplicates/", registry_views.duplicate_list, name="duplicates-desk"),
    path("duplicates/<int:duplicate_id>/", registry_views.duplicate, name="duplicate-desk"),
    path("shown-numbers/", desk_views.shown, name="shown-numbers"),
]
