"""API addresses of this room, below /api/v1/."""

from django.urls import path

from provinces import api

urlpatterns = [
    path("provinces/", api.ProvinceList.as_view(), name="api-provinces"),
    path("provinces/<slug:province>/counties/", api.CountyList.as_view(), name="api-counties"),
]
