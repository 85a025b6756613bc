"""Addresses of this room under /me/ and /hq/."""

from django.urls import path, re_path

from volunteers import guardian_views, me_views, network_views, surge_views

urlpatterns = [
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
    path("me/volunteering/", me_views.room, name="me-volunteering"),
    path("me/volunteering/profile/", me_views.profile, name="me-profile"),
    path("me/volunteering/guardian/", guardian_views.own_guardian, name="me-guardian"),
    path("me/wards/", guardian_views.wards, name="me-wards"),
    path("me/volunteering/activity/", me_views.activity, name="me-activity"),
    path("me/volunteering/consent/", me_views.consent, name="me-consent"),
    path("me/shifts/<int:shift_id>/", me_views.shift, name="me-shift"),
    path("me/shifts/<int:shift_id>/lead/", me_views.lead, name="me-lead"),
    path("me/attend/<str:code>/", me_views.attend, name="me-attend"),
    path("me/groups/<int:group_id>/", me_views.group, name="me-group"),
    path("me/certificates/<int:opportunity_id>/new/", me_views.certificate_new, name="me-certificate-new"),
    path("me/certificates/<str:code>.pdf", me_views.certificate, name="me-certificate"),
]
