"""What everybody may ask for, and what machines ask for."""

from __future__ import annotations

from tests.architecture.url_table.visitors import (
    PLACES_BOXES,
    Address,
    everyone,
    public,
)

EVERYBODY: list[Address] = [
    public("home"),
    public("campaigns"),
    public("campaign", lambda w: {"slug": "ziafat-mehrabani"}),
    public("campaign-branch", lambda w: {"slug": "ziafat-mehrabani", "province_slug": "tehran"}),
    public("campaign-share", lambda w: {"slug": "ziafat-mehrabani"}),
    public("campaign-report", lambda w: {"slug": "ziafat-mehrabani"}),
    public("campaign-branch-share", lambda w: {"slug": "ziafat-mehrabani", "province_slug": "tehran"}),
    public("campaign-branch-report", lambda w: {"slug": "ziafat-mehrabani", "province_slug": "tehran"}),
    public("picture", lambda w: {"key": w.picture.key}),
    public("provinces"),
    public("province", lambda w: {"slug": "tehran"}),
    public("province-channels", lambda w: {"slug": "tehran"}),
    public("channels", post=200),
    public("event", lambda w: {"slug": w.rows["campaigns.guest"].event.slug}),
    Address(  # staff of the place are led to the door
        "invitation",
        everyone(200) | {str(role): 302 for role in PLACES_BOXES},
        example=lambda w: {"code": w.rows["campaigns.guest"].code},
    ),
    public("needs"),
    public("need", lambda w: {"code": w.rows["campaigns.need"].code}),
    public("me"),
    public("me-sign-in", post=422),
    public("me-code", get=302, post=302),  # nobody here has asked for a code, nor proved a number
    public("me-sign-out", get=405, post=303),
    public("me-reminders", get=405, post=302),
    public("me-erase", get=302, post=302),
    public("me-messages"),  # of the demo
    public("me-data", lambda w: {"form": "json"}, get=302),
    public("transparency"),
    public("open-data-package"),
    public("open-data", lambda w: {"name": "receipts-by-province", "form": "json"}),
    public("transparency-data", lambda w: {"name": "province", "form": "csv"}),
    public("scan", lambda w: {"code": w.placement.code}, get=302),
    public("give", post=422),
    public("give-in-kind", post=422),
    public(
        "in-kind-status",
        lambda w: {"tracking_code": w.rows["donations.giftinkind"].tracking_code},
        post=200,
    ),
    public("donation-status", lambda w: {"tracking_code": w.donation.tracking_code}),
    public("trail", lambda w: {"tracking_code": w.donation.tracking_code}, post=303),
    public("receipt", lambda w: {"token": w.receipt.token}),
    public("receipt-pdf", lambda w: {"token": w.receipt.token}),
    public("verify"),
    public("verify-code", lambda w: {"code": w.receipt.code}),
    public("donor-claim", post=422),
    public("donor-claim-status", lambda w: {"code": w.rows["payments.donorclaim"].code}),
    public("care", post=422),
    public("care-status", lambda w: {"code": w.rows["cases.carecase"].code}, post=422),
    public("payments:start", lambda w: {"tracking_code": w.donation.tracking_code}, get=303),
    public("payments:callback", lambda w: {"gateway": "zarinpal"}, get=404, post=404),
    public("volunteers"),
    public("volunteers-join"),
    public("join-sign-in", post=422),
    public("join-code", get=302, post=302),  # nobody here has asked for a code, nor proved a number
    public("join-pause", get=405, post=303),
    public("join-step", lambda w: {"step": "identity"}, get=302, post=302),
]

MACHINES: list[Address] = [
    public("healthz"),
    public("readyz"),
    public("metrics", get=404),
    public("api-donations", get=405, post=415),  # JSON only
    public("api-donation-status", lambda w: {"tracking_code": w.donation.tracking_code}),
    public("api-campaigns"),
    public("api-campaign", lambda w: {"slug": "ziafat-mehrabani"}),
    public("api-channels"),
    public("api-needs"),
    public("api-need", lambda w: {"code": w.rows["campaigns.need"].code}),
    public("api-provinces"),
    public("api-counties", lambda w: {"province": "tehran"}),
    public("api-totals"),
    public("api-schema"),
    public("api-docs"),
    public("api-partner-docs"),
    public("api-partner-transactions", get=405, post=401),  # signed by a partner's key, not by a person
    public("api-partner-transaction", lambda w: {"partner_txn_id": "T-1"}, get=401),
]
