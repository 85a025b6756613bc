"""Addresses of this room at headquarters."""

from django.urls import path

from partnerships.views import partners

urlpatterns = [path("hq/partners/", partners.all_partners, name="hq-partners")]
