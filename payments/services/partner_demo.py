"""The demo's own partner with a sandbox and a live key, so that reporting can be tried. Never outside the demo."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction

from campaigns.selectors import online_channel
from core.errors import DomainError
from payments import partner_phrases
from payments.enums import KeyMode
from payments.models import Partner, PartnerKey
from payments.services.partner_keys import add_partner, make_key

KEY, SOURCE_KEY, CHANNEL, JOB = "demo", "demo_partner", "app_ap", "seed_demo"
_SINCE = date(2024, 3, 20)  # 1 Farvardin 1403


@transaction.atomic
def seed_demo_partner() -> Partner:
    """The demo partner with a usable key of each kind; repeatable. DomainError("demo_only") outside the demo."""
    if not settings.DEMO:
        raise DomainError("demo_only")
    partner = Partner.objects.filter(key=KEY).first() or add_partner(
        key=KEY,
        name=partner_phrases.DEMO_PARTNER,
        source_key=SOURCE_KEY,
        channel=online_channel(CHANNEL),
        job=JOB,
        is_demo=True,
    )
    for mode in KeyMode:
        if not PartnerKey.objects.filter(partner=partner, mode=mode, revoked_at=None).exists():
            make_key(partner, mode=mode, valid_from=_SINCE, job=JOB)
    return partner
