"""Addresses of this room."""

from django.urls import path, re_path

from volunteers import guardian_views, me_views, network_views, public_views, surge_views, views

urlpatterns = [
    path("volunteers/", views.index, name="volunteers"),
    path("volunteers/join/", views.join_network, name="volunteers-join"),
    path("volunteers/join/sign-in/", views.sign_in, name="join-sign-in"),
    path("volunteers/join/code/", views.enter_code, name="join-code"),
    path("volunteers/join/pause/", views.pause, name="join-pause"),
    path("volunteers/join/merge/", views.take_over_number, name="join-merge"),
    path("volunteers/join/quick/", surge_views.quick, name="join-quick"),
    path("volunteers/join/quick/sign-in/", views.quick_sign_in, name="join-quick-sign-in"),
    path("volunteers/join/quick/code/", views.quick_code, name="join-quick-code"),
    path("volunteers/calls/", surge_views.surge_list, name="surges"),
    path("volunteers/calls/<int:surge_id>/", surge_views.surge, name="surge"),
    path("hq/volunteers/", network_views.network, name="hq-volunteers"),
    re_path(
        r"^hq/volunteers/figures\.(?P<form>csv|xlsx)$", network_views.figures_file, name="hq-volunteers-file"
    ),
    path("hq/volunteers/calls/", surge_views.hq_surges, name="hq-surges"),
    path("hq/volunteers/calls/<int:surge_id>/", surge_views.hq_surge, name="hq-surge"),
    path(
        "hq/volunteers/calls/<int:surge_id>/figures.json",
        surge_views.hq_surge_figures,
        name="hq-surge-figures",
    ),
    path("volunteers/opportunities/<int:opportunity_id>/", public_views.opportunity, name="opportunity"),
    path("volunteers/certificates/<str:code>/", public_views.certificate_check, name="certificate-check"),
    path("me/volunteering/", me_views.room, name="me-volunteering"),
    path("me/volunteering/profile/", me_views.profile, name="me-profile"),
    path("me/volunteering/guardian/", guardian_views.own_guardian, name="me-guardian"),
    path("me/wards/", guardian_views.wards, name="me-wards"),
    path("me/volunteering/activity/", me_views.activity, name="me-activity"),
    path("me/volunteering/consent/", me_views.consent, name="me-consent"),
    path("me/shifts/<int:shift_id>/", me_views.shift, name="me-shift"),
    path("me/shifts/<int:shift_id>/lead/", me_views.lead, name="me-lead"),
    path("volunteers/attend/<str:code>/", public_views.attend, name="attend"),
    path("me/attend/<str:code>/", me_views.attend, name="me-attend"),
    path("me/groups/<int:group_id>/", me_views.group, name="me-group"),
    path("me/certificates/<int:opportunity_id>/new/", me_views.certificate_new, name="me-certificate-new"),
    path("me/certificates/<str:code>.pdf", me_views.certificate, name="me-certificate"),
    path("volunteers/join/step/<slug:step>/", views.join_step, name="join-step"),
]
