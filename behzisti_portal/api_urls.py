"""The REST API, version 1, with its schema and its page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from payments.partner_views import partner_page

urlpatterns = [
    path("v1/", include("payments.api_urls")),
    path("v1/", include("campaigns.api_urls")),
    path("v1/", include("provinces.api_urls")),
    path("v1/", include("dashboards.api_urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/partner/", partner_page, name="api-partner-docs"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
]
