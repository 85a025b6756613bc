"""API addresses of this room, below /api/v1/."""

from django.urls import path

from dashboards import api

urlpatterns = [path("totals/", api.TotalsView.as_view(), name="api-totals")]
