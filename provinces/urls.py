"""Addresses of this room: the door for staff."""

from django.urls import path

from provinces import own_views, people_views, views

urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("staff/", views.staff_home, name="staff-home"),
    path("staff/password/", views.change_password, name="staff-password"),
    path("staff/sessions/", own_views.own_sessions, name="staff-sessions"),
    path("staff/recovery/", own_views.recovery_codes, name="staff-recovery"),
    path("staff/invitation/<str:token>/", own_views.invitation, name="staff-invitation"),
    path("staff/second-factor/<str:token>/", own_views.new_factor, name="staff-factor"),
    path("desk/people/", people_views.people, name="people"),
    path("desk/people/invite/", people_views.invite_person, name="people-invite"),
    path("desk/people/<int:membership_id>/", people_views.person, name="person"),
    path(
        "desk/people/invitations/<int:invitation_id>/withdraw/",
        people_views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path(
        "desk/people/hand-overs/<int:hand_over_id>/seen/", people_views.hand_over_seen, name="hand-over-seen"
    ),
    path("hq/people/", people_views.all_people, name="hq-people"),
    path("hq/people/resets/<int:reset_id>/", people_views.reset_decide, name="reset-decide"),
    path("staff/find/", views.find, name="staff-find"),
    path("staff/reminders/", views.own_reminders, name="staff-reminders"),
]
