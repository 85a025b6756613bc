"""Addresses under /volunteers/: the network for everybody, and joining it."""

from django.urls import path

from volunteers import public_views, surge_views, views

urlpatterns = [
    path("", views.index, name="volunteers"),
    path("join/", views.join_network, name="volunteers-join"),
    path("join/sign-in/", views.sign_in, name="join-sign-in"),
    path("join/code/", views.enter_code, name="join-code"),
    path("join/pause/", views.pause, name="join-pause"),
    path("join/merge/", views.take_over_number, name="join-merge"),
    path("join/quick/", surge_views.quick, name="join-quick"),
    path("join/quick/sign-in/", views.quick_sign_in, name="join-quick-sign-in"),
    path("join/quick/code/", views.quick_code, name="join-quick-code"),
    path("calls/", surge_views.surge_list, name="surges"),
    path("calls/<int:surge_id>/", surge_views.surge, name="surge"),
    path("opportunities/<int:opportunity_id>/", public_views.opportunity, name="opportunity"),
    path("certificates/<str:code>/", public_views.certificate_check, name="certificate-check"),
    path("attend/<str:code>/", public_views.attend, name="attend"),
    path("join/step/<slug:step>/", views.join_step, name="join-step"),
]
