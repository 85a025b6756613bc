"""Every address of the portal, room by room. The URL × role table in tests/architecture covers each of them.

The rooms of giving stand first: addresses are compared one after another, and most visits go there; then joining the
network, where thousands come within hours.
"""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("pay/", include("payments.urls")),
    path("", include("donations.urls")),
    path("volunteers/", include("volunteers.public_urls")),
    path("", include("dashboards.urls")),
    path("", include("campaigns.urls")),
    path("", include("partnerships.urls")),
    path("", include("aid.urls")),
    path("", include("payments.public_urls")),
    path("", include("volunteers.urls")),
    path("", include("provinces.urls")),
    path("desk/", include("campaigns.desk_urls")),
    path("desk/statements/", include("payments.statement_urls")),
    path("desk/", include("payments.desk_urls")),
    path("desk/", include("partnerships.desk_urls")),
    path("desk/", include("aid.desk_urls")),
    path("desk/cases/", include("cases.urls")),
    path("", include("cases.care_urls")),
    path("desk/aid/", include("aid.allocation_urls")),
    path("desk/volunteers/", include("volunteers.desk_urls")),
    path("api/", include("behzisti_portal.api_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "dashboards.views.errors.bad_request"
handler403 = "dashboards.views.errors.permission_denied"
handler404 = "dashboards.views.errors.page_not_found"
handler500 = "dashboards.views.errors.server_error"
