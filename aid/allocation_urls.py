"""Addresses of allocations and deliveries under /desk/aid/; the room's first page belongs to the dashboards."""

from django.urls import path, re_path

from aid.views import allocations, deliveries

urlpatterns = [
    path("allocate/", allocations.allocation_new, name="allocation-new"),
    path("allocations/", allocations.allocation_list, name="allocations"),
    re_path(r"^allocations\.(?P<form>csv|xlsx)$", allocations.allocation_file, name="allocations-file"),
    path("allocations/<int:allocation_id>/", allocations.allocation, name="allocation"),
    path("allocations/<int:allocation_id>/deliver/", deliveries.delivery_new, name="delivery-new"),
    path("deliveries/<int:delivery_id>/", deliveries.delivery, name="delivery"),
    path("deliveries/<int:delivery_id>/photo/", deliveries.delivery_photo, name="delivery-photo"),
]
