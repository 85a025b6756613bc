"""The desk's addresses of partners, memoranda, promises and neighbourhoods."""

from django.urls import path, re_path

from partnerships.views import agreements, neighbourhoods, partners, promises

urlpatterns = [
    path("partners/", partners.partner_list, name="partners"),
    path("partners/new/", partners.partner_new, name="partner-new"),
    re_path(r"^partners/partners\.(?P<form>csv|xlsx)$", partners.partner_file, name="partners-file"),
    path("partners/<int:partner_id>/", partners.partner, name="partner"),
    path("partners/<int:partner_id>/edit/", partners.partner_edit, name="partner-edit"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/new/", agreements.agreement_new, name="agreement-new"),
    path("agreements/<int:agreement_id>/", agreements.agreement, name="agreement"),
    path("agreements/<int:agreement_id>/edit/", agreements.agreement_edit, name="agreement-edit"),
    path(
        "agreements/<int:agreement_id>/files/<int:file_id>/", agreements.agreement_file, name="agreement-file"
    ),
    path("promises/", promises.promise_list, name="promises"),
    path("promises/new/", promises.promise_new, name="promise-new"),
    re_path(r"^promises/promises\.(?P<form>csv|xlsx)$", promises.promise_file, name="promises-file"),
    path("promises/<int:promise_id>/", promises.promise, name="promise"),
    path("promises/<int:promise_id>/edit/", promises.promise_edit, name="promise-edit"),
    path("promises/deliveries/<int:delivery_id>/file/", promises.delivery_file, name="promise-delivery-file"),
    path("neighbourhoods/", neighbourhoods.asset_list, name="neighbourhoods"),
    path("neighbourhoods/new/", neighbourhoods.asset_new, name="asset-new"),
    path("neighbourhoods/<int:asset_id>/", neighbourhoods.asset, name="asset"),
]
